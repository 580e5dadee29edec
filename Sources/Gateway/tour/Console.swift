import Foundation
import GraphQL
import OrderedCollections
import Synchronization

/// What the person sees.
final class Console: Sendable {
    private let isQuiet: Bool
    private let steps = Mutex(0)
    private let startedAt = ContinuousClock.now

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
    }

    func step(_ title: String) {
        let number = steps.withLock { count in
            count += 1
            return count
        }
        print("\n\(number). \(title)")
        fflush(nil)
    }

    /// A thing that was expected and is so.
    func holds(_ what: String) {
        print("   ✓ \(what)")
    }

    func request(_ who: String, _ document: String, _ variables: JSONValue) {
        guard !isQuiet else { return }
        print("\n   \(who) asks:")
        show(document)
        if case .object(let members) = variables, !members.isEmpty { show("variables " + variables.pretty) }
    }

    func answer(_ value: JSONValue) {
        guard !isQuiet else { return }
        print("   answer:")
        show(value.pretty)
    }

    func event(_ value: JSONValue) {
        guard !isQuiet else { return }
        show("live: " + value.compact)
    }

    func failed(_ why: String) {
        print("\n   ✗ \(why)\n\nThe tour stops here: this is not so.")
    }

    func finished() {
        let took = (ContinuousClock.now - startedAt) / .milliseconds(1)
        print("\nAll \(steps.withLock { $0 }) steps hold, in \(String(format: "%.1f", took / 1_000)) s.")
    }

    private func show(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { print("     \(line)") }
    }
}

extension JSONValue {
    var compact: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Two spaces for each level.
    var pretty: String { pretty(depth: 0) }

    private func pretty(depth: Int) -> String {
        let inner = String(repeating: "  ", count: depth + 1)
        let outer = String(repeating: "  ", count: depth)
        switch self {
        case .object(let members) where !members.isEmpty:
            let lines = members.map {
                "\(inner)\(JSONValue.string($0.key).compact): \($0.value.pretty(depth: depth + 1))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        case .array(let items) where !items.isEmpty:
            let lines = items.map { inner + $0.pretty(depth: depth + 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        default:
            return compact
        }
    }
}
