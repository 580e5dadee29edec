/// A contact that has opted out of one of our numbers.
struct OptOutPair: Hashable, Sendable {
    let number: String
    let contact: String
}

/// Default opt-out handling: single words, exact but for case, as long as the number takes them.
enum OptOutKeyword: Sendable {
    case stop, start, help

    private static let stopWords: Set<String> = [
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
    ]
    private static let startWords: Set<String> = ["START", "YES", "UNSTOP"]
    private static let helpWords: Set<String> = ["HELP", "INFO"]

    /// - Parameter isTollFree: toll-free numbers know STOP, START and UNSTOP only, at the carrier.
    init?(_ body: String, isTollFree: Bool) {
        let word = String(body.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()).uppercased()
        if isTollFree {
            switch word {
            case "STOP": self = .stop
            case "START", "UNSTOP": self = .start
            default: return nil
            }
        } else if OptOutKeyword.stopWords.contains(word) {
            self = .stop
        } else if OptOutKeyword.startWords.contains(word) {
            self = .start
        } else if OptOutKeyword.helpWords.contains(word) {
            self = .help
        } else {
            return nil
        }
    }

    /// What the carrier itself replies.
    var reply: String {
        switch self {
        case .stop:
            "You have successfully been unsubscribed. You will not receive any more messages from this number. "
                + "Reply START to resubscribe."
        case .start:
            "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
                + "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
        case .help: "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
        }
    }
}
