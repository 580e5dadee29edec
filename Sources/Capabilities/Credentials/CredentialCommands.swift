package import Postgres
package import QueryEngine

/// The mutations of `Schema/Credentials.graphql`, by the names that it binds.
package enum CredentialCommands {
    package static func all(manager: CredentialManager, announcer: Announcer) -> [String: CommandBody] {
        let factory = manager.factory
        return [
            "registerTwilioCredential": RegisterTwilioCredential(
                database: manager.database, vault: manager.vault, factory: factory, audit: manager.audit
            ).callAsFunction,
            "verifyCredential": VerifyCredential(manager: manager, announcer: announcer, factory: factory)
                .callAsFunction,
            "rotateTwilioCredential": RotateTwilioCredential(manager: manager, announcer: announcer, factory: factory)
                .callAsFunction,
            "makeDefaultCredential": MakeDefaultCredential(manager: manager).callAsFunction,
            "revokeCredential": RevokeCredential(manager: manager, announcer: announcer).callAsFunction,
        ]
    }
}
