import Audit
import Foundation
import GraphQL
import OrderedCollections
package import Postgres
package import QueryEngine
import Twilio

/// `verifyCredential`: asks Twilio again, and keeps what it said.
package struct VerifyCredential: Sendable {
    private let manager: CredentialManager
    private let announcer: Announcer
    private let probe: CredentialProbe

    package init(manager: CredentialManager, announcer: Announcer, factory: TwilioClientFactory) {
        self.manager = manager
        self.announcer = announcer
        self.probe = CredentialProbe(factory: factory)
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let credential = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "cred") }) else {
            return try await request.refuse([CredentialRefusal.notFound])
        }
        let lease: TwilioLease
        switch try await manager.lease(request, credential, purpose: .verify) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let found): lease = found
        }
        let checkUp = await probe.checkUp(lease.accountSID, lease.secrets)
        let finding = checkUp.finding
        // Nothing was learned, so nothing changes: what was VERIFIED stays so.
        if case .unreachable(let problem) = finding {
            return try await request.refuse([
                UserError(code: "TWILIO_UNREACHABLE", message: problem, field: nil)
            ])
        }
        let committed = try await request.commit(as: .vault) { transaction in
            try await keep(checkUp, lease, request, in: transaction)
        }
        manager.forget()
        return committed
    }

    private func keep(
        _ checkUp: CredentialCheckUp, _ lease: TwilioLease, _ request: CommandRequest, in transaction: Transaction
    ) async throws -> CommandOutcome {
        let finding = checkUp.finding
        let key: [PostgresValue] = [.organization(request.organization), .uuid(lease.credential)]
        guard
            let row = try await transaction.execute(CredentialQueries.lockCredential, key).rows.first,
            row.string("status") != "REVOKED"
        else { return .refused([CredentialRefusal.revoked]) }
        // What was asked about is no longer what counts.
        guard row.int("secret_version") == lease.version else { return .refused([CredentialRefusal.overtaken]) }
        switch finding {
        case .verified(let account):
            guard try await AccountClaim.hold(lease.accountSID, for: request.organization, in: transaction) else {
                return .refused([CredentialRefusal.accountTaken])
            }
            _ = try await transaction.execute(
                CredentialQueries.markVerified,
                key + [PostgresValue(account.type), PostgresValue(account.friendlyName)])
            try await account.keepRecipients(of: lease.credential, in: transaction)
        case .refused(let error), .inactive(_, let error):
            _ = try await transaction.execute(
                CredentialQueries.markInvalid,
                key + [.text(error.message), .int(lease.version), PostgresValue(finding.accountStatus?.rawValue)])
        case .unreachable:
            break
        }
        try await manager.audit.append(
            AuditEvent(
                actor: request.caller.actor, action: "credential.verify", subjectKind: "CREDENTIAL",
                subjectID: lease.credential, purpose: finding.status, requestID: request.caller.requestID,
                source: request.caller.address),
            in: transaction)
        try await announcer.announce(
            channel: CredentialManager.channel, payload: lease.credential.text, in: transaction)
        return .done(["credential": .row(lease.credential), "checks": .json(checkUp.json)])
    }
}

/// `makeDefaultCredential`: used from now on where no other is named.
package struct MakeDefaultCredential: Sendable {
    private let manager: CredentialManager

    package init(manager: CredentialManager) {
        self.manager = manager
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let credential = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "cred") }) else {
            return try await request.refuse([CredentialRefusal.notFound])
        }
        let organization = PostgresValue.organization(request.organization)
        return try await request.commit(as: .vault) { transaction in
            _ = try await transaction.execute(
                CredentialQueries.lockOrganization, [.text(request.organization.description)])
            let known = try await transaction.execute(
                CredentialQueries.lockCredential, [organization, .uuid(credential)])
            guard let row = known.rows.first else { return .refused([CredentialRefusal.notFound]) }
            guard row.string("status") != "REVOKED" else { return .refused([CredentialRefusal.revoked]) }
            _ = try await transaction.execute([
                (CredentialQueries.unsetDefault, [organization]),
                (CredentialQueries.setDefault, [organization, .uuid(credential)]),
            ])
            try await manager.audit.append(
                AuditEvent(
                    actor: request.caller.actor, action: "credential.make_default", subjectKind: "CREDENTIAL",
                    subjectID: credential, requestID: request.caller.requestID,
                    source: request.caller.address),
                in: transaction)
            return .done(["credential": .row(credential)])
        }
    }
}

/// `revokeCredential`: the secrets are deleted, the webhooks refused, and every node forgets its leases.
package struct RevokeCredential: Sendable {
    private let manager: CredentialManager
    private let announcer: Announcer

    package init(manager: CredentialManager, announcer: Announcer) {
        self.manager = manager
        self.announcer = announcer
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let credential = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "cred") }) else {
            return try await request.refuse([CredentialRefusal.notFound])
        }
        let key: [PostgresValue] = [.organization(request.organization), .uuid(credential)]
        let committed = try await request.commit(as: .vault) { transaction in
            _ = try await transaction.execute(
                CredentialQueries.lockOrganization, [.text(request.organization.description)])
            guard try await transaction.execute(CredentialQueries.lockCredential, key).count == 1 else {
                return .refused([CredentialRefusal.notFound])
            }
            guard try await transaction.execute(CredentialQueries.markRevoked, key).count == 1 else {
                return .done(["credential": .row(credential)])
            }
            _ = try await transaction.execute([
                (CredentialQueries.deleteSecrets, key), (CredentialQueries.revokeHook, key),
                (AccountFactQueries.forgetRecipients, key),
            ])
            try await manager.audit.append(
                AuditEvent(
                    actor: request.caller.actor, action: "credential.revoke", subjectKind: "CREDENTIAL",
                    subjectID: credential, requestID: request.caller.requestID,
                    source: request.caller.address),
                in: transaction)
            try await announcer.announce(
                channel: CredentialManager.channel, payload: credential.text, in: transaction)
            return .done(["credential": .row(credential)])
        }
        manager.forget()
        return committed
    }
}
