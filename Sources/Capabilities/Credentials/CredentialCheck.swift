/// One point of a look at a Twilio account: what was found, and what to do about it.
package struct CredentialCheck: Sendable {
    /// Mirrors the enum `CredentialCheckName`.
    package enum Name: String, Sendable {
        case authToken = "AUTH_TOKEN"
        case apiKey = "API_KEY"
        case accountStatus = "ACCOUNT_STATUS"
        case accountType = "ACCOUNT_TYPE"
        case balance = "BALANCE"
        case numbers = "NUMBERS"
        case webhookSignatures = "WEBHOOK_SIGNATURES"
    }

    /// Mirrors the enum `CredentialCheckState`.
    package enum State: String, Sendable {
        case passed = "PASSED"
        case warning = "WARNING"
        case failed = "FAILED"
        case skipped = "SKIPPED"
    }

    package let name: Name
    package let state: State
    /// What was found.
    package let message: String
    /// What to do about it; `nil` where nothing is.
    package let remedy: String?
}
