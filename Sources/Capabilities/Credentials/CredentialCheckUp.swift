import GraphQL
import OrderedCollections

/// What a look at a Twilio account has found, point by point, each problem with its remedy.
struct CredentialCheckUp: Sendable {
    var finding: CredentialProbe.Finding
    private(set) var checks: [CredentialCheck] = []

    init(finding: CredentialProbe.Finding) {
        self.finding = finding
    }

    mutating func add(
        _ name: CredentialCheck.Name, _ state: CredentialCheck.State, _ message: String, remedy: String? = nil
    ) {
        checks.append(CredentialCheck(name: name, state: state, message: message, remedy: remedy))
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
