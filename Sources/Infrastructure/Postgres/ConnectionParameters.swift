import CLibPQ

/// What libpq connects with: the caller's conninfo, plus what this module insists on.
struct ConnectionParameters: Sendable {
    /// libpq's keywords (PostgreSQL 15, 34.1.2).
    let values: [String: String]

    /// - Parameters:
    ///   - user: overrides the conninfo's; `nil` leaves it.
    ///   - defaultUser: where the conninfo names none.
    ///   - statementTimeout: the session's default; `nil` leaves the server's.
    ///   - own: further settings of the session, as `name=value`.
    init(
        conninfo: String, user: String? = nil, defaultUser: String? = nil, applicationName: String? = nil,
        statementTimeout: Duration? = nil, settings own: [String] = []
    ) throws(PostgresError) {
        var values = try Self.parse(conninfo)
        // A peer that vanished without a word is noticed within half a minute. The caller's conninfo may say otherwise.
        let patience = [
            "connect_timeout": "10", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
            "tcp_user_timeout": "30000",
        ]
        values.merge(patience) { theirs, _ in theirs }
        if let user { values["user"] = user }
        if let defaultUser, values["user"] == nil { values["user"] = defaultUser }
        if let applicationName { values["application_name"] = applicationName }
        values["client_encoding"] = "UTF8"
        // The text forms that `PostgresRow` reads. Nothing here runs long enough to be worth compiling, which takes longer.
        var settings = "-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c jit=off"
        for setting in own { settings += " -c \(setting)" }
        if let statementTimeout { settings += " -c statement_timeout=\(statementTimeout.wholeMilliseconds)" }
        values["options"] = values["options"].map { "\($0) \(settings)" } ?? settings
        self.values = values
    }

    var connectTimeout: Duration {
        .seconds(max(2, values["connect_timeout"].flatMap { Int($0) } ?? 10))
    }

    /// libpq's own message is not passed on: it quotes the text it stumbled over, which may be a password.
    private static func parse(_ conninfo: String) throws(PostgresError) -> [String: String] {
        let misread = PostgresError(.cannotConnect, "the connection string is not one that libpq reads (34.1.1)")
        guard !conninfo.utf8.contains(0) else { throw misread }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(conninfo, &message) else {
            unsafe PQfreemem(message)
            throw misread
        }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                values[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return values
    }
}

extension Duration {
    /// At least 1: PostgreSQL takes 0 for no limit.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
