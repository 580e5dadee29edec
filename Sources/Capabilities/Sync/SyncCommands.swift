package import QueryEngine

/// The mutations of `Schema/Sync.graphql`, by the names that it binds.
package enum SyncCommands {
    package static func all(announcements: SyncAnnouncements) -> [String: CommandBody] {
        ["startSync": StartSync(announcements: announcements).callAsFunction]
    }
}
