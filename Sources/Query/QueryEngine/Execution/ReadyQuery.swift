import Postgres

/// A query that one statement answers whole, with its values, for one tenant.
struct ReadyQuery: Sendable {
    let prepared: Preparation.Prepared
    let envelope: ResponseEnvelope
    let read: TenantRead

    /// `nil` for any other.
    init?(_ prepared: Preparation.Prepared, of organization: OrganizationID?, in engine: Engine) {
        guard let envelope = prepared.compiled.envelope, let tenant = prepared.compiled.tenant, let organization,
            let values = try? prepared.values.values(tenant.parameters),
            let read = try? engine.database.tenantRead(
                organization, tenant.statement, values, timeout: engine.configuration.statementTimeout,
                pace: prepared.compiled.pace)
        else { return nil }
        self.prepared = prepared
        self.envelope = envelope
        self.read = read
    }
}

/// What became of a request when it was begun: who sends the very same again, as a client does that polls, hands this over
/// again, and nothing is looked up or encoded a second time. It is of use to the same role in the same organization alone.
///
/// `@unchecked Sendable`: one request at a time has it.
package final class QueryMemo: @unchecked Sendable {
    private var kept: (document: [UInt8], role: Role, organization: OrganizationID?, query: ReadyQuery)?
    private var uses = 0

    /// As often it goes without the cache, which drops what nobody asks it for.
    private static let mostUses = 256
    /// In bytes: what longer ones take is for the cache to bound.
    private static let longest = 8_192

    package init() {}

    func query(for request: EngineRequest, _ caller: Caller) -> ReadyQuery? {
        guard let kept, kept.role == caller.role, kept.organization == caller.organization,
            kept.document == request.document, uses < Self.mostUses
        else { return nil }
        uses += 1
        return kept.query
    }

    func keep(_ query: ReadyQuery, for request: EngineRequest, _ caller: Caller) {
        uses = 0
        kept =
            request.document.count <= Self.longest ? (request.document, caller.role, caller.organization, query) : nil
    }
}
