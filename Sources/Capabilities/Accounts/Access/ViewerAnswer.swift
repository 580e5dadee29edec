import Foundation
package import GraphQL
import Postgres
package import QueryEngine

/// `viewer`: who asks, as the edge found out; and what somebody gets who signs in.
package struct ViewerAnswer: Sendable {
    let database: Database

    package func resolve(_ request: ResolverRequest) async throws -> JSONValue {
        let caller = request.caller
        var user: JSONValue = .null
        var memberships: JSONValue = .array([])
        if case .user(let id, _) = caller.kind {
            user = try await self.user(id)
            memberships = try await self.memberships(of: id)
        }
        return [
            "kind": .string(Self.kind(of: caller)), "role": .string(caller.role.rawValue),
            "organizationId": caller.organization.map { .string(OpaqueID.encode($0.uuid, prefix: "org")) } ?? .null,
            "user": user, "memberships": memberships,
        ]
    }

    func session(_ tokens: Sessions.Tokens) async throws -> JSONValue {
        [
            "accessToken": .string(tokens.accessToken),
            "accessTokenExpiresAt": .string(tokens.accessTokenExpiresAt.formatted(.iso8601)),
            "refreshToken": .string(tokens.refreshToken), "user": try await user(tokens.user),
            "memberships": try await memberships(of: tokens.user),
        ]
    }

    private func user(_ id: UUID) async throws -> JSONValue {
        let found = try await database.query(as: .edge, SessionQueries.findUserByID, [.uuid(id)])
        guard let row = found.rows.first else { return .null }
        return [
            "id": .string(OpaqueID.encode(id, prefix: "usr")), "email": .string(try row.requireString("email")),
            "name": .string(try row.requireString("name")),
        ]
    }

    private func memberships(of user: UUID) async throws -> JSONValue {
        let rows = try await database.query(as: .edge, UserQueries.membershipsOfUser, [.uuid(user)]).rows
        return .array(
            try rows.map { row in
                [
                    "organizationId": .string(OpaqueID.encode(try row.requireUUID("org_id"), prefix: "org")),
                    "organizationSlug": .string(try row.requireString("slug")),
                    "organizationName": .string(try row.requireString("name")),
                    "role": .string(try row.requireString("role")),
                ]
            })
    }

    private static func kind(of caller: Caller) -> String {
        switch caller.kind {
        case .apiKey: "API_KEY"
        case .user: "USER"
        case .subject: "SUBJECT"
        case .anonymous: "ANONYMOUS"
        }
    }
}
