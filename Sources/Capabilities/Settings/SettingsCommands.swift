package import QueryEngine

/// The mutations of `Schema/Settings.graphql`, by the names that it binds.
package enum SettingsCommands {
    /// - Parameter following: what else happens when settings change.
    package static func all(following: [UpdateSettings.Following]) -> [String: CommandBody] {
        ["updateSettings": UpdateSettings(following: following).callAsFunction]
    }
}
