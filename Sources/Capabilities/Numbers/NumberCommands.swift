package import QueryEngine

/// The mutations of `Schema/Numbers.graphql`, by the names that it binds.
package enum NumberCommands {
    package static func all() -> [String: CommandBody] {
        ["configurePhoneNumber": ConfigurePhoneNumber().callAsFunction]
    }
}
