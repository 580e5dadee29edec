import Credentials
import Crypto
import Curl
import Foundation
import Messaging

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
        try await world.transport.send(
            HTTPRequest(
                .post, url,
                headers: ["Content-Type": contentType, "X-Twilio-Signature": given ?? signatureText],
                body: body, reusePool: "forger")
        ).status
    }

    private var body: [UInt8] {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let fields = parameters.map {
            $0.0 + "=" + ($0.1.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }
        return Array(fields.joined(separator: "&").utf8)
    }

    /// As it comes out of the gate, with nothing done for it yet.
    fileprivate func admitted(in world: World) async throws -> VerifiedWebhook {
        let path = String(url.dropFirst(world.url.count))
        return try await world.desk.admit(
            TwilioWebhook(
                hook: String(path.split(separator: "/")[2]), pathAndQuery: path, contentType: contentType,
                signature: signatureText, isPost: true, body: body))
    }
}

extension World {
    /// Messages that come in at one moment, in this order: each waits to be written down before the next one comes, and nobody
    /// waits until it is. Then calls `whenWaiting`, and returns when all have been.
    package func receive(
        _ webhooks: [SignedWebhook], whenWaiting: () async throws -> Void = {}
    ) async throws {
        var verified: [VerifiedWebhook] = []
        for webhook in webhooks { verified.append(try await webhook.admitted(in: self)) }
        let messages = desk.messages
        try await withThrowingTaskGroup(of: Void.self) { group in
            for one in verified { group.addImmediateTask { try await messages.inbound(one) } }
            try await whenWaiting()
            try await group.waitForAll()
        }
    }
}
