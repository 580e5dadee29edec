/// When a number's incoming messages are pointed here. Mirrors the enum of the API.
enum WebhookPolicy: String, Sendable {
    case never = "NEVER"
    case whenEmpty = "WHEN_EMPTY"
    case always = "ALWAYS"

    /// Whether a number whose messages go to `current` is to be pointed to `ours`.
    func points(_ current: String?, to ours: String) -> Bool {
        switch self {
        case .never: false
        case .whenEmpty: current?.isEmpty ?? true
        case .always: current != ours
        }
    }
}
