import Crypto
import Curl
import Foundation

/// A webhook as somebody who knows a token would make it.
package struct SignedWebhook: Sendable {
    package var url: String
    package var parameters: [(String, String)]
    package var token: String
    package var contentType = "application/x-www-form-urlencoded"

    package init(_ url: String, _ parameters: [(String, String)], token: String) {
        self.url = url
        self.parameters = parameters
        self.token = token
    }

    package var signatureText: String {
        let text = url + parameters.sorted { $0.0 < $1.0 }.map { $0.0 + $0.1 }.joined()
        let code = HMAC<Insecure.SHA1>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(token.utf8)))
        return Data(code).base64EncodedString()
    }

    /// Delivers it, and answers with the status it got.
    package func post(in world: World, signature given: String? = nil) async throws -> Int {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let body = parameters.map {
            $0.0 + "=" + ($0.1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }.joined(separator: "&")
        return try await world.transport.send(
            HTTPRequest(
                .post, url,
                headers: ["Content-Type": contentType, "X-Twilio-Signature": given ?? signatureText],
                body: Array(body.utf8), reusePool: "forger")
        ).status
    }
}
