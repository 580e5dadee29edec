package import GraphQL
import Postgres
package import QueryEngine

/// `viewer`: who asks, as the edge found out. No table holds it.
package enum ViewerResolver {
    package static func resolve(_ request: ResolverRequest) async throws -> JSONValue {
        [
            "kind": "API_KEY",
            "role": .string(request.caller.role.rawValue),
            "organizationId": request.caller.organization.map {
                .string(OpaqueID.encode($0.uuid, prefix: "org"))
            } ?? .null,
        ]
    }
}
