import Audit
import Foundation
import GraphQL
import JobQueue
import Logging
import OrderedCollections
package import Postgres
package import QueryEngine
import Twilio
import Vault

/// `rotateTwilioCredential`: the new secrets are proved at Twilio first; then they are sealed as the next version, and
/// what came before is destroyed, all in one transaction. Only then is Twilio's second token promoted: at no moment is
/// there a token that works at Twilio and is not sealed here.
package struct RotateTwilioCredential: Sendable {
    private let manager: CredentialManager
    private let announcer: Announcer
    private let factory: TwilioClientFactory
    private let probe: CredentialProbe

    package init(manager: CredentialManager, announcer: Announcer, factory: TwilioClientFactory) {
        self.manager = manager
        self.announcer = announcer
        self.factory = factory
        self.probe = CredentialProbe(factory: factory)
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let credential = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "cred") }) else {
            return try await request.refuse([CredentialRefusal.notFound])
        }
        let input: RotateTwilioCredentialInput
        switch try RotateTwilioCredentialInput.parse(request.input) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let parsed): input = parsed
        }
        let lease: TwilioLease
        switch try await manager.lease(request, credential, purpose: .rotate) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let found): lease = found
        }
        var secrets = lease.secrets.replaced(by: input.given)
        if input.promoteSecondaryToken, input.given.authToken == nil {
            switch await newToken(lease) {
            case .failure(let refusal): return try await refuse(refusal, credential, request)
            case .success(let token): secrets.authToken = token
            }
        }
        let finding = await probe.ask(lease.accountSID, secrets)
        switch finding {
        case .verified: break
        case .refused(let error), .inactive(_, let error):
            return try await refuse(CredentialRefusal(errors: [error]), credential, request)
        case .unreachable:
            return try await request.refuse([Self.unreachable])
        }
        // What leaked was under these. They go too, or a copy of the former row alone would open once it is put back.
        let formerKeys = try await manager.database.read(
            request.organization, as: .vault, CredentialQueries.keysOf,
            [.organization(request.organization), .uuid(credential)])
        let committed = try await request.commit(as: .vault) { [secrets] transaction in
            try await keep(secrets, input, finding, lease, request, in: transaction)
        }
        manager.forget()
        if input.reason == .leaked, try await isCurrent(lease.version + 1, credential, request) {
            await leave(Set(try formerKeys.rows.map { try $0.requireUUID(0) }), request)
        }
        guard input.promoteSecondaryToken, let token = secrets.authToken,
            try await isCurrent(lease.version + 1, credential, request)
        else { return committed }
        return try await promote(token, lease, request)
    }

    // MARK: Keeping

    private func keep(
        _ secrets: CredentialSecrets, _ input: RotateTwilioCredentialInput, _ finding: CredentialProbe.Finding,
        _ lease: TwilioLease, _ request: CommandRequest, in transaction: Transaction
    ) async throws -> CommandOutcome {
        let key: [PostgresValue] = [.organization(request.organization), .uuid(lease.credential)]
        _ = try await transaction.execute(
            CredentialQueries.lockOrganization, [.text(request.organization.description)])
        guard let row = try await transaction.execute(CredentialQueries.lockCredential, key).rows.first,
            row.string("status") != "REVOKED"
        else { return .refused([CredentialRefusal.revoked]) }
        guard row.int("secret_version") == lease.version else { return .refused([CredentialRefusal.overtaken]) }
        guard try await AccountClaim.hold(lease.accountSID, for: request.organization, in: transaction) else {
            return .refused([CredentialRefusal.accountTaken])
        }
        let next = lease.version + 1
        let keepsToken = input.reason == .planned && secrets.authToken !== lease.secrets.authToken
        try await secrets.seal(
            version: next, of: lease.credential, organization: request.organization, vault: manager.vault,
            in: transaction)
        _ = try await transaction.execute([
            (
                CredentialQueries.markRotated,
                key + [
                    .int(next), PostgresValue(secrets.apiKey?.sid.description), PostgresValue(secrets.sharedKey?.id),
                    .text(secrets.hint), keepsToken ? .int(input.previousTokenMinutes) : .null,
                    PostgresValue(finding.facts?.type), PostgresValue(finding.facts?.friendlyName),
                ]
            ),
            (CredentialQueries.deleteFormer, key + [.int(next), .bool(keepsToken)]),
        ])
        try await finding.facts?.keepRecipients(of: lease.credential, in: transaction)
        try await record(
            "credential.rotate", lease.credential, request, purpose: input.reason.rawValue, in: transaction)
        if keepsToken {
            let end = Date(timeIntervalSinceNow: Double(input.previousTokenMinutes) * 60)
            try await WorkQueue.enqueue(PreviousTokens.job, subject: lease.credential, runAt: end, in: transaction)
        }
        try await announcer.announce(
            channel: CredentialManager.channel, payload: lease.credential.text, in: transaction)
        return .done(["credential": .row(lease.credential)])
    }

    /// Moves the organization's secrets away from these keys and destroys them. The credential is rotated by now, whatever
    /// becomes of this; `vault status` names what is left, and `vault rotate-org` takes it up again.
    private func leave(_ keys: Set<UUID>, _ request: CommandRequest) async {
        let rotation = OrganizationKeyRotation(
            database: manager.database, vault: manager.vault, audit: manager.audit, for: .caller(request.caller))
        do {
            let report = try await rotation.run(request.organization, awayFrom: keys)
            guard report.left > 0 else { return }
            manager.logger.error(
                "After a leak a key of the organization could not be destroyed: there are secrets that do not open.",
                metadata: ["organization": "\(request.organization)", "left": "\(report.left)"])
        } catch {
            manager.logger.error(
                "After a leak the keys of the organization could not be changed; run `switchboard vault rotate-org`.",
                metadata: ["organization": "\(request.organization)", "reason": "\(error)"])
        }
    }

    /// Whether the rotation was committed, and not refused.
    private func isCurrent(_ version: Int, _ credential: UUID, _ request: CommandRequest) async throws -> Bool {
        do {
            let now = try await manager.open(
                request.organization, credential: credential, purpose: .rotate, for: .caller(request.caller))
            return now.version == version
        } catch LeaseError.noCredential {
            return false
        }
    }

    // MARK: Twilio's second token

    private func newToken(_ lease: TwilioLease) async -> Result<SharedSecret, CredentialRefusal> {
        guard let current = lease.secrets.authToken else {
            return .failure(
                CredentialRefusal(errors: [
                    UserError(
                        code: "INVALID_AUTH_TOKEN",
                        message:
                            "This credential has no auth token, so Twilio cannot be asked for a second one. Give the "
                            + "secondary token of the Twilio console as authToken.", field: ["authToken"])
                ]))
        }
        let client = factory.client(account: lease.accountSID, authentication: .authToken(current))
        switch await client.authTokens.createSecondary() {
        case .accepted(let answer): return .success(answer.token)
        case .refused(let answer) where answer.disposition != .retryLater:
            return .failure(
                CredentialRefusal(errors: [
                    UserError(
                        code: "TWILIO_REFUSED",
                        message:
                            "Twilio made no second auth token (\(answer.description)). If there is one already, give "
                            + "it as authToken; else look at API keys & tokens in the Twilio console.",
                        field: ["promoteSecondaryToken"])
                ]))
        case .refused, .notSent, .inDoubt: return .failure(CredentialRefusal(errors: [Self.unreachable]))
        }
    }

    /// Called by the new token, which is sealed by now.
    private func promote(
        _ token: SharedSecret, _ lease: TwilioLease, _ request: CommandRequest
    ) async throws -> Committed {
        let client = factory.client(account: lease.accountSID, authentication: .authToken(token))
        let problem: TwilioError.Disposition? =
            switch await client.authTokens.promote() {
            case .accepted: nil
            case .refused(let answer): answer.disposition
            case .notSent: .retryLater
            case .inDoubt: .inDoubt
            }
        return try await request.commit(as: .vault) { transaction in
            if let problem {
                _ = try await transaction.execute(
                    CredentialQueries.noteProblem,
                    [
                        .organization(request.organization), .uuid(lease.credential),
                        .text(
                            "The new token is kept and in use, but Twilio did not promote it (\(problem.rawValue)): "
                                + "promote the secondary token in the Twilio console, under API keys & tokens."),
                    ])
            }
            try await record(
                "credential.promote", lease.credential, request, outcome: problem == nil ? .done : .refused,
                in: transaction)
            return .done(["credential": .row(lease.credential)])
        }
    }

    // MARK: Refusing

    private static let unreachable = UserError(
        code: "TWILIO_UNREACHABLE",
        message: "Twilio could not be asked, so nothing was changed. Try again; if the token has leaked, revoke the "
            + "credential meanwhile.", field: nil)

    private func refuse(
        _ refusal: CredentialRefusal, _ credential: UUID, _ request: CommandRequest
    ) async throws -> Committed {
        let code = refusal.errors.first?.code
        _ = try await request.commit(as: .vault) { transaction in
            try await record(
                "credential.rotate", credential, request, purpose: code, outcome: .refused, in: transaction)
            return .done([:])
        }
        return try await request.refuse(refusal.errors)
    }

    private func record(
        _ action: String, _ credential: UUID, _ request: CommandRequest, purpose: String? = nil,
        outcome: AuditEvent.Outcome = .done, in transaction: Transaction
    ) async throws {
        try await manager.audit.append(
            AuditEvent(
                actor: request.caller.actor, action: action, outcome: outcome, subjectKind: "CREDENTIAL",
                subjectID: credential, purpose: purpose, requestID: request.caller.requestID,
                source: request.caller.address),
            in: transaction)
    }
}
