import Audit
import Foundation
import Postgres
package import QueryEngine

/// The whole way from a request's headers to a caller: who it is, for which organization, and whether it asks too often.
package struct CallerFinder: Sendable {
    package enum Refusal: Error, Sendable, Equatable {
        case unauthenticated
        case forbidden(String)
        case tooManyRequests(Duration)
        case unavailable
    }

    let authenticator: Authenticator
    let allowance: APIAllowance?
    let denied: DeniedAttempts

    /// - Parameters:
    ///   - token: what followed `Bearer `; `nil` for somebody who has not signed in.
    ///   - organization: `X-Switchboard-Organization`.
    ///   - address: where the request came from, as far as trusted proxies say.
    nonisolated(nonsending) package func caller(
        token: String?, organization: String?, address: String, requestID: String
    ) async throws(Refusal) -> Caller {
        if let wait = await allowance?.take("address:\(AddressGroup.name(of: address))") {
            throw .tooManyRequests(wait)
        }
        let nobody = Caller(
            kind: .anonymous, role: .anonymous, organization: nil, requestID: requestID, address: address)
        guard let token else { return nobody }
        let found: Identity?
        do {
            found = try await authenticator.identity(of: token)
        } catch {
            throw .unavailable
        }
        guard let identity = found else {
            await denied.record(nobody.event("request.authenticate", outcome: .refused, on: "REQUEST"))
            throw .unauthenticated
        }
        let caller = try await caller(identity, organization, address: address, requestID: requestID)
        if let wait = await allowance?.take("account:\(identity.id)") { throw .tooManyRequests(wait) }
        if let tenant = caller.organization, let wait = await allowance?.take("organization:\(tenant)") {
            throw .tooManyRequests(wait)
        }
        return caller
    }

    nonisolated(nonsending) private func caller(
        _ identity: Identity, _ wanted: String?, address: String, requestID: String
    ) async throws(Refusal) -> Caller {
        func make(_ role: Role, _ organization: OrganizationID?) -> Caller {
            // A session goes on when its access token does not; a key and an outside token end.
            let isSession = if case .user = identity.bearer { true } else { false }
            return Caller(
                kind: identity.kind, role: role, organization: organization, requestID: requestID, address: address,
                expiresAt: isSession ? nil : identity.expiresAt)
        }
        guard let wanted else {
            return make(identity.role, identity.platformRole == nil ? identity.organization : nil)
        }
        let tenant = OpaqueID.decode(wanted, prefix: "org").map { OrganizationID($0) }
        guard let tenant, let role = identity.roles[tenant] else {
            await denied.record(
                make(identity.role, nil).event("request.choose_organization", outcome: .refused, on: "ORGANIZATION"))
            throw .forbidden(
                "You do not belong to the organization that X-Switchboard-Organization names; name another one, or "
                    + "leave the header out.")
        }
        return make(role, tenant)
    }

    /// Whether a caller found earlier would be found now.
    /// - Throws: when the database cannot say.
    package func isStillValid(_ caller: Caller) async throws -> Bool { try await authenticator.isLive(caller) }

    /// An operation was refused for what the caller is.
    package func noteDenied(_ caller: Caller) async {
        await denied.record(
            caller.event("request.ask", outcome: .refused, on: "REQUEST"), of: caller.organization ?? .platform)
    }
}
