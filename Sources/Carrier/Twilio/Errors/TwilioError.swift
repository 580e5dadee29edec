import Curl
import FoundationEssentials

/// Twilio's refusal: its code when it gave one, the HTTP status, its own words, and what follows for us.
package struct TwilioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What to do about it.
    package enum Disposition: String, Sendable, CaseIterable {
        /// The same may work later.
        case retryLater
        /// The same request will never work: what it asks for, or whom it asks for, is wrong.
        case permanent
        /// Token or key are refused.
        case fixCredential
        /// The sender, or how it is set up or registered, must be changed.
        case fixNumber
        /// The Twilio account must be changed: paid, upgraded, verified, permitted.
        case fixAccount
        /// What Twilio did is unknown.
        case inDoubt
    }

    /// https://www.twilio.com/docs/api/errors; nil when the answer did not come from Twilio's API itself.
    package let code: Int?
    /// 0 for a failure that a status callback reported.
    package let status: Int
    /// Twilio's wording, which may repeat a phone number: for the organization's own eyes, not for logs.
    package let message: String

    package init(code: Int?, status: Int, message: String) {
        self.code = code
        self.status = status
        self.message = message
    }

    /// Reads the body `{code, message, status}` or RFC 9457's `{title, detail, code}`; another body leaves no code.
    init(_ answer: HTTPResponse) {
        let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body))
        self.init(
            code: body?.code, status: answer.status,
            message: body?.message ?? body?.detail ?? body?.title ?? "HTTP status \(answer.status)")
    }

    private struct Body: Decodable {
        let code: Int?
        let message: String?
        let title: String?
        let detail: String?
    }

    package var disposition: Disposition {
        if let code, let known = TwilioErrorTable.entries[code] { return known.disposition }
        return switch status {
        case 401: .fixCredential
        case 403: .fixAccount
        case 429: .retryLater
        case 400..<500 where status != 408: .permanent
        default: .inDoubt
        }
    }

    /// Whether the account is suspended or closed; Twilio does not tell which.
    package var isOfInactiveAccount: Bool { code == 20005 }

    /// One sentence for the person who has to deal with it.
    package var remedy: String {
        if let code, let known = TwilioErrorTable.entries[code] { return known.remedy }
        return switch disposition {
        case .fixCredential: "Check the Twilio credential: Twilio refused it."
        case .fixAccount: "Check in the Twilio Console whether the account is allowed to do this."
        case .retryLater: "Wait a little, then try again."
        case .inDoubt: "Check in the Twilio Console whether it happened before trying again."
        case .permanent, .fixNumber:
            if let code {
                "Look up Twilio error \(code) at https://www.twilio.com/docs/api/errors/\(code)."
            } else {
                "Twilio refused the request with status \(status); check what was asked for."
            }
        }
    }

    /// For logs: without Twilio's wording.
    package var description: String {
        code.map { "Twilio error \($0), HTTP status \(status)" } ?? "HTTP status \(status) from Twilio"
    }
}
