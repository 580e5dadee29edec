/// What `switchboard doctor` found out about one thing.
struct Finding: Sendable {
    enum State: String, Sendable {
        case right = "ok     "
        case warning = "warning"
        case wrong = "WRONG  "
    }

    let name: String
    let state: State
    let detail: String
    /// What to do; empty where nothing is.
    let remedy: String

    static func right(_ name: String, _ detail: String) -> Finding {
        Finding(name: name, state: .right, detail: detail, remedy: "")
    }

    static func warning(_ name: String, _ detail: String, _ remedy: String) -> Finding {
        Finding(name: name, state: .warning, detail: detail, remedy: remedy)
    }

    static func wrong(_ name: String, _ detail: String, _ remedy: String) -> Finding {
        Finding(name: name, state: .wrong, detail: detail, remedy: remedy)
    }

    var lines: String { "\(state.rawValue)  \(name): \(detail)" + (remedy.isEmpty ? "" : "\n         \(remedy)") }
}
