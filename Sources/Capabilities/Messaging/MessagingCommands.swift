package import Credentials
package import Postgres
package import QueryEngine
package import Twilio

/// The mutations of this capability, by the names that the schema binds.
package enum MessagingCommands {
    package static func all(
        database: Database, announcements: MessageAnnouncements, credentials: CredentialManager, media: MediaInspector
    ) -> [String: CommandBody] {
        let lines = LineTypes(database: database, credentials: credentials)
        let scheduled = ScheduledMessages(announcements: announcements, lines: lines, media: media)
        let bulk = BulkControl(announcements: announcements)
        return [
            "scheduleMessage": scheduled.schedule, "rescheduleMessage": scheduled.reschedule,
            "cancelScheduledMessage": scheduled.cancel,
            "sendBulkMessage": SendBulkMessage(announcements: announcements, media: media).callAsFunction,
            "pauseBulkMessage": bulk.pause, "resumeBulkMessage": bulk.resume, "cancelBulkMessage": bulk.cancel,
            "sendMessage": SendMessage(announcements: announcements, lines: lines, media: media).callAsFunction,
            "configureMessagingAccount": ConfigureMessagingAccount(credentials: credentials).callAsFunction,
        ]
    }

    package static func resolvers(
        database: Database, credentials: CredentialManager, media: MediaInspector
    ) -> [String: Resolver] {
        ["messagePreview": MessagePreview(database: database, credentials: credentials, media: media).resolve]
    }
}
