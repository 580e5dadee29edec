import QueryEngine
import Twilio
import Vault

/// Asks Twilio whether a credential holds.
struct CredentialProbe: Sendable {
    let factory: TwilioClientFactory

    struct AccountFacts: Sendable {
        /// `Trial` or `Full`.
        let type: String?
        let friendlyName: String?
    }

    enum Finding: Sendable {
        case verified(AccountFacts)
        /// Twilio said no.
        case refused(UserError)
        /// Twilio could not be asked; says why and what to do.
        case unreachable(String)

        /// Mirrors the CHECK on `credentials.status`.
        var status: String {
            switch self {
            case .verified: "VERIFIED"
            case .refused: "INVALID"
            case .unreachable: "UNVERIFIED"
            }
        }

        var accountType: String? { if case .verified(let facts) = self { facts.type } else { nil } }
        var friendlyName: String? { if case .verified(let facts) = self { facts.friendlyName } else { nil } }

        var problem: String? {
            switch self {
            case .verified: nil
            case .refused(let error): error.message
            case .unreachable(let problem): problem
            }
        }
    }

    /// The auth token is proved by fetching the account, which it alone may do; an API key beside it by listing one
    /// number, since a standard key may not read the account.
    func ask(
        _ account: AccountSid, _ authentication: TwilioAuthentication, authToken: SharedSecret
    ) async -> Finding {
        let facts: Account
        do {
            facts = try await factory.client(account: account, authentication: .authToken(authToken)).accounts
                .fetch()
        } catch {
            return Self.finding(
                error,
                refusal:
                    "Twilio does not accept this account SID and auth token. Copy both anew from the Twilio console, under "
                    + "Account Info, and mind that test credentials and tokens of other accounts do not serve.",
                field: "authToken")
        }
        if let status = facts.status, status != .active {
            return .refused(
                UserError(
                    code: "ACCOUNT_NOT_ACTIVE",
                    message:
                        "Twilio says that this account is \(status.rawValue). Reactivate it in the Twilio console, "
                        + "then register it again.",
                    field: ["accountSid"]))
        }
        if case .apiKey = authentication {
            do {
                var numbers = factory.client(account: account, authentication: authentication)
                    .incomingPhoneNumbers.list(pageSize: 1).makeAsyncIterator()
                _ = try await numbers.next(isolation: nil)
            } catch {
                return Self.finding(
                    error,
                    refusal: "Twilio does not accept this API key for the account. Make one in the Twilio console, "
                        + "under API keys & tokens, and copy its SID and secret.",
                    field: "apiKeySecret")
            }
        }
        return .verified(AccountFacts(type: facts.type?.rawValue, friendlyName: facts.friendlyName))
    }

    private static func finding(_ error: TwilioCallError, refusal: String, field: String) -> Finding {
        switch error {
        case .refused(let answer) where answer.disposition == .fixCredential || answer.status == 404:
            .refused(UserError(code: "TWILIO_REFUSED", message: refusal, field: [field]))
        case .refused(let answer) where answer.disposition == .fixAccount:
            .refused(UserError(code: "ACCOUNT_NOT_ACTIVE", message: answer.remedy, field: ["accountSid"]))
        default:
            .unreachable("Twilio could not be asked (\(error.disposition.rawValue)); ask again with verifyCredential.")
        }
    }
}
