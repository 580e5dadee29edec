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
        if let caller = identity.caller(in: wanted, address: address, requestID: requestID) { return caller }
        let caller = identity.caller(identity.role, nil, address: address, requestID: requestID)
        await denied.record(caller.event("request.choose_organization", outcome: .refused, on: "ORGANIZATION"))
        throw .forbidden(
            "You do not belong to the organization that X-Switchboard-Organization names; name another one, or "
                + "leave the header out.")
    }

    /// The caller behind a token that is remembered; `nil` where only `caller` can find out, or refuse. Nothing is counted.
    /// - Parameter last: what this found before; for the same token and organization it is not looked for again.
    package func knownCaller(
        token: String?, organization: String?, address: String, requestID: String, last: inout KnownBearer?
    ) -> Caller? {
        guard let token else { return nil }
        if let last, last.token == token, last.wanted == organization, authenticator.stillHolds(last.bearer) {
            return last.caller(address: address, requestID: requestID)
        }
        last = authenticator.rememberedBearer(of: token).flatMap { KnownBearer(token: token, wanted: organization, $0) }
        return last?.caller(address: address, requestID: requestID)
    }

    /// Counts a request of a caller whom `knownCaller` found, where that takes no look at the database.
    /// - Returns: whether it was counted, wholly; otherwise it was not at all.
    package func admit(_ caller: Caller) -> Bool {
        guard let allowance else { return true }
        var names = ["address:\(AddressGroup.name(of: caller.address))"]
        switch caller.kind {
        case .apiKey(let id), .user(let id, _), .subject(let id, _): names.append("account:\(id)")
        case .anonymous: break
        }
        if let tenant = caller.organization { names.append("organization:\(tenant)") }
        return allowance.takeKnown(names)
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

/// Somebody who asked before, as what the same token asks again.
package final class KnownBearer: Sendable {
    fileprivate let token: String
    fileprivate let wanted: String?
    fileprivate let bearer: RememberedBearer
    private let kind: Caller.Kind
    private let role: Role
    private let organization: OrganizationID?
    private let expiresAt: Date?

    /// `nil` where the bearer does not belong to the organization that it wants to ask in.
    fileprivate init?(token: String, wanted: String?, _ bearer: RememberedBearer) {
        guard let caller = bearer.identity.caller(in: wanted, address: "", requestID: "") else { return nil }
        self.token = token
        self.wanted = wanted
        self.bearer = bearer
        kind = caller.kind
        role = caller.role
        organization = caller.organization
        expiresAt = caller.expiresAt
    }

    fileprivate func caller(address: String, requestID: String) -> Caller {
        Caller(
            kind: kind, role: role, organization: organization, requestID: requestID, address: address,
            expiresAt: expiresAt)
    }
}

extension Identity {
    /// The caller in the organization that a request names, or in the only one.
    /// - Returns: `nil` where the bearer does not belong to it.
    fileprivate func caller(in wanted: String?, address: String, requestID: String) -> Caller? {
        guard let wanted else {
            return caller(role, platformRole == nil ? organization : nil, address: address, requestID: requestID)
        }
        guard let tenant = OpaqueID.decode(wanted, prefix: "org").map({ OrganizationID($0) }), let role = roles[tenant]
        else { return nil }
        return caller(role, tenant, address: address, requestID: requestID)
    }

    fileprivate func caller(
        _ role: Role, _ organization: OrganizationID?, address: String, requestID: String
    ) -> Caller {
        // A session goes on when its access token does not; a key and an outside token end.
        let isSession = if case .user = bearer { true } else { false }
        return Caller(
            kind: kind, role: role, organization: organization, requestID: requestID, address: address,
            expiresAt: isSession ? nil : expiresAt)
    }
}
