package import QueryEngine

/// The mutations of `Schema/Contacts.graphql` that change contacts, by the names that it binds.
package enum ContactCommands {
    /// - Parameter moving: what else moves when two contacts become one.
    package static func all(moving: [MergeContacts.Moving]) -> [String: CommandBody] {
        [
            "createContact": CreateContact().callAsFunction,
            "updateContact": UpdateContact().callAsFunction,
            "mergeContacts": MergeContacts(moving: moving).callAsFunction,
            "addContactTags": ChangeContactTags(.add).callAsFunction,
            "removeContactTags": ChangeContactTags(.remove).callAsFunction,
            "importContacts": ImportContacts().callAsFunction,
        ]
    }
}
