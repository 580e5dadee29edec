/// What a whole message that is one of the carriers' keywords asks for. Twilio's list, in English: one word alone,
/// whatever its case.
package enum OptOutWish: Sendable {
    case stop
    case start

    package init?(_ body: String) {
        switch body.trimmingWhitespace().uppercased() {
        case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT": self = .stop
        case "START", "YES", "UNSTOP": self = .start
        default: return nil
        }
    }
}

extension String {
    fileprivate func trimmingWhitespace() -> Substring {
        let start = self[...].drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...end]
    }
}
