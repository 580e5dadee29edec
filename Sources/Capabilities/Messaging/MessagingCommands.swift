package import Audit
package import Credentials
package import Postgres
package import QueryEngine
package import Twilio

/// The mutations of this capability, by the names that the schema binds.
package enum MessagingCommands {
    /// - Parameter publicURL: where links to files lead, without a slash at the end.
    package static func all(
        database: Database, announcements: MessageAnnouncements, credentials: CredentialManager, audit: AuditLog,
        media: MediaInspector, links: MediaLinks, publicURL: @escaping @Sendable () -> String
    ) -> [String: CommandBody] {
        let inquiry = Inquiry(database: database, credentials: credentials)
        let scheduled = ScheduledMessages(announcements: announcements, inquiry: inquiry, media: media)
        let bulk = BulkControl(announcements: announcements)
        return [
            "scheduleMessage": scheduled.schedule, "rescheduleMessage": scheduled.reschedule,
            "cancelScheduledMessage": scheduled.cancel,
            "sendBulkMessage": SendBulkMessage(announcements: announcements, media: media).callAsFunction,
            "pauseBulkMessage": bulk.pause, "resumeBulkMessage": bulk.resume, "cancelBulkMessage": bulk.cancel,
            "sendMessage": SendMessage(announcements: announcements, inquiry: inquiry, media: media).callAsFunction,
            "configureMessagingAccount": ConfigureMessagingAccount(credentials: credentials).callAsFunction,
            "createMediaLink": CreateMediaLink(links: links, publicURL: publicURL).callAsFunction,
            "redactMessage": RedactMessage(audit: audit, announcements: announcements).callAsFunction,
            "markConversationRead": MarkConversationRead(announcements: announcements).callAsFunction,
            "assignConversation": AssignConversation(announcements: announcements).callAsFunction,
        ]
    }

    package static func resolvers(
        database: Database, credentials: CredentialManager, media: MediaInspector
    ) -> [String: Resolver] {
        ["messagePreview": MessagePreview(database: database, credentials: credentials, media: media).resolve]
    }
}
