import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `createTemplate`.
package struct CreateTemplate: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        let name = input["name"]?.stringValue ?? ""
        let nameErrors = TemplateName.error(name).map { [$0] } ?? []
        let checked = TemplateDraft.check(
            body: input["body"]?.stringValue ?? "",
            kind: input["kind"]?.stringValue.flatMap(TemplateDraft.Kind.init(rawValue:)),
            variables: TemplateDraft.variables(input["variables"]) ?? [])
        switch checked {
        case .failure(let refusal): return try await request.refuse(nameErrors + refusal.errors)
        case .success(let draft):
            guard nameErrors.isEmpty else { return try await request.refuse(nameErrors) }
            return try await request.commit { transaction in
                let made = try await TemplateStore.create(
                    name: name, category: input["category"]?.stringValue ?? "OTHER", draft, in: transaction)
                guard let made else { return .refused([TemplateName.taken]) }
                return .done(["template": .row(made)])
            }
        }
    }
}
