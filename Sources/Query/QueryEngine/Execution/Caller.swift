package import Foundation
package import Postgres

/// What a caller may do: the roles of `@access(roles:)` in the schema.
package enum Role: String, Sendable, Hashable, CaseIterable {
    case owner = "OWNER"
    case admin = "ADMIN"
    case agent = "AGENT"
    case viewer = "VIEWER"
    case platformAdmin = "PLATFORM_ADMIN"
    case platformAuditor = "PLATFORM_AUDITOR"
}

/// The one who asks, as the edge found out before any query ran.
package struct Caller: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case apiKey(id: UUID)
    }

    package let kind: Kind
    package let role: Role
    /// `nil` for a key of the platform, which belongs to no organization.
    package let organization: OrganizationID?
    /// Names the request in logs and in the audit.
    package let requestID: String

    package init(kind: Kind, role: Role, organization: OrganizationID?, requestID: String) {
        self.kind = kind
        self.role = role
        self.organization = organization
        self.requestID = requestID
    }
}
