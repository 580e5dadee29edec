package import Audit
import Foundation
import GraphQL
package import Postgres
package import QueryEngine
import Synchronization
import Twilio
package import Vault

/// `registerTwilioCredential`: Twilio is asked first, outside any transaction; then the public row, the sealed secrets,
/// the claim on the account and the audit are committed together, or nothing is.
package struct RegisterTwilioCredential: Sendable {
    private let database: Database
    private let vault: KeyVault
    private let audit: AuditLog
    private let probe: CredentialProbe

    package init(database: Database, vault: KeyVault, factory: TwilioClientFactory, audit: AuditLog) {
        self.database = database
        self.vault = vault
        self.audit = audit
        self.probe = CredentialProbe(factory: factory)
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input: RegisterTwilioCredentialInput
        switch try RegisterTwilioCredentialInput.parse(request.input) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let parsed): input = parsed
        }
        let finding = await probe.ask(input.accountSID, input.secrets)
        switch finding {
        case .refused(let error), .inactive(_, let error):
            try await auditRefusal(request, purpose: error.code)
            return try await request.refuse([error])
        case .verified, .unreachable: break
        }
        let refusal = Mutex<String?>(nil)
        let committed = try await request.commit(as: .vault) { transaction in
            let outcome = try await register(input, finding, request, in: transaction)
            if case .refused(let errors) = outcome { refusal.withLock { $0 = errors.first?.code } }
            return outcome
        }
        // What was refused inside has rolled back, its audit with it.
        if let code = refusal.withLock({ $0 }) { try await auditRefusal(request, purpose: code) }
        return committed
    }

    private func register(
        _ input: RegisterTwilioCredentialInput, _ finding: CredentialProbe.Finding, _ request: CommandRequest,
        in transaction: Transaction
    ) async throws -> CommandOutcome {
        let organization = PostgresValue.organization(request.organization)
        let account = PostgresValue.text(input.accountSID.description)
        _ = try await transaction.execute(
            CredentialQueries.lockOrganization, [.text(request.organization.description)])
        // Only who has proved the account's secret is told that the account is taken, and only then is it claimed.
        if case .verified = finding,
            try await !AccountClaim.hold(input.accountSID, for: request.organization, in: transaction)
        {
            return .refused([CredentialRefusal.accountTaken])
        }
        if try await transaction.execute(CredentialQueries.liveByAccount, [organization, account]).count > 0 {
            return .refused([CredentialRefusal.accountKnown])
        }
        if input.makeDefault {
            _ = try await transaction.execute(CredentialQueries.unsetDefault, [organization])
        }
        let credential = UUID()
        _ = try await transaction.execute(
            CredentialQueries.insert,
            [
                organization, .uuid(credential), .text(input.label ?? Self.label(finding.facts?.friendlyName)),
                .text(finding.status), .bool(input.makeDefault), account,
                PostgresValue(input.secrets.apiKey?.sid.description), .text(input.secrets.hint),
                PostgresValue(finding.facts?.type), PostgresValue(finding.facts?.friendlyName),
                PostgresValue(finding.problem), PostgresValue(input.secrets.sharedKey?.id),
            ])
        try await finding.facts?.keepRecipients(of: credential, in: transaction)
        try await input.secrets.seal(
            version: 1, of: credential, organization: request.organization, vault: vault, in: transaction)
        _ = try await transaction.execute(
            CredentialQueries.insertHook, [.text(Token.make(prefix: "hk_")), organization, .uuid(credential)])
        try await audit.append(
            AuditEvent(
                actor: request.caller.actor, action: "credential.register", subjectKind: "CREDENTIAL",
                subjectID: credential, requestID: request.caller.requestID,
                source: request.caller.address),
            in: transaction)
        return .done(["credential": .row(credential)])
    }

    /// The account's own name, as far as it can be a label.
    private static func label(_ friendlyName: String?) -> String {
        let name = String((friendlyName ?? "").unicodeScalars.filter { $0 != "\u{0}" }.prefix(200))
        return name.isEmpty ? "Twilio" : name
    }

    private func auditRefusal(_ request: CommandRequest, purpose: String) async throws {
        try await database.withTenant(request.organization, as: .vault) { transaction in
            try await audit.append(
                AuditEvent(
                    actor: request.caller.actor, action: "credential.register", outcome: .refused,
                    subjectKind: "CREDENTIAL", purpose: purpose, requestID: request.caller.requestID,
                    source: request.caller.address),
                in: transaction)
        }
    }
}
