import Crypto
import FoundationEssentials
package import Vault

/// Whether a request to us was signed by Twilio (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
///
/// `X-Twilio-Signature` is the Base64 of an HMAC over the URL as Twilio called it and, for a form, its sorted fields:
/// SHA-1 with the account's auth token, or SHA-256 with a shared key that
/// `X-Twilio-Webhooks-Signature-Settings: key=…,algorithm=HMAC_SHA256` names.
///
/// A limit of Twilio's scheme: names and values stand in the signed text without separators, so whoever has seen a signed
/// form can cut it up elsewhere (`To` with `+1…` becomes `To+1…` with nothing) under the same signature. What handles a
/// webhook must take a field that is missing for an error, and never for a default.
package struct WebhookSignature: Sendable {
    /// What came with the request.
    package enum Content: Sendable {
        /// A GET: all there is stands in the URL.
        case none
        /// A form, decoded.
        case form(FormBody)
        /// Anything else, as raw bytes. The URL's `bodySHA256` must vouch for them.
        case body([UInt8])
    }

    /// What the account's requests may be signed with.
    package struct Keys: Sendable {
        /// The current token first, then the previous one while a rotation lasts.
        package var authTokens: [Vault.SharedSecret]
        /// By the id that the settings header names.
        package var sharedKeys: [String: Vault.SharedSecret]

        package init(authTokens: [Vault.SharedSecret], sharedKeys: [String: Vault.SharedSecret] = [:]) {
            self.authTokens = authTokens
            self.sharedKeys = sharedKeys
        }
    }

    package enum Verdict: Sendable, Equatable {
        /// Signed with the auth token at this place of `Keys.authTokens`.
        case signedByToken(Int)
        case signedBySharedKey(String)
        case refused(Refusal)
    }

    package enum Refusal: String, Sendable {
        case noSignature
        /// Not the Base64 of a code of the right length.
        case malformedSignature
        case malformedSettings
        case unknownSharedKey
        /// A body that is no form and that `bodySHA256` does not cover, or covers with another hash.
        case bodyNotCovered
        case mismatch
    }

    /// `url` is the configured public address with path and query as they came, undecoded.
    package static func validate(
        url: String, content: Content, signature: String?, settings: String?, keys: Keys
    ) -> Verdict {
        guard let signature, !signature.isEmpty else { return .refused(.noSignature) }
        guard let code = Data(base64Encoded: signature) else { return .refused(.malformedSignature) }
        if case .body(let bytes) = content, !SignedURL(url).vouches(for: bytes) { return .refused(.bodyNotCovered) }
        let fields = signedFields(content)
        let texts = SignedURL(url).variants.map { Array($0.utf8) + fields }
        guard let settings else { return validateByTokens(code, texts, keys) }
        guard let key = sharedKeyID(in: settings) else { return .refused(.malformedSettings) }
        guard let secret = keys.sharedKeys[key] else { return .refused(.unknownSharedKey) }
        guard code.count == SHA256.byteCount else { return .refused(.malformedSignature) }
        return matches(code, texts, secret, SHA256.self) ? .signedBySharedKey(key) : .refused(.mismatch)
    }

    private static func validateByTokens(_ code: Data, _ texts: [[UInt8]], _ keys: Keys) -> Verdict {
        guard code.count == Insecure.SHA1.byteCount else { return .refused(.malformedSignature) }
        // All are tried, so that time does not tell which one matched.
        let matching = keys.authTokens.map { matches(code, texts, $0, Insecure.SHA1.self) }
        return matching.firstIndex(of: true).map { Verdict.signedByToken($0) } ?? .refused(.mismatch)
    }

    /// Constant in time over the code: swift-crypto compares so, and every variant is computed.
    private static func matches<Hash: HashFunction>(
        _ code: Data, _ texts: [[UInt8]], _ secret: Vault.SharedSecret, _ hash: Hash.Type
    ) -> Bool {
        // swift-crypto keeps its own copy of the key, which it zeroes when it lets go.
        let key = secret.withBytes { SymmetricKey(data: $0) }
        var found = false
        for text in texts {
            let one = HMAC<Hash>.isValidAuthenticationCode(code, authenticating: text, using: key)
            found = one || found
        }
        return found
    }

    /// What stands behind the URL in the signed text: each name with its value, names sorted by code point, the distinct
    /// values of a repeated name sorted too. (The order of UTF-8 bytes is that of code points; Swift's order of texts is not.)
    private static func signedFields(_ content: Content) -> [UInt8] {
        guard case .form(let form) = content else { return [] }
        var text: [UInt8] = []
        let pairs = form.fields.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
            .sorted {
                $0.name == $1.name
                    ? $0.value.lexicographicallyPrecedes($1.value) : $0.name.lexicographicallyPrecedes($1.name)
            }
        for (at, pair) in pairs.enumerated() where at == 0 || pairs[at - 1] != pair {
            text += pair.name
            text += pair.value
        }
        return text
    }

    /// `key=<id>,algorithm=HMAC_SHA256`, and nothing that this does not know: another algorithm is not guessed.
    private static func sharedKeyID(in settings: String) -> String? {
        var values: [String: String] = [:]
        for part in settings.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            let name = pair[0].filter { $0 != " " }
            guard values.updateValue(pair[1].filter { $0 != " " }, forKey: name) == nil else { return nil }
        }
        guard values.count == 2, values["algorithm"] == "HMAC_SHA256", let key = values["key"], !key.isEmpty else {
            return nil
        }
        return key
    }
}
