/// What a connection has prepared, and what it takes to run the next unit of work. Pure: the connection sends the
/// steps and says here how they went.
struct PreparedStatements {
    /// What goes out for a unit, in order; each step is answered by one result.
    enum Step: Equatable {
        case deallocate(name: String)
        case prepare(Statement)
        case execute(command: Int)
    }

    private struct Entry {
        let text: String
        var lastUse: UInt64
        /// The server holds it, but a migration has made its plan invalid.
        var isStale = false
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0

    /// - Parameter capacity: how many a connection keeps; the one least recently used goes first.
    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func steps(for commands: [Command]) -> [Step] {
        uses += 1
        var steps: [Step] = []
        steps.reserveCapacity(commands.count + 2)
        // What the steps so far will have changed, by name.
        var changes: [String: Change] = [:]
        for (index, command) in commands.enumerated() {
            if command.isPrepared {
                let statement = command.statement
                // Nearly always: looked up once.
                if changes.isEmpty, let place = entries.index(forKey: statement.name),
                    entries.values[place].text == statement.text, !entries.values[place].isStale
                {
                    entries.values[place].lastUse = uses
                    steps.append(.execute(command: index))
                    continue
                }
                switch standing(of: statement, after: changes) {
                case .ready:
                    entries[statement.name]?.lastUse = uses
                case .unknown:
                    if let victim = victim(after: changes) {
                        steps.append(.deallocate(name: victim))
                        changes[victim] = .dropped
                    }
                    steps.append(.prepare(statement))
                    changes[statement.name] = .prepared(statement.text)
                case .inTheWay:
                    steps.append(.deallocate(name: statement.name))
                    steps.append(.prepare(statement))
                    changes[statement.name] = .prepared(statement.text)
                }
            }
            steps.append(.execute(command: index))
        }
        return steps
    }

    private enum Change {
        case dropped
        case prepared(String)
    }

    private enum Standing {
        case ready
        case unknown
        /// Its name is taken, by another text or by a plan that no longer holds.
        case inTheWay
    }

    private func standing(of statement: Statement, after changes: [String: Change]) -> Standing {
        switch changes[statement.name] {
        case .dropped: return .unknown
        case .prepared(let text): return text == statement.text ? .ready : .inTheWay
        case nil: break
        }
        guard let entry = entries[statement.name] else { return .unknown }
        return entry.text == statement.text && !entry.isStale ? .ready : .inTheWay
    }

    /// A name to give up when there is no room, unless this unit needs them all.
    private func victim(after changes: [String: Change]) -> String? {
        var count = entries.count
        for (name, change) in changes {
            switch change {
            case .dropped: count -= 1
            case .prepared: count += entries[name] == nil ? 1 : 0
            }
        }
        guard count >= capacity else { return nil }
        let candidates = entries.filter { changes[$0.key] == nil && $0.value.lastUse != uses }
        return candidates.min { $0.value.lastUse < $1.value.lastUse }?.key
    }

    /// The server did it.
    mutating func succeeded(_ step: Step) {
        switch step {
        case .deallocate(let name): entries[name] = nil
        case .prepare(let statement): entries[statement.name] = Entry(text: statement.text, lastUse: uses)
        case .execute: break
        }
    }

    /// 0A000 "cached plan must not change result type": it must be dropped and prepared anew.
    mutating func wentStale(_ statement: Statement) {
        entries[statement.name]?.isStale = true
    }

    /// 26000: the server does not have it, whatever we thought (somebody ran DEALLOCATE or DISCARD).
    mutating func wentMissing(_ name: String) {
        entries[name] = nil
    }
}
