/// Why a database cannot be migrated or used, in one sentence that says what to do.
package enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    case cannotConnect(reason: String)
    case serverTooOld(version: String)
    case notSwitchboard(database: String)
    case pending(names: [String])
    case changed(name: String)
    case newerDatabase(name: String, needs: Int)
    case outOfOrder(name: String, applied: String)
    case invalid(name: String, reason: String)
    case failed(name: String, reason: String)
    case cancelled

    package var description: String {
        switch self {
        case .cannotConnect(let reason):
            "The database cannot be reached: check the connection string and that PostgreSQL runs (\(reason))."
        case .serverTooOld(let version):
            "PostgreSQL \(version) is too old: Switchboard needs PostgreSQL 15 or newer."
        case .notSwitchboard(let database):
            "The database \(database) is not a Switchboard database: name another one, or make an empty one and run "
                + "`switchboard migrate up`."
        case .pending(let names):
            "The database lacks \(names.count) migration\(names.count == 1 ? "" : "s") "
                + "(\(names.joined(separator: ", "))): run `switchboard migrate up`."
        case .changed(let name):
            "The migration \(name) was changed after it was applied: restore the file, and put the change into a new "
                + "migration."
        case .newerDatabase(let name, let needs):
            "The database is newer than this binary: \(name) needs one that knows migration \(Self.number(needs)), so "
                + "install that version of Switchboard or a newer one."
        case .outOfOrder(let name, let applied):
            "The migration \(name) comes before \(applied), which is applied already: give it the next free number."
        case .invalid(let name, let reason):
            "The migration \(name) is not valid: \(reason)."
        case .failed(let name, let reason):
            "The migration \(name) failed and left nothing of its transaction: \(reason)."
        case .cancelled:
            "The migration was cancelled: what was committed stays, run `switchboard migrate up` again."
        }
    }

    static func number(_ version: Int) -> String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
