import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine
import Settings

/// `importContacts`: a whole file in a few statements of one transaction.
package struct ImportContacts: Sendable {
    package init() {}

    private static let mostRefusals = 1_000

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        var options = ContactFile.Options()
        switch input["separator"]?.stringValue {
        case ",", nil: break
        case ";": options.separator = UInt8(ascii: ";")
        case "\t": options.separator = UInt8(ascii: "\t")
        default:
            return try await request.refuse([
                UserError(
                    code: "INVALID_SEPARATOR", message: "Expected a comma, a semicolon or a tab.", field: ["separator"])
            ])
        }
        switch ContactDetails.tags(input["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []) {
        case .success(let tags): options.tags = tags
        case .failure(let refusal): return try await request.refuse([refusal.error])
        }
        options.columns = (input["columns"]?.arrayValue ?? []).compactMap { column in
            guard let header = column["header"]?.stringValue,
                let field = column["field"]?.stringValue.flatMap(ContactColumns.Field.init(rawValue:))
            else { return nil }
            return (header, field)
        }
        options.acceptsLikelyNumbers = input["acceptLikelyNumbers"]?.boolValue ?? false
        let csv = input["csv"]?.stringValue ?? ""
        let isDryRun = input["dryRun"]?.boolValue ?? false
        let updates = input["known"]?.stringValue != "KEEP"
        return try await request.commit { [options] transaction in
            var options = options
            options.country = try await OrganizationSettings.read(in: transaction).defaultCountry
            do {
                var file = try ContactFile(csv, options)
                return .done([
                    "report": .json(
                        try await Self.carryOut(&file, isDryRun: isDryRun, updates: updates, in: transaction))
                ])
            } catch let unusable as ContactFile.Unusable {
                return .refused([unusable.error])
            }
        }
    }

    private static func carryOut(
        _ file: inout ContactFile, isDryRun: Bool, updates: Bool, in transaction: Transaction
    ) async throws -> JSONValue {
        let seen = try await transaction.execute(ContactQueries.compare, values(file, in: transaction))
        var created = 0
        var updated = 0
        var full: Set<String> = []
        for row in seen.rows {
            switch try row.requireString("what") {
            case "NEW": created += 1
            case "OTHER" where updates: updated += 1
            case "FULL" where updates: full.insert(try row.requireString("phone"))
            default: break
            }
        }
        if !full.isEmpty { file.refuse(full, ContactDetails.tooManyOfOne) }
        if !isDryRun {
            let values = values(file, in: transaction)
            if updates {
                let results = try await transaction.execute([
                    (ContactQueries.lockImported, Array(values.prefix(2))), (ContactQueries.updateImported, values),
                ])
                updated = results.last?.count ?? 0
            }
            created = try await transaction.execute(ContactQueries.insertImported, values).count
        }
        return report(file, isDryRun: isDryRun, created: created, updated: updated)
    }

    private static func values(_ file: ContactFile, in transaction: Transaction) -> [PostgresValue] {
        [
            PostgresValue(transaction.organization), .texts(file.rows.map(\.phone.description)),
            .texts(file.rows.map(\.name)), .texts(file.rows.map(\.timeZone)),
            .texts(file.rows.map { $0.tags.joined(separator: "\n") }),
        ]
    }

    private static func report(_ file: ContactFile, isDryRun: Bool, created: Int, updated: Int) -> JSONValue {
        let refusals = file.refused.sorted { $0.line < $1.line }.prefix(mostRefusals).map { refused -> JSONValue in
            [
                "line": .int(Int64(refused.line)), "field": .string(refused.field.rawValue),
                "code": .string(refused.code), "message": .string(refused.message),
                "likelyPhone": refused.likely.map { .string($0.description) } ?? .null,
            ]
        }
        return [
            "isDryRun": .bool(isDryRun), "rows": .int(Int64(file.count)), "created": .int(Int64(created)),
            "updated": .int(Int64(updated)), "unchanged": .int(Int64(file.rows.count - created - updated)),
            "refused": .int(Int64(file.refused.count)), "refusals": .array(refusals),
            "ignoredColumns": .array(file.ignoredColumns.map { .string($0) }),
        ]
    }
}
