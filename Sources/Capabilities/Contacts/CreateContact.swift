import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `createContact`.
package struct CreateContact: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let phone = request.input["phone"]?.stringValue.flatMap(E164.init) else {
            return try await request.refuse([
                UserError(code: "INVALID_PHONE", message: E164.expectation, field: ["phone"])
            ])
        }
        let name = request.input["name"]?.stringValue
        if let name, !(1...200).contains(name.unicodeScalars.count) || name.utf8.contains(0) {
            return try await request.refuse([
                UserError(
                    code: "INVALID_NAME", message: "Expected 1 to 200 characters, or no name at all.", field: ["name"])
            ])
        }
        return try await request.commit { transaction in
            guard let id = try await ContactStore.create(phone: phone, name: name, in: transaction) else {
                return .refused([
                    UserError(
                        code: "CONTACT_EXISTS",
                        message:
                            "There is a contact with this phone already; find it by `contacts(filter: {phone: …})`.",
                        field: ["phone"])
                ])
            }
            return .done(["contact": .row(id)])
        }
    }
}
