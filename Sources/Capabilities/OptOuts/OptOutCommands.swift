package import Audit
package import QueryEngine

/// The mutations of `Schema/OptOuts.graphql`, by the names that it binds.
package enum OptOutCommands {
    package static func all(audit: AuditLog) -> [String: CommandBody] {
        [
            "recordOptOut": RecordOptOut(audit: audit).callAsFunction,
            "endOptOut": EndOptOut(audit: audit).callAsFunction,
            "setSenderGroup": SetSenderGroup().callAsFunction,
        ]
    }
}
