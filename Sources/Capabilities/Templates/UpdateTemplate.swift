import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `updateTemplate`: another text or other variables make a new version.
package struct UpdateTemplate: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        guard let id = input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "tpl") }) else {
            return try await request.refuse([TemplateName.notFound])
        }
        let name = input["name"]?.stringValue
        if let error = name.flatMap(TemplateName.error) { return try await request.refuse([error]) }
        let body = input["body"]?.stringValue
        let said = TemplateDraft.variables(input["variables"])
        let wanted = input["kind"]?.stringValue.flatMap(TemplateDraft.Kind.init(rawValue:))
        return try await request.commit { transaction in
            let organization = PostgresValue.organization(request.organization)
            let found = try await transaction.execute(TemplateQueries.lock, [organization, .uuid(id)])
            guard let row = found.rows.first else { return .refused([TemplateName.notFound]) }
            let newName = try name ?? row.requireString("name")
            if try row.requireBool("is_archived") == false {
                let taken = try await transaction.execute(
                    TemplateQueries.isTaken, [organization, .text(newName), .uuid(id)])
                guard taken.count == 0 else { return .refused([TemplateName.taken]) }
            }
            var version = try row.requireUUID("current_version_id")
            let known = try await TemplateStore.variables(of: version, in: transaction)
            let oldBody = try row.requireString("body")
            let checked = TemplateDraft.check(
                body: body ?? oldBody, kind: wanted, variables: said ?? known, keepsUnused: said == nil)
            let draft: TemplateDraft
            switch checked {
            case .failure(let refusal): return .refused(refusal.errors)
            case .success(let fit): draft = fit
            }
            if draft.body != oldBody || draft.variables != known {
                version = UUID()
                try await TemplateStore.keep(draft, as: version, of: id, in: transaction)
            }
            _ = try await transaction.execute(
                TemplateQueries.update,
                [
                    organization, .uuid(id), .text(newName),
                    .text(try input["category"]?.stringValue ?? row.requireString("category")),
                    .text(draft.kind.rawValue), .uuid(version),
                ])
            return .done(["template": .row(id)])
        }
    }
}
