import FoundationEssentials
import Synchronization

/// Twilio's names as ours: `num_segments` → `numSegments`. The same few hundred names come again and again, so each is
/// made once: Foundation's own conversion took a third of the time that an answer took to read.
enum CamelCase {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
        init(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
    }

    /// Names that were made already. Bounded, since a name comes from outside.
    private static let known = Mutex<[String: Key]>([:])
    private static let mostNames = 4096

    static func key(of key: any CodingKey) -> any CodingKey {
        let name = key.stringValue
        guard key.intValue == nil, name.utf8.contains(UInt8(ascii: "_")) else { return key }
        let made: Key = known.withLock { known in
            if let made = known[name] { return made }
            let made = Key(stringValue: convert(name))
            if known.count < mostNames { known[name] = made }
            return made
        }
        return made
    }

    /// As Foundation does it: underscores at either end stay, and what follows one within begins with a capital.
    private static func convert(_ name: String) -> String {
        guard let first = name.firstIndex(where: { $0 != "_" }), let last = name.lastIndex(where: { $0 != "_" }) else {
            return name
        }
        let words = name[first...last].split(separator: "_")
        guard words.count > 1 else { return name }
        let joined = words[0].lowercased() + words.dropFirst().map(\.withCapital).joined()
        return String(name[..<first]) + joined + String(name[name.index(after: last)...])
    }
}

extension Substring {
    fileprivate var withCapital: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
