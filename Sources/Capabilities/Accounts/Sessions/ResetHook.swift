package import Curl
package import Foundation
import GraphQL

/// Delivers resets by a program of the operator's that sends mail: one POST with the JSON object
/// `{"kind": "PASSWORD_RESET", "email": …, "token": …, "expiresAt": …}`. Any status from 200 to 299 takes it.
package struct ResetHook: PasswordResetDelivery {
    private let url: String
    private let transport: HTTPTransport

    /// - Parameter url: https, or http on this machine: the body is a secret.
    package init(url: String, transport: HTTPTransport) {
        self.url = url
        self.transport = transport
    }

    package func deliver(token: String, to email: String, expiresAt: Date) async throws {
        let body: JSONValue = [
            "kind": "PASSWORD_RESET", "email": .string(email), "token": .string(token),
            "expiresAt": .string(expiresAt.formatted(.iso8601)),
        ]
        let answer = try await transport.send(
            HTTPRequest(.post, url, headers: ["Content-Type": "application/json"], body: body.bytes))
        guard (200...299).contains(answer.status) else { throw Refused(status: answer.status) }
    }

    struct Refused: Error {
        let status: Int
    }
}
