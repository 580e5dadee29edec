package import QueryEngine

/// The mutations of `Schema/Templates.graphql`, by the names that it binds.
package enum TemplateCommands {
    package static func all() -> [String: CommandBody] {
        [
            "createTemplate": CreateTemplate().callAsFunction,
            "updateTemplate": UpdateTemplate().callAsFunction,
            "duplicateTemplate": DuplicateTemplate().callAsFunction,
            "archiveTemplate": ArchiveTemplate().callAsFunction,
        ]
    }
}
