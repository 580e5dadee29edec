import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine
import Settings

/// Tells who gave a number that is not E.164 which one was likely meant.
package enum PhoneAdvice {
    /// Ends a request with these errors; each that is about a number among `input` gets the likely one added.
    package static func refuse(_ errors: [UserError], _ request: CommandRequest) async throws -> Committed {
        guard errors.contains(where: { $0.code == "INVALID_PHONE" }) else { return try await request.refuse(errors) }
        return try await request.commit { transaction in
            let country = try await OrganizationSettings.read(in: transaction).defaultCountry
            return .refused(
                errors.map { error in
                    guard error.code == "INVALID_PHONE", let field = error.field,
                        let given = field.first.flatMap({ request.input[$0]?.stringValue })
                    else { return error }
                    return E164.refusal(given, country: country, field: field)
                })
        }
    }
}
