import GraphQL
import OrderedCollections

/// What a look at a Twilio account has found, point by point, each problem with its remedy.
struct CredentialCheckUp: Sendable {
    /// Mirrors the enum `CredentialCheckName`.
    enum Name: String, Sendable {
        case authToken = "AUTH_TOKEN"
        case apiKey = "API_KEY"
        case accountStatus = "ACCOUNT_STATUS"
        case accountType = "ACCOUNT_TYPE"
        case balance = "BALANCE"
        case numbers = "NUMBERS"
        case webhookSignatures = "WEBHOOK_SIGNATURES"
    }

    /// Mirrors the enum `CredentialCheckState`.
    enum State: String, Sendable {
        case passed = "PASSED"
        case warning = "WARNING"
        case failed = "FAILED"
        case skipped = "SKIPPED"
    }

    struct Check: Sendable {
        let name: Name
        let state: State
        /// What was found.
        let message: String
        /// What to do about it.
        let remedy: String?
    }

    var finding: CredentialProbe.Finding
    private(set) var checks: [Check] = []

    init(finding: CredentialProbe.Finding) {
        self.finding = finding
    }

    mutating func add(_ name: Name, _ state: State, _ message: String, remedy: String? = nil) {
        checks.append(Check(name: name, state: state, message: message, remedy: remedy))
    }

    var json: JSONValue {
        .array(
            checks.map { check in
                .object([
                    "name": .string(check.name.rawValue), "state": .string(check.state.rawValue),
                    "message": .string(check.message), "remedy": check.remedy.map { .string($0) } ?? .null,
                ])
            })
    }
}
