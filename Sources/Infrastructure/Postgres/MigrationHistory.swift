import struct Foundation.Date

/// What a database has against what a binary knows. Pure.
struct MigrationHistory: Sendable {
    struct Known: Sendable {
        let migration: Migration
        let checksum: String
    }

    struct Applied: Sendable {
        let version: Int
        let name: String
        let checksum: String
        let compatibleWith: Int
        let date: Date
    }

    /// Both in the order of versions.
    let known: [Known]
    let applied: [Applied]

    var pending: [Migration] {
        let versions = Set(applied.map(\.version))
        return known.map(\.migration).filter { !versions.contains($0.version) }
    }

    var status: [MigrationStatus] {
        let knownVersions = Set(known.map(\.migration.version))
        let theirs = applied.map { applied in
            let state: MigrationStatus.State =
                !knownVersions.contains(applied.version)
                ? .unknown(at: applied.date)
                : isChanged(applied) ? .changed(at: applied.date) : .applied(at: applied.date)
            return MigrationStatus(version: applied.version, name: applied.name, state: state)
        }
        let ours = pending.map { MigrationStatus(version: $0.version, name: $0.name, state: .pending) }
        return (theirs + ours).sorted { $0.version < $1.version }
    }

    /// What must hold for running on the database, but for pending migrations.
    func checkCompatible() throws(MigrationError) {
        if let changed = applied.first(where: isChanged) { throw .changed(name: changed.name) }
        let knownVersions = Set(known.map(\.migration.version))
        for newer in applied where !knownVersions.contains(newer.version) {
            guard knownVersions.contains(newer.compatibleWith) else {
                throw .newerDatabase(name: newer.name, needs: newer.compatibleWith)
            }
        }
    }

    /// What must hold before migrations are applied.
    func checkOrder() throws(MigrationError) {
        guard let last = applied.last else { return }
        if let late = pending.first(where: { $0.version < last.version }) {
            throw .outOfOrder(name: late.name, applied: last.name)
        }
    }

    private func isChanged(_ applied: Applied) -> Bool {
        known.contains {
            $0.migration.version == applied.version
                && ($0.checksum != applied.checksum || $0.migration.name != applied.name)
        }
    }
}
