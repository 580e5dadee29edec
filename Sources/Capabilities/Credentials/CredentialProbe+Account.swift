import QueryEngine
import Twilio
import Vault

extension CredentialProbe {
    /// What Twilio says of the account; `nil` where there is no auth token, since a standard API key may not ask.
    func account(_ account: AccountSid, _ secrets: CredentialSecrets) async -> Finding? {
        guard let token = secrets.authToken else { return nil }
        let client = factory.client(account: account, authentication: .authToken(token))
        let answer: Account
        do {
            answer = try await client.accounts.fetch()
        } catch {
            return Self.finding(
                error,
                refusal:
                    "Twilio does not accept this account SID and auth token. Copy both anew from the Twilio console, "
                    + "under Account Info, and mind that test credentials and tokens of other accounts do not serve.",
                field: "authToken")
        }
        let status = AccountStatus(answer.status)
        guard status == .active else { return .inactive(status, Self.notActive(status)) }
        return .verified(
            AccountFacts(
                type: answer.type?.rawValue, friendlyName: answer.friendlyName,
                verifiedRecipients: answer.type == .trial ? await Self.verifiedRecipients(client) : []))
    }

    private static func notActive(_ status: AccountStatus) -> UserError {
        UserError(
            code: "ACCOUNT_NOT_ACTIVE",
            message: status == .closed
                ? "Twilio says that this account is closed. Register another one, or have Twilio's support open it again."
                : "Twilio says that this account is suspended. Reactivate the Twilio account in the console, which says "
                    + "what is due.",
            field: ["accountSid"])
    }

    /// A trial account has a handful of them. `nil` when Twilio did not list them all.
    private static func verifiedRecipients(_ client: TwilioClient) async -> [String]? {
        var numbers: [String] = []
        do throws(TwilioCallError) {
            var list = client.outgoingCallerIds.list(pageSize: 1000).makeAsyncIterator()
            while let callerId = try await list.next(isolation: nil) {
                if let number = callerId.phoneNumber { numbers.append(number) }
            }
        } catch {
            return nil
        }
        return numbers
    }
}
