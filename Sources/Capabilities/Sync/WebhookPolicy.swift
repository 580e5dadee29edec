/// When a number's incoming messages are pointed here. Mirrors the enum of the API.
enum WebhookPolicy: String, Sendable {
    case never = "NEVER"
    case whenEmpty = "WHEN_EMPTY"
    case always = "ALWAYS"

    /// Whether a number whose messages go to `current` is to be pointed to `ours`. A hook of ours that is not `ours`,
    /// one under `hooks`, belongs to a credential that was revoked: nobody listens there, so it counts as empty.
    func points(_ current: String?, to ours: String, hooks: String) -> Bool {
        switch self {
        case .never: false
        case .whenEmpty: current.map { $0.isEmpty || ($0 != ours && $0.hasPrefix(hooks)) } ?? true
        case .always: current != ours
        }
    }
}
