import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine
import Settings

/// `createContact`.
package struct CreateContact: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        let given = input["phone"]?.stringValue ?? ""
        guard let phone = E164(given) else {
            return try await request.commit { transaction in
                let settings = try await OrganizationSettings.read(in: transaction)
                return .refused([E164.refusal(given, country: settings.defaultCountry, field: ["phone"])])
            }
        }
        let details: ContactDetails
        do throws(ContactDetails.Refusal) {
            details = try ContactDetails(input)
        } catch {
            return try await request.refuse(error.errors)
        }
        return try await request.commit { transaction in
            guard
                let id = try await ContactStore.create(
                    phone: phone, name: details.name, timeZone: details.timeZone, tags: details.tags,
                    in: transaction)
            else {
                return .refused([
                    UserError(
                        code: "CONTACT_EXISTS",
                        message:
                            "There is a contact with this phone already; find it by `contacts(filter: {phone: …})`, or "
                            + "by `otherPhone` where it was merged.",
                        field: ["phone"])
                ])
            }
            return .done(["contact": .row(id)])
        }
    }
}
