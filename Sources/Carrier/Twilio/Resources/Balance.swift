package import FoundationEssentials

/// What is left on an account: an amount (negative when owed) and its ISO 4217 currency.
package struct Balance: AccountResource {
    package let accountSid: AccountSid
    package let balance: Decimal
    package let currency: String
}

extension TwilioClient {
    package func balance() async throws(TwilioCallError) -> Balance { try await place("Balance").fetch() }
}
