/// The three configuration files of a cluster, written anew at each start.
enum ClusterSettings {
    /// `postgresql.conf`: what `configuration` says, over what every private cluster has.
    static func settings(_ configuration: ClusterConfiguration, at location: ClusterLocation) -> String {
        var settings = [
            "listen_addresses": "",
            "port": "\(SocketAddress.port)",
            "unix_socket_directories": location.socketFolder,
            "unix_socket_permissions": "0700",
            "hba_file": "\(location.folder)/pg_hba.conf",
            "ident_file": "\(location.folder)/pg_ident.conf",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "datestyle": "ISO",
            "lc_messages": "C.UTF-8",
            "logging_collector": "off",
            "log_line_prefix": "%m [%p] %u@%d %a ",
            // What a statement is given may be secret: neither its parameters, nor the rows that a DETAIL quotes.
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "log_error_verbosity": "terse",
        ]
        if configuration.lifetime == .ephemeral {
            // It never outlives its process, let alone the machine.
            settings["fsync"] = "off"
            settings["full_page_writes"] = "off"
            settings["wal_level"] = "minimal"
            settings["max_wal_senders"] = "0"
        }
        settings.merge(configuration.settings) { $1 }
        return settings.sorted { $0.key < $1.key }.map { "\($0.key) = \(quoted($0.value))\n" }.joined()
    }

    /// `pg_hba.conf`: the operating system says who it is, over the socket; there is no other way in.
    static let accessRules = "local all all peer map=switchboard\n"

    /// `pg_ident.conf`: each allowed operating-system user may be each role.
    static func userMap(_ configuration: ClusterConfiguration, administrator: String, user: ClusterUser) -> String {
        var lines = ""
        for name in Set([user.starter, user.name]).sorted() {
            for role in [administrator] + configuration.roles {
                lines += "switchboard \"\(name)\" \"\(role)\"\n"
            }
        }
        return lines
    }

    /// A string as `postgresql.conf` reads it.
    private static func quoted(_ value: String) -> String {
        let escaped = value.replacing("\\", with: "\\\\").replacing("'", with: "''").replacing("\n", with: "\\n")
        return "'\(escaped)'"
    }
}
