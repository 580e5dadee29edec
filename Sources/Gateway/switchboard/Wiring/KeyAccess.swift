import Accounts
import Postgres
import QueryEngine
import Server

/// The edge's question of who asks, answered by the accounts.
struct KeyAccess: Access {
    let authenticator: Authenticator

    func caller(
        bearer token: String, organization: String?, requestID: String
    ) async throws(AccessError) -> Caller {
        let identity: Authenticator.Identity?
        do {
            identity = try await authenticator.identity(of: token)
        } catch {
            throw .unavailable
        }
        guard let identity else { throw .unauthenticated }
        if let organization {
            guard let wanted = OpaqueID.decode(organization, prefix: "org"), wanted == identity.organization?.uuid
            else {
                throw .forbidden(
                    "This key is not for the organization that X-Switchboard-Organization names; leave the header out.")
            }
        }
        return Caller(
            kind: .apiKey(id: identity.apiKey), role: identity.role, organization: identity.organization,
            requestID: requestID)
    }

    func standing(of caller: Caller) async -> Standing {
        switch caller.kind {
        case .apiKey(let id):
            do {
                return try await authenticator.isLive(id) ? .valid : .revoked
            } catch {
                return .unknown
            }
        }
    }
}
