package import GraphQL
package import OrderedCollections
package import Postgres
package import QueryEngine

/// `updateSettings`.
package struct UpdateSettings: Sendable {
    /// What capabilities above this one do when settings change, in the same transaction; by the names of the API.
    package typealias Following =
        @Sendable (_ given: OrderedDictionary<String, JSONValue>, Transaction) async throws -> Void

    private let following: [Following]

    package init(following: [Following] = []) {
        self.following = following
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let given: OrderedDictionary<String, JSONValue>
        switch SettingsInput.check(request.input) {
        case .failure(let refusal): return try await request.refuse(refusal.errors)
        case .success(let checked): given = checked
        }
        return try await request.commit { transaction in
            let organization = PostgresValue.organization(request.organization)
            _ = try await transaction.execute([
                (SettingsQueries.make, [organization]),
                (
                    SettingsQueries.change,
                    [organization, .text(String(decoding: JSONValue.object(given).bytes, as: UTF8.self))]
                ),
            ])
            for follow in following { try await follow(given, transaction) }
            return .done(["settings": .row(request.organization.uuid)])
        }
    }
}
