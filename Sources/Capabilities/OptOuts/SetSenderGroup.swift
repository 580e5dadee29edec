import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `setSenderGroup`.
package struct SetSenderGroup: Sendable {
    package init() {}

    private static let mostNumbers = 1_000

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let given = request.input["phoneNumberIds"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard (1...Self.mostNumbers).contains(given.count) else {
            return try await request.refuse([
                UserError(
                    code: "TOO_MANY_NUMBERS", message: "Expected 1 to 1,000 numbers; these are \(given.count).",
                    field: ["phoneNumberIds"])
            ])
        }
        let group = request.input["group"]?.stringValue ?? ""
        guard (1...50).contains(group.unicodeScalars.count), !group.allSatisfy(\.isWhitespace), !group.utf8.contains(0)
        else {
            return try await request.refuse([
                UserError(code: "INVALID_GROUP", message: "Expected 1 to 50 characters.", field: ["group"])
            ])
        }
        let numbers = given.map { OpaqueID.decode($0, prefix: "num") }
        return try await request.commit { transaction in
            let changed = try await transaction.execute(
                OptOutQueries.setGroup,
                [.organization(request.organization), .uuids(numbers.compactMap(\.self)), .text(group)])
            let found = Set(changed.rows.compactMap { $0.uuid("id") })
            if let index = numbers.firstIndex(where: { $0.map { !found.contains($0) } ?? true }) {
                return .refused([
                    UserError(
                        code: "NOT_FOUND", message: "There is no such number; `phoneNumbers` lists those there are.",
                        field: ["phoneNumberIds", "\(index)"])
                ])
            }
            return .done(["changed": .json(.int(Int64(changed.count)))])
        }
    }
}
