import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `duplicateTemplate`.
package struct DuplicateTemplate: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "tpl") }) else {
            return try await request.refuse([TemplateName.notFound])
        }
        let name = request.input["name"]?.stringValue
        if let error = name.flatMap(TemplateName.error) { return try await request.refuse([error]) }
        return try await request.commit { transaction in
            let found = try await transaction.execute(
                TemplateQueries.lock, [.organization(request.organization), .uuid(id)])
            guard let row = found.rows.first else { return .refused([TemplateName.notFound]) }
            let draft = TemplateDraft(
                body: try row.requireString("body"),
                kind: TemplateDraft.Kind(rawValue: try row.requireString("kind")) ?? .static,
                variables: try await TemplateStore.variables(
                    of: try row.requireUUID("current_version_id"), in: transaction))
            let newName = try name ?? String(row.requireString("name").unicodeScalars.prefix(93)) + " (copy)"
            let made = try await TemplateStore.create(
                name: newName, category: try row.requireString("category"), draft, in: transaction)
            guard let made else { return .refused([TemplateName.taken]) }
            return .done(["template": .row(made)])
        }
    }
}

/// `archiveTemplate`.
package struct ArchiveTemplate: Sendable {
    package init() {}

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        guard let id = request.input["id"]?.stringValue.flatMap({ OpaqueID.decode($0, prefix: "tpl") }) else {
            return try await request.refuse([TemplateName.notFound])
        }
        let isArchived = request.input["archived"]?.boolValue ?? true
        return try await request.commit { transaction in
            let organization = PostgresValue.organization(request.organization)
            let found = try await transaction.execute(TemplateQueries.lock, [organization, .uuid(id)])
            guard let row = found.rows.first else { return .refused([TemplateName.notFound]) }
            if !isArchived {
                let taken = try await transaction.execute(
                    TemplateQueries.isTaken, [organization, .text(try row.requireString("name")), .uuid(id)])
                guard taken.count == 0 else { return .refused([TemplateName.taken]) }
            }
            _ = try await transaction.execute(
                TemplateQueries.archive, [organization, .uuid(id), .bool(isArchived)])
            return .done(["template": .row(id)])
        }
    }
}
