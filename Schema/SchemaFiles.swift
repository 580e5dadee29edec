/// The `.graphql` files of this folder, as the binary carries them. A test compares this list with the folder.
package enum SchemaFiles {
    /// File name and bytes, in the order in which they are merged.
    package static let all: [(name: String, bytes: [UInt8])] = [
        ("Bindings.graphql", PackageResources.Bindings_graphql),
        ("Common.graphql", PackageResources.Common_graphql),
        ("Accounts.graphql", PackageResources.Accounts_graphql),
        ("Audit.graphql", PackageResources.Audit_graphql),
        ("Credentials.graphql", PackageResources.Credentials_graphql),
        ("Settings.graphql", PackageResources.Settings_graphql),
        ("Contacts.graphql", PackageResources.Contacts_graphql),
        ("Templates.graphql", PackageResources.Templates_graphql),
        ("OptOuts.graphql", PackageResources.OptOuts_graphql),
        ("Numbers.graphql", PackageResources.Numbers_graphql),
        ("Messaging.graphql", PackageResources.Messaging_graphql),
        ("BulkMessaging.graphql", PackageResources.BulkMessaging_graphql),
        ("Sync.graphql", PackageResources.Sync_graphql),
        ("Usage.graphql", PackageResources.Usage_graphql),
    ]
}
