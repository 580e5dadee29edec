/// What a whole message that is one of the carriers' keywords asks for. Twilio's list, in English: one word alone,
/// whatever its case.
package enum OptOutWish: Sendable, Hashable {
    case stop
    case start
    case help

    package init?(_ body: String) {
        switch OptOutWords.trimmed(body).uppercased() {
        case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT": self = .stop
        case "START", "YES", "UNSTOP": self = .start
        case "HELP", "INFO": self = .help
        default: return nil
        }
    }

    /// By Twilio's `OptOutType`: what its Advanced Opt-Out took a message for.
    package init?(carrierType: String?) {
        switch carrierType {
        case "STOP": self = .stop
        case "START": self = .start
        case "HELP": self = .help
        default: return nil
        }
    }
}
