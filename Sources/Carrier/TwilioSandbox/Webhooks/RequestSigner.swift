import Crypto
import FoundationEssentials

/// `X-Twilio-Signature`: Base64 of HMAC-SHA1 under the auth token over the URL as called and, for a form, each name and
/// value in the order of names (by code point), distinct values of one name in their own order, without separators.
package enum RequestSigner {
    package static func signature(token: String, url: String, form: Parameters) -> String {
        var values: [String: Set<String>] = [:]
        for pair in form.pairs { values[pair.name, default: []].insert(pair.value) }
        var signed = Array(url.utf8)
        for name in values.keys.sorted(by: precedes) {
            for value in (values[name] ?? []).sorted(by: precedes) {
                signed += name.utf8
                signed += value.utf8
            }
        }
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: signed, using: SymmetricKey(data: Array(token.utf8)))
        return Data(code).base64EncodedString()
    }

    /// In lowercase hexadecimal digits, as `bodySHA256` has it.
    static func sha256(_ body: [UInt8]) -> String {
        SHA256.hash(data: body).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    }
}
