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
        let name = input["name"]?.stringValue
        let timeZone = input["timeZone"]?.stringValue
        var errors = [name.flatMap(ContactDetails.nameError), timeZone.flatMap(ContactDetails.timeZoneError)]
            .compactMap(\.self)
        var tags: [String] = []
        switch ContactDetails.tags(input["tags"]?.arrayValue?.compactMap(\.stringValue) ?? []) {
        case .success(let kept): tags = kept
        case .failure(let refusal): errors.append(refusal.error)
        }
        guard errors.isEmpty else { return try await request.refuse(errors) }
        return try await request.commit { [tags] transaction in
            guard
                let id = try await ContactStore.create(
                    phone: phone, name: name, timeZone: timeZone, tags: tags, in: transaction)
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
