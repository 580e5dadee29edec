import Contacts
package import Credentials
import Foundation
package import GraphQL
import Numbers
import OrderedCollections
package import Postgres
package import QueryEngine
import Synchronization
import Templates
package import Twilio

/// `messagePreview`: how a text will be cut, and what it will cost by Twilio's price list, before anything is sent.
package final class MessagePreview: Sendable {
    private let database: Database
    private let credentials: CredentialManager
    private let media: MediaInspector
    private let prices = Mutex<[PriceKey: Price]>([:])

    /// How long a price is believed.
    private static let freshness: Duration = .seconds(3_600)
    private static let longestMemory = 1_000

    private struct PriceKey: Hashable {
        let organization: OrganizationID
        let credential: UUID
        let country: String
        let kind: NumberFacts.Kind
    }

    private struct Price {
        let segment: Decimal
        let currency: String
        let askedAt: ContinuousClock.Instant
    }

    package init(database: Database, credentials: CredentialManager, media: MediaInspector) {
        self.database = database
        self.credentials = credentials
        self.media = media
    }

    package func resolve(_ request: ResolverRequest) async throws -> JSONValue {
        let input = request.arguments["input"]?.objectValue ?? [:]
        let to = input["to"]?.stringValue.flatMap(E164.init)
        var (body, errors) = try await text(input, to: to, for: request.caller)
        let addresses = OutboundMedia.parse(input, media, into: &errors)
        if !addresses.isEmpty { errors += OutboundMedia.problems(await media.ask(addresses)) }
        let missing = errors.filter { $0.code == "MISSING_VARIABLE" }.compactMap { $0.field?.last }
        let segments = MessageSegments(body)
        let perSegment = segments.count > 1 ? segments.encoding.unitsInEach : segments.encoding.unitsInSingle
        let recipients = max(1, input["recipients"]?.intValue ?? 1)
        // Twilio's price list names prices of segments alone: none for a message with files, which is not cut into any.
        let hasMedia = SendMessageInput.hasMedia(input)
        let price = hasMedia ? nil : try await price(input, to: to, for: request.caller)
        var problems: [JSONValue] = []
        if input["to"]?.stringValue != nil, to == nil {
            problems.append(
                Self.json(UserError(code: "INVALID_PHONE", message: E164.expectation, field: ["to"])))
        }
        problems += errors.map(Self.json)
        return [
            "body": .string(body), "encoding": segments.encoding == .gsm7 ? "GSM_7" : "UCS_2",
            "units": .int(Int64(segments.units)), "unitsPerSegment": .int(Int64(perSegment)),
            "segments": .int(hasMedia ? 0 : Int64(segments.count)),
            "missingVariables": .array(missing.map { .string($0) }),
            "price": Self.money(price, segments: Int64(segments.count)),
            "totalPrice": Self.money(price, segments: Int64(segments.count) * recipients),
            "problems": .array(problems),
        ]
    }

    /// The text with its variables filled in, or as it stands, and what is wrong with it.
    private func text(
        _ input: OrderedDictionary<String, JSONValue>, to: E164?, for caller: Caller
    ) async throws -> (String, [UserError]) {
        var body = input["body"]?.stringValue ?? ""
        let mayBeEmpty = SendMessageInput.hasMedia(input)
        let values = input["variables"] ?? .null
        var variables: [TemplateVariable] = []
        if let given = input["templateId"]?.stringValue {
            if input["body"]?.stringValue != nil { return (body, [Refusal.bodyAndTemplate]) }
            guard let organization = caller.organization, let id = OpaqueID.decode(given, prefix: "tpl"),
                let template = try await database.withTenant(
                    organization, { transaction in try await TemplateStore.current(id, in: transaction) })
            else { return (body, [TemplateStore.noSuchTemplate]) }
            body = template.body
            variables = template.variables
        } else if let problem = BulkText.problem(with: body, mayBeEmpty: mayBeEmpty) {
            // With no values it may be meant as it stands: sendMessage fills nothing in.
            let problem =
                values.isNull ? SendMessageInput.problem(withBody: body, mayBeEmpty: mayBeEmpty) : problem
            return (body, problem.map { [$0] } ?? [])
        }
        let text = try TemplateText(body)
        let rendered = TemplateRendering.render(
            text, variables,
            values: BulkText.values(for: text, own: values, shared: .null, contactName: nil, phone: to?.description),
            field: text.variables.isEmpty ? ["body"] : ["variables"], mayBeEmpty: mayBeEmpty)
        switch rendered {
        case .success(let filled): return (filled, [])
        case .failure(let refusal): return (body, refusal.errors)
        }
    }

    private static func json(_ error: UserError) -> JSONValue {
        [
            "code": .string(error.code), "message": .string(error.message),
            "field": error.field.map { .array($0.map { .string($0) }) } ?? .null,
        ]
    }

    private static func money(_ price: Price?, segments: Int64) -> JSONValue {
        guard let price else { return .null }
        return [
            "amount": .string("\(price.segment * Decimal(segments))"), "currency": .string(price.currency),
        ]
    }

    /// Of one segment to the recipient's country; `nil` where nobody can say.
    private func price(
        _ input: OrderedDictionary<String, JSONValue>, to: E164?, for caller: Caller
    ) async throws -> Price? {
        guard let to, let organization = caller.organization else { return nil }
        let wanted = input["credentialId"]?.stringValue.flatMap { OpaqueID.decode($0, prefix: "cred") }
        let found = try await database.read(
            organization, MessagingQueries.credential, [.organization(organization), PostgresValue(wanted)])
        guard let row = found.rows.first, row.string("status") == "VERIFIED" else { return nil }
        let key = PriceKey(
            organization: organization, credential: try row.requireUUID("id"),
            country: NumberingPlan.country(of: to.description),
            kind: input["from"]?.stringValue.map { NumberingPlan.kind(of: $0) } ?? .local)
        if let known = prices.withLock({ $0[key] }), .now - known.askedAt < Self.freshness { return known }
        guard let price = await ask(key) else { return nil }
        prices.withLock { prices in
            if prices.count >= Self.longestMemory { prices.removeAll() }
            prices[key] = price
        }
        return price
    }

    /// The highest price of a carrier there, so that the sum is not exceeded.
    private func ask(_ key: PriceKey) async -> Price? {
        guard let country = CountryCode(key.country),
            let lease = try? await credentials.lease(key.organization, credential: key.credential, purpose: .price),
            let list = try? await lease.client.pricing.messaging.fetch(country), let currency = list.priceUnit
        else { return nil }
        let type =
            switch key.kind {
            case .local: "local"
            case .tollFree: "toll free"
            case .mobile: "mobile"
            }
        let all = (list.outboundSmsPrices ?? []).flatMap { $0.prices ?? [] }
        let own = all.filter { $0.numberType == type }
        guard let segment = (own.isEmpty ? all : own).compactMap({ $0.currentPrice ?? $0.basePrice }).max() else {
            return nil
        }
        return Price(segment: segment, currency: currency.uppercased(), askedAt: .now)
    }
}
