import Configuration
import Foundation
import Logging
import QueryEngine
import Server
import SystemPackage
import Vault

/// What an installation decides. Read once, checked at once: a setting that does not serve is one sentence that names it.
struct Settings: Sendable {
    /// libpq's connection string without a user: each role connects as itself, passwords come from libpq's passfile.
    var database: String
    var rootKey: RootKeySettings
    /// Scheme, host and port as Twilio calls the webhooks, without a slash at the end.
    var publicURL: String
    var server = ServerConfiguration()
    var engine = EngineConfiguration()
    /// The directory of the only documents that are run; `nil` where any is.
    var trustedDocuments: String?
    /// Where Twilio is; `nil` is Twilio itself.
    var twilioURL: String?
    var certificateAuthorities: String?
    /// Requests a minute from one address, account or organization; `nil` for as many as come.
    var apiRate: Int? = 600_000
    /// Where password resets are handed over for delivery.
    var resetHook: String?
    var logLevel: Logger.Level = .info

    var ownerConninfo: String { Self.conninfo(database, user: "switchboard_owner") }

    /// The settings of the environment, and for what is not there of a JSON file.
    static func load(file: String?) async throws -> Settings {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if let file {
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw SettingsError("The settings file \(file) cannot be read; check its path and permissions.")
            }
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw SettingsError("The settings file \(file) is not valid JSON; expected an object of settings.")
            }
        }
        return try read(ConfigReader(providers: providers).scoped(to: "switchboard"))
    }

    private static func read(_ reader: ConfigReader) throws(SettingsError) -> Settings {
        guard let database = reader.string(forKey: "database"), !database.isEmpty else {
            throw SettingsError(
                "SWITCHBOARD_DATABASE is not set; expected a libpq connection string without a user, such as "
                    + "\"host=/var/run/postgresql dbname=switchboard\".")
        }
        let rootKey = try Self.rootKey(reader)
        guard let given = reader.string(forKey: "public.url"), let publicURL = Self.publicURL(given) else {
            throw SettingsError(
                "SWITCHBOARD_PUBLIC_URL must be set to the URL under which Twilio reaches this server, such as "
                    + "https://gateway.example.com, without a path.")
        }
        var settings = Settings(database: database, rootKey: rootKey, publicURL: publicURL)
        if let host = reader.string(forKey: "host") { settings.server.host = host }
        if let port = reader.string(forKey: "port") {
            guard let number = Int(port), (0...65_535).contains(number) else {
                throw SettingsError("SWITCHBOARD_PORT is \"\(port)\"; expected a port from 0 to 65535.")
            }
            settings.server.port = number
        }
        if let origins = reader.string(forKey: "cors.origins") {
            settings.server.cors = CORSPolicy(allowedOrigins: Self.list(origins))
        }
        if let proxies = reader.string(forKey: "trusted.proxies") {
            do {
                settings.server.trustedProxies = try TrustedProxies(Self.list(proxies))
            } catch {
                throw SettingsError("SWITCHBOARD_TRUSTED_PROXIES: \(error)")
            }
        }
        if let url = reader.string(forKey: "twilio.url") {
            guard let checked = Self.publicURL(url) else {
                throw SettingsError("SWITCHBOARD_TWILIO_URL is no URL; expected one such as http://127.0.0.1:8090.")
            }
            settings.twilioURL = checked
        }
        if let rate = reader.string(forKey: "api.rate") {
            guard let number = Int(rate), (0...60_000_000).contains(number) else {
                throw SettingsError(
                    "SWITCHBOARD_API_RATE is \"\(rate)\"; expected requests a minute, up to 60000000, or 0 for no limit."
                )
            }
            settings.apiRate = number == 0 ? nil : number
        }
        if let hook = reader.string(forKey: "reset.hook") {
            guard let parts = URLComponents(string: hook), let host = parts.host,
                parts.scheme == "https" || parts.scheme == "http" && ["127.0.0.1", "localhost", "[::1]"].contains(host)
            else {
                throw SettingsError(
                    "SWITCHBOARD_RESET_HOOK must be an https URL, or http on this machine: what is posted is a secret.")
            }
            settings.resetHook = hook
        }
        settings.certificateAuthorities = reader.string(forKey: "ca.file")
        if let level = reader.string(forKey: "log.level") {
            guard let parsed = Logger.Level(rawValue: level.lowercased()) else {
                throw SettingsError(
                    "SWITCHBOARD_LOG_LEVEL is \"\(level)\"; expected trace, debug, info, notice, warning, error or "
                        + "critical.")
            }
            settings.logLevel = parsed
        }
        if let development = try flag(reader, "development") { settings.server.isDevelopment = development }
        try settings.readDocuments(reader)
        try settings.readLimits(reader)
        return settings
    }

    /// Which documents are run, and what is told of the schema.
    private mutating func readDocuments(_ reader: ConfigReader) throws(SettingsError) {
        if let introspection = try Self.flag(reader, "introspection") { engine.allowsIntrospection = introspection }
        if let suggestions = try Self.flag(reader, "suggestions") { engine.suggestions = suggestions }
        if try Self.flag(reader, "persisted.queries") == false { server.documents = .any(persisted: nil) }
        trustedDocuments = reader.string(forKey: "trusted.documents").flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func readLimits(_ reader: ConfigReader) throws(SettingsError) {
        if let number = try Self.number(reader, "batch.limit") { server.limits.batchedOperations = number }
        if let number = try Self.number(reader, "max.requests") {
            server.limits.requests = number
            server.limits.requestsPerOrganization = min(server.limits.requestsPerOrganization, number)
        }
        if let number = try Self.number(reader, "max.organization.requests") {
            server.limits.requestsPerOrganization = number
        }
        if let number = try Self.number(reader, "max.streams") { server.limits.streams = number }
        if let number = try Self.number(reader, "max.organization.streams") {
            server.limits.streamsPerOrganization = number
        }
    }

    private static func flag(_ reader: ConfigReader, _ key: ConfigKey) throws(SettingsError) -> Bool? {
        guard let text = reader.string(forKey: key) else { return nil }
        switch text.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw SettingsError("\(variable(key)) is \"\(text)\"; expected true or false.")
        }
    }

    private static func number(_ reader: ConfigReader, _ key: ConfigKey) throws(SettingsError) -> Int? {
        guard let text = reader.string(forKey: key) else { return nil }
        guard let number = Int(text), (1...1_000_000).contains(number) else {
            throw SettingsError("\(variable(key)) is \"\(text)\"; expected a whole number from 1 to 1000000.")
        }
        return number
    }

    private static func variable(_ key: ConfigKey) -> String {
        "SWITCHBOARD_" + key.description.uppercased().replacing(".", with: "_")
    }

    /// Exactly one of file, descriptor and command, and at most one for the key that is to follow.
    private static func rootKey(_ reader: ConfigReader) throws(SettingsError) -> RootKeySettings {
        guard let current = try source(reader, "root.key") else {
            throw SettingsError(
                "SWITCHBOARD_ROOT_KEY_FILE is not set, nor SWITCHBOARD_ROOT_KEY_FD or SWITCHBOARD_ROOT_KEY_COMMAND; "
                    + "expected the path of the root key's file. It is made at the first start, with mode 0600; keep a "
                    + "copy of it apart from the database's backups.")
        }
        return RootKeySettings(current: current, next: try source(reader, "root.key.next"))
    }

    private static func source(_ reader: ConfigReader, _ key: String) throws(SettingsError) -> RootKeySource? {
        let name = "SWITCHBOARD_" + key.uppercased().replacing(".", with: "_")
        func value(_ kind: String) -> String? {
            reader.string(forKey: ConfigKey("\(key).\(kind)")).flatMap { $0.isEmpty ? nil : $0 }
        }
        var sources: [RootKeySource] = []
        if let path = value("file") { sources.append(.file(path)) }
        if let text = value("fd") {
            guard let number = Int32(text), number >= 3 else {
                throw SettingsError(
                    "\(name)_FD is \"\(text)\"; expected the number of an inherited descriptor, 3 or more.")
            }
            sources.append(.descriptor(number))
        }
        if let command = value("command") {
            sources.append(.command(command.split(separator: " ").map(String.init)))
        }
        guard sources.count <= 1 else {
            throw SettingsError("Set one of \(name)_FILE, \(name)_FD and \(name)_COMMAND, not several.")
        }
        return sources.first
    }

    /// One line for each setting, for `--help`.
    static let help = """
        SWITCHBOARD_DATABASE         libpq connection string without a user; required
        SWITCHBOARD_ROOT_KEY_FILE    file of the root key, made at the first start; this or one of the next two is required
        SWITCHBOARD_ROOT_KEY_FD      or the number of an inherited descriptor to read it from
        SWITCHBOARD_ROOT_KEY_COMMAND or a program that wraps for us (KMS, HSM): full path and arguments, parted by spaces
        SWITCHBOARD_ROOT_KEY_NEXT_*  the same of the key that is to follow, while `vault rotate-root` lasts (FILE.next)
        SWITCHBOARD_PUBLIC_URL       the URL under which Twilio reaches this server; required
        SWITCHBOARD_HOST             address to listen on (127.0.0.1)
        SWITCHBOARD_PORT             port to listen on (8080); 0 picks a free one
        SWITCHBOARD_CORS_ORIGINS     origins that browsers may call from, separated by commas (none)
        SWITCHBOARD_INTROSPECTION    false refuses __schema and __type (true)
        SWITCHBOARD_SUGGESTIONS      false leaves "Did you mean" out of errors (true)
        SWITCHBOARD_PERSISTED_QUERIES
                                     false takes no Automatic Persisted Queries (true)
        SWITCHBOARD_TRUSTED_DOCUMENTS
                                     directory of .graphql files; only these documents are run, asked for by documentId
                                     (sha256:… or the file's name) or by their very text, and none can be registered
                                     (any document)
        SWITCHBOARD_BATCH_LIMIT      operations in one request; 1 switches batches off (10)
        SWITCHBOARD_MAX_REQUESTS     requests under way at once; one more is answered 503 (512)
        SWITCHBOARD_MAX_ORGANIZATION_REQUESTS
                                     likewise of one organization; one more is answered 429 (128)
        SWITCHBOARD_MAX_STREAMS      live streams at once; one more is answered 503 (2048)
        SWITCHBOARD_MAX_ORGANIZATION_STREAMS
                                     likewise of one organization; one more is answered 429 (256)
        SWITCHBOARD_TRUSTED_PROXIES  networks whose X-Forwarded-For is believed, separated by commas (none)
        SWITCHBOARD_API_RATE         requests a minute by address, account and organization (600000); 0 for no limit
        SWITCHBOARD_RESET_HOOK       URL that password resets are posted to as JSON, for delivery by mail (none)
        SWITCHBOARD_TWILIO_URL       another carrier than Twilio itself, such as a sandbox
        SWITCHBOARD_CA_FILE          certificate authorities for outgoing TLS (the system's)
        SWITCHBOARD_LOG_LEVEL        trace, debug, info, notice, warning, error or critical (info)
        SWITCHBOARD_DEVELOPMENT      true adds Server-Timing to answers (false)
        """

    /// A connection string with a user added; libpq takes both forms.
    static func conninfo(_ base: String, user: String) -> String {
        guard base.hasPrefix("postgresql://") || base.hasPrefix("postgres://") else { return "\(base) user=\(user)" }
        return base + (base.contains("?") ? "&" : "?") + "user=\(user)"
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// An http or https URL without path, query and trailing slash.
    private static func publicURL(_ text: String) -> String? {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let parts = URLComponents(string: trimmed), ["http", "https"].contains(parts.scheme), parts.host != nil,
            parts.path.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil
        else { return nil }
        return trimmed
    }
}

/// What is wrong with a setting, and what was expected.
struct SettingsError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
