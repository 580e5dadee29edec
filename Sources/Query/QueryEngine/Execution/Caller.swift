package import Foundation
package import Postgres

/// What a caller may do: the roles of `@access(roles:)` in the schema.
package enum Role: String, Sendable, Hashable, CaseIterable {
    /// Nobody has signed in.
    case anonymous = "ANONYMOUS"
    /// Somebody has signed in, and speaks for no organization in this request.
    case user = "USER"
    case owner = "OWNER"
    case admin = "ADMIN"
    case agent = "AGENT"
    case viewer = "VIEWER"
    case platformAdmin = "PLATFORM_ADMIN"
    case platformAuditor = "PLATFORM_AUDITOR"

    /// Whether it is held in an organization, and in a request for one only.
    package var isOfOrganization: Bool {
        switch self {
        case .owner, .admin, .agent, .viewer: true
        case .anonymous, .user, .platformAdmin, .platformAuditor: false
        }
    }
}

/// The one who asks, as the edge found out before any query ran.
package struct Caller: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case apiKey(id: UUID)
        /// Somebody who signed in here.
        case user(id: UUID, session: UUID)
        /// Somebody whom an organization's own identity provider vouches for.
        case subject(id: UUID, issuer: UUID)
        case anonymous
    }

    package let kind: Kind
    package let role: Role
    /// `nil` for who belongs to none in this request.
    package let organization: OrganizationID?
    /// Names the request in logs and in the audit.
    package let requestID: String
    /// From where the request came, as far as trusted proxies say; `nil` when it came from this process.
    package let address: String?
    /// When what the caller showed ends by itself; `nil` when it does not.
    package let expiresAt: Date?

    package init(
        kind: Kind, role: Role, organization: OrganizationID?, requestID: String, address: String? = nil,
        expiresAt: Date? = nil
    ) {
        self.kind = kind
        self.role = role
        self.organization = organization
        self.requestID = requestID
        self.address = address
        self.expiresAt = expiresAt
    }
}
