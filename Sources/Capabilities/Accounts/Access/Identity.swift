package import Foundation
package import Postgres
package import QueryEngine

/// What a live token stands for.
package struct Identity: Sendable, Equatable {
    package enum Bearer: Sendable, Hashable {
        case apiKey(UUID)
        case user(UUID, session: UUID)
        case subject(UUID, issuer: UUID)
    }

    package let bearer: Bearer
    /// What the bearer is in each organization. A key and a subject have one at most.
    package let roles: [OrganizationID: Role]
    package let platformRole: Role?
    /// When the token ends by itself.
    package let expiresAt: Date?

    /// The key's, the user's or the subject's id.
    package var id: UUID {
        switch bearer {
        case .apiKey(let id), .user(let id, _), .subject(let id, _): id
        }
    }

    /// The only organization; `nil` when there are several, or none.
    package var organization: OrganizationID? { roles.count == 1 ? roles.keys.first : nil }

    /// As what the bearer asks when it names no organization.
    package var role: Role {
        if let platformRole { return platformRole }
        return organization.flatMap { roles[$0] } ?? .user
    }

    var kind: Caller.Kind {
        switch bearer {
        case .apiKey(let id): .apiKey(id: id)
        case .user(let id, let session): .user(id: id, session: session)
        case .subject(let id, let issuer): .subject(id: id, issuer: issuer)
        }
    }
}
