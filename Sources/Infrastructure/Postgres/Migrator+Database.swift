extension Migrator {
    /// Makes a database when there is none of that name.
    /// - Parameters:
    ///   - name: lower-case letters, digits and underscores, beginning with a letter; likewise `owner`, a role.
    ///   - conninfo: an administrator's, who may create databases.
    package static func createDatabase(
        _ name: String, owner: String, conninfo: String
    ) async throws(MigrationError) {
        for identifier in [name, owner] where !isPlain(identifier) {
            throw .invalid(name: identifier, reason: "lower-case letters, digits and underscores were expected")
        }
        let parameters: ConnectionParameters
        do throws(PostgresError) {
            parameters = try ConnectionParameters(
                conninfo: conninfo, defaultUser: nil, applicationName: "switchboard migrate")
        } catch {
            throw .cannotConnect(reason: error.logDetail)
        }
        try await ScriptSession.converse(parameters) { session throws(MigrationError) in
            do throws(ScriptFailure) {
                guard try session.query(findDatabase, [.text(name)]).count == 0 else { return }
                // CREATE DATABASE takes no parameters; both words are plain identifiers.
                try session.run("CREATE DATABASE " + name + " OWNER " + owner)
            } catch {
                throw .failed(name: name, reason: error.reason)
            }
        }
    }

    private static let findDatabase = Statement("SELECT FROM pg_database WHERE datname = $1")

    private static func isPlain(_ identifier: String) -> Bool {
        guard let first = identifier.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
            return false
        }
        return identifier.utf8.count <= 63
            && identifier.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
