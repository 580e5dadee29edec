/// Hears a wish in a message: the carriers' keywords, the words that an organization added, and what anybody would
/// understand. A whole message is compared, never a part of one: "Stop by at noon" asks for nothing.
package struct OptOutWords: Sendable {
    package struct Heard: Sendable, Hashable {
        package let wish: OptOutWish
        package let source: OptOutSource
        /// Whether Twilio itself has answered it, as it does its own keywords.
        package let isAnsweredByCarrier: Bool
    }

    private let own: [OptOutWish: Set<String>]

    package init(stop: [String] = [], start: [String] = [], help: [String] = []) {
        own = [
            .stop: Set(stop.map(Self.folded)), .start: Set(start.map(Self.folded)), .help: Set(help.map(Self.folded)),
        ]
    }

    /// - Parameter carrierType: the webhook's `OptOutType`.
    package func heard(in body: String, carrierType: String? = nil) -> Heard? {
        if let wish = OptOutWish(carrierType: carrierType) {
            return Heard(
                wish: wish, source: OptOutWish(body) == wish ? .keyword : .carrier, isAnsweredByCarrier: true)
        }
        if let wish = OptOutWish(body) { return Heard(wish: wish, source: .keyword, isAnsweredByCarrier: true) }
        let said = Self.folded(body)
        guard !said.isEmpty else { return nil }
        // To stop comes first: where words of an organization contradict each other, it is the safe reading.
        for wish in [OptOutWish.stop, .start, .help] where own[wish]?.contains(said) ?? false {
            return Heard(wish: wish, source: .wording, isAnsweredByCarrier: false)
        }
        let plain = Self.withoutCourtesy(said)
        if Self.understood.contains(plain) {
            return Heard(wish: .stop, source: .wording, isAnsweredByCarrier: false)
        }
        return nil
    }

    /// What leaves no doubt, though it is no keyword.
    private static let understood: Set<String> = [
        "stop texting me", "stop texting", "stop messaging me", "stop sending me messages", "stop sending messages",
        "stop sending me texts", "stop all messages", "stop these messages", "stop contacting me", "do not text me",
        "dont text me", "do not text me again", "dont text me again", "do not text me anymore", "dont text me anymore",
        "do not contact me", "dont contact me", "no more texts", "no more messages", "remove me",
        "remove me from your list", "remove me from this list", "take me off your list", "take me off this list",
        "take me off the list", "unsubscribe me", "opt out", "opt me out", "i want to opt out", "i opt out",
        "leave me alone",
    ]

    private static let courtesy: Set<Substring> = ["please", "pls", "plz", "thanks"]

    /// - Parameter said: folded.
    private static func withoutCourtesy(_ said: String) -> String {
        let words = said.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) }
        guard let first = words.firstIndex(where: { !courtesy.contains($0) }),
            let last = words.lastIndex(where: { !courtesy.contains($0) })
        else { return "" }
        return last - first + 1 == words.count ? said : words[first...last].joined(separator: " ")
    }

    /// In lower case, without punctuation, with single spaces.
    static func folded(_ text: String) -> String { foldedASCII(text) ?? foldedCharacters(text) }

    /// What `foldedCharacters` makes of it, byte by byte, as nearly every message can be read; `nil` for one with anything
    /// but ASCII in it.
    package static func foldedASCII(_ text: String) -> String? {
        var words: [UInt8] = []
        words.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x80...: return nil
            case 0x09...0x0D, UInt8(ascii: " "), UInt8(ascii: "-"):
                if let last = words.last, last != UInt8(ascii: " ") { words.append(UInt8(ascii: " ")) }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): words.append(byte | 0x20)
            case UInt8(ascii: "$"), UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"),
                UInt8(ascii: "~"), UInt8(ascii: "<")...UInt8(ascii: ">"):
                // Symbols, which Unicode does not call punctuation.
                words.append(byte)
            case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: break
            default: words.append(byte)
            }
        }
        if words.last == UInt8(ascii: " ") { words.removeLast() }
        return String(decoding: words, as: UTF8.self)
    }

    /// In lower case, without punctuation, with single spaces, whatever it is written in.
    package static func foldedCharacters(_ text: String) -> String {
        var words = ""
        for character in text.lowercased() {
            if character.isWhitespace || character == "-" {
                if !words.hasSuffix(" ") { words.append(" ") }
            } else if !character.isPunctuation {
                words.append(character)
            }
        }
        return String(trimmed(words))
    }

    static func trimmed(_ text: String) -> Substring {
        let start = text[...].drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
        return start[...end]
    }
}

/// How an opt-out, or its end, became known. Mirrors the CHECKs on `opt_outs`.
package enum OptOutSource: String, Sendable, Hashable {
    case keyword = "KEYWORD"
    case wording = "WORDING"
    case carrier = "CARRIER"
    case manual = "MANUAL"
}
