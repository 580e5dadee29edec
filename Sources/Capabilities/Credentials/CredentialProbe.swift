import FoundationEssentials
import QueryEngine
import Twilio
import Vault

/// Asks Twilio whether a credential holds.
struct CredentialProbe: Sendable {
    let factory: TwilioClientFactory

    enum Finding: Sendable {
        case verified(AccountFacts)
        /// Twilio knows the secrets, and does nothing for the account.
        case inactive(AccountStatus, UserError)
        /// Twilio said no.
        case refused(UserError)
        /// Twilio could not be asked; says why and what to do.
        case unreachable(String)

        /// Mirrors the CHECK on `credentials.status`.
        var status: String {
            switch self {
            case .verified: "VERIFIED"
            case .refused, .inactive: "INVALID"
            case .unreachable: "UNVERIFIED"
            }
        }

        var facts: AccountFacts? { if case .verified(let facts) = self { facts } else { nil } }
        /// `nil` where nothing was said of the account.
        var accountStatus: AccountStatus? {
            switch self {
            case .verified: .active
            case .inactive(let status, _): status
            case .refused, .unreachable: nil
            }
        }

        var problem: String? {
            switch self {
            case .verified: nil
            case .refused(let error), .inactive(_, let error): error.message
            case .unreachable(let problem): problem
            }
        }
    }

    /// The auth token is proved by fetching the account, which it alone may do; an API key by listing one number, since a
    /// standard key may not read the account.
    func ask(_ account: AccountSid, _ secrets: CredentialSecrets) async -> Finding {
        let finding = await self.account(account, secrets) ?? .verified(AccountFacts())
        guard case .verified = finding else { return finding }
        if let key = secrets.apiKey, let problem = await problem(of: key, account) { return problem }
        return finding
    }

    private func problem(of key: CredentialSecrets.APIKey, _ account: AccountSid) async -> Finding? {
        do {
            var numbers = factory.client(account: account, authentication: .apiKey(key.sid, key.secret))
                .incomingPhoneNumbers.list(pageSize: 1).makeAsyncIterator()
            _ = try await numbers.next(isolation: nil)
            return nil
        } catch {
            return Self.finding(
                error,
                refusal: "Twilio does not accept this API key for the account. Make one in the Twilio console, "
                    + "under API keys & tokens, and copy its SID and secret.",
                field: "apiKeySecret")
        }
    }

    // MARK: The check-up

    /// Everything that can be said of a credential: whether it holds, the account's state, type and balance, and its
    /// numbers.
    func checkUp(_ account: AccountSid, _ secrets: CredentialSecrets) async -> CredentialCheckUp {
        var result = CredentialCheckUp(finding: .verified(AccountFacts()))
        if let finding = await self.account(account, secrets) {
            result.finding = finding
            switch finding {
            case .verified(let facts):
                result.add(.authToken, .passed, "Twilio accepts the auth token.")
                result.add(.accountStatus, .passed, "The account is active.")
                Self.addType(facts, to: &result)
            case .inactive(_, let error):
                result.add(.authToken, .passed, "Twilio accepts the auth token.")
                result.add(.accountStatus, .failed, "The account is not active.", remedy: error.message)
                return result
            case .refused, .unreachable:
                result.add(.authToken, .failed, "The auth token could not be proved.", remedy: finding.problem)
                return result
            }
        } else {
            result.add(.authToken, .skipped, "There is none; Twilio is called by the API key.")
            result.add(
                .accountStatus, .skipped,
                "A standard API key may not read the account, so its numbers were listed instead."
            )
        }
        if let key = secrets.apiKey {
            if let problem = await problem(of: key, account) {
                result.finding = problem
                result.add(.apiKey, .failed, "The API key could not be proved.", remedy: problem.problem)
                return result
            }
            result.add(.apiKey, .passed, "Twilio accepts the API key.")
        }
        guard let authentication = secrets.authentication else { return result }
        let client = factory.client(account: account, authentication: authentication)
        await addBalance(client, to: &result)
        await addNumbers(client, to: &result)
        let means = [
            secrets.authToken.map { _ in "the auth token" }, secrets.sharedKey.map { "the shared key \($0.id)" },
        ].compactMap(\.self).joined(separator: " and ")
        result.add(.webhookSignatures, .passed, "Webhooks are checked with \(means).")
        return result
    }

    private static func addType(_ facts: AccountFacts, to result: inout CredentialCheckUp) {
        switch facts.type {
        case Account.Kind.trial.rawValue:
            let count = facts.verifiedRecipients.map { ", of which it has \($0.count)" } ?? ""
            result.add(
                .accountType, .warning, "The account is a trial: it texts and calls verified numbers only\(count).",
                remedy: "Upgrade it in the Twilio console, or verify each recipient's number there.")
        case let type?: result.add(.accountType, .passed, "The account's type is \(type).")
        case nil: result.add(.accountType, .skipped, "Twilio did not say which type the account has.")
        }
    }

    private func addBalance(_ client: TwilioClient, to result: inout CredentialCheckUp) async {
        do {
            let balance = try await client.balance()
            let amount = "\(balance.balance) \(balance.currency)"
            if balance.balance > 0 {
                result.add(.balance, .passed, "The balance is \(amount).")
            } else {
                result.add(
                    .balance, .failed, "The balance is \(amount): Twilio suspends an account without funds.",
                    remedy: "Add funds in the Twilio console under Billing, or switch auto-recharge on.")
            }
        } catch {
            result.add(
                .balance, .skipped, "The balance could not be read (\(error.disposition.rawValue)).",
                remedy:
                    "A subaccount's balance is its parent's, and a restricted key may not read it: look in the Twilio "
                    + "console under Billing.")
        }
    }

    private func addNumbers(_ client: TwilioClient, to result: inout CredentialCheckUp) async {
        let (all, texting): (Int, Int)
        do {
            (all, texting) = try await count(client)
        } catch {
            result.add(
                .numbers, .skipped, "The numbers could not be listed (\(error.disposition.rawValue)).",
                remedy: "Verify again later.")
            return
        }
        if texting > 0 {
            result.add(.numbers, .passed, "\(all) numbers, \(texting) of which can text.")
        } else {
            result.add(
                .numbers, .warning, all == 0 ? "The account has no numbers." : "None of its \(all) numbers can text.",
                remedy: "Buy a number with SMS in the Twilio console, then run startSync.")
        }
    }

    private func count(_ client: TwilioClient) async throws(TwilioCallError) -> (all: Int, texting: Int) {
        var numbers = client.incomingPhoneNumbers.list(pageSize: 1000).makeAsyncIterator()
        var (all, texting) = (0, 0)
        while let number = try await numbers.next(isolation: nil) {
            all += 1
            if number.capabilities?.sms == true { texting += 1 }
        }
        return (all, texting)
    }

    static func finding(_ error: TwilioCallError, refusal: String, field: String) -> Finding {
        switch error {
        case .refused(let answer) where answer.disposition == .fixCredential || answer.status == 404:
            .refused(UserError(code: "TWILIO_REFUSED", message: refusal, field: [field]))
        case .refused(let answer) where answer.isOfInactiveAccount:
            .inactive(
                .suspended, UserError(code: "ACCOUNT_NOT_ACTIVE", message: answer.remedy, field: ["accountSid"]))
        case .refused(let answer) where answer.disposition == .fixAccount:
            .refused(UserError(code: "ACCOUNT_NOT_ACTIVE", message: answer.remedy, field: ["accountSid"]))
        default:
            .unreachable("Twilio could not be asked (\(error.disposition.rawValue)); ask again with verifyCredential.")
        }
    }
}
