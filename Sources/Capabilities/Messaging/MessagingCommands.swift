package import Credentials
package import QueryEngine

/// The mutations of this capability, by the names that the schema binds.
package enum MessagingCommands {
    package static func all(
        announcements: MessageAnnouncements, credentials: CredentialManager
    ) -> [String: CommandBody] {
        [
            "sendMessage": SendMessage(announcements: announcements).callAsFunction,
            "configureMessagingAccount": ConfigureMessagingAccount(credentials: credentials).callAsFunction,
        ]
    }
}
