import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `configurePhoneNumber`: whether and how often a number sends by itself, and how fast.
package struct ConfigurePhoneNumber: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        var errors: [UserError] = []
        let id = input["id"]?.stringValue.flatMap { OpaqueID.decode($0, prefix: "num") }
        if id == nil { errors.append(Self.notFound) }
        let weight = input["rotationWeight"]?.intValue.map { Int($0) }
        if let weight, !(1...100).contains(weight) {
            errors.append(
                UserError(
                    code: "INVALID_WEIGHT", message: "Expected 1 to 100; 2 gets twice as many messages as 1.",
                    field: ["rotationWeight"]))
        }
        let rate = input["segmentsPerSecond"]
        let speed = rate?.doubleValue
        if let rate, !rate.isNull, !(0...10_000).contains(speed ?? -1) {
            errors.append(
                UserError(
                    code: "INVALID_RATE",
                    message: "Expected segments a second, up to 10,000: 0 for no limit, null for the rate of its kind.",
                    field: ["segmentsPerSecond"]))
        }
        guard let id, errors.isEmpty else { return try await request.refuse(errors) }
        let values: [PostgresValue] = [
            PostgresValue(input["rotationEnabled"]?.boolValue), PostgresValue(weight), .bool(rate != nil),
            PostgresValue(speed.map { "\($0)" }),
        ]
        return try await request.commit { transaction in
            let configured = try await transaction.execute(
                NumberQueries.configure, [.organization(request.organization), .uuid(id)] + values)
            guard configured.count == 1 else { return .refused([Self.notFound]) }
            return .done(["phoneNumber": .row(id)])
        }
    }

    private static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such number; `phoneNumbers` lists those there are.", field: ["id"])
}
