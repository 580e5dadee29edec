package import Postgres

/// What an organization has chosen, with the defaults where it chose nothing.
package struct OrganizationSettings: Sendable {
    /// What an opt-out is about. Mirrors the CHECK on `organization_settings.opt_out_scope`.
    package enum OptOutScope: String, Sendable {
        /// Everything that the organization sends.
        case organization = "ORGANIZATION"
        /// What it sends from the numbers of the group that was written to.
        case senderGroup = "SENDER_GROUP"
    }

    /// When STOP, START and HELP are answered. Mirrors the CHECK on `organization_settings.keyword_replies`.
    package enum KeywordReplies: String, Sendable {
        case never = "NEVER"
        /// Only where the carrier does not answer by itself.
        case unlessCarrier = "UNLESS_CARRIER"
        case always = "ALWAYS"
    }

    package let organizationName: String
    /// ISO 3166-1 alpha-2.
    package let defaultCountry: String?
    package let optOutScope: OptOutScope
    package let keywordReplies: KeywordReplies
    /// With `{organization}` and `{number}` in it, as the others.
    package let optOutReply: String
    package let optInReply: String
    package let helpReply: String
    package let stopWords: [String]
    package let startWords: [String]
    package let helpWords: [String]
    /// Whether those who write of their own accord are guided.
    package let guidance: Bool
    /// E.164.
    package let frontDeskPhone: String?
    package let registrationURL: String?
    /// IANA.
    package let timeZone: String?
    /// Lines of ``OfficeHours``; empty: always open.
    package let officeHours: [String]
    package let unknownSenderReply: String
    package let optedOutReply: String
    package let outsideHoursReply: String
    package let mediaReply: String
    /// After how many days messages are redacted; `nil`: never.
    package let retentionDays: Int?

    package static func read(in transaction: Transaction) async throws(PostgresError) -> OrganizationSettings {
        try OrganizationSettings(try await transaction.execute([reading(in: transaction)]).first)
    }

    /// The same as a statement, for whoever sends several in one round trip; ``init(_:)`` reads its answer.
    package static func reading(in transaction: Transaction) -> (Statement, [PostgresValue]) {
        (SettingsQueries.read, [PostgresValue(transaction.organization)])
    }

    package init(_ answer: PostgresResult?) throws(PostgresError) {
        guard let row = answer?.rows.first else {
            throw PostgresError(.protocolViolation, "an organization without its settings")
        }
        try self.init(row)
    }

    private init(_ row: PostgresRow) throws(PostgresError) {
        organizationName = try row.requireString("organization_name")
        defaultCountry = row.string("default_country")
        optOutScope = row.string("opt_out_scope").flatMap(OptOutScope.init(rawValue:)) ?? .organization
        keywordReplies = row.string("keyword_replies").flatMap(KeywordReplies.init(rawValue:)) ?? .unlessCarrier
        optOutReply = try row.requireString("opt_out_reply")
        optInReply = try row.requireString("opt_in_reply")
        helpReply = try row.requireString("help_reply")
        stopWords = try Self.lines(row, "stop_words")
        startWords = try Self.lines(row, "start_words")
        helpWords = try Self.lines(row, "help_words")
        guidance = try row.requireBool("guidance")
        frontDeskPhone = row.string("front_desk_phone")
        registrationURL = row.string("registration_url")
        timeZone = row.string("time_zone")
        officeHours = try Self.lines(row, "office_hours")
        unknownSenderReply = try row.requireString("unknown_sender_reply")
        optedOutReply = try row.requireString("opted_out_reply")
        outsideHoursReply = try row.requireString("outside_hours_reply")
        mediaReply = try row.requireString("media_reply")
        retentionDays = row.int("retention_days")
    }

    private static func lines(_ row: PostgresRow, _ column: String) throws(PostgresError) -> [String] {
        try row.requireString(column).split(separator: "\n").map(String.init)
    }
}
