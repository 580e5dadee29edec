package import Foundation
package import GraphQL
package import OrderedCollections
package import Postgres
package import QueryEngine

/// A template and values for it, as a message is asked for by them.
package struct TemplateChoice: Sendable, Hashable {
    package let template: UUID
    package let values: OrderedDictionary<String, JSONValue>

    package init(template: UUID, values: OrderedDictionary<String, JSONValue>) {
        self.template = template
        self.values = values
    }
}

/// What is sent by a template: the text, and the version it was made of.
package struct RenderedTemplate: Sendable, Hashable {
    package let body: String
    package let template: UUID
    package let version: UUID
}

/// A template's current text, as it is sent.
package struct CurrentTemplate: Sendable {
    package let template: UUID
    package let version: UUID
    package let body: String
    package let text: TemplateText
    package let variables: [TemplateVariable]
}

/// Templates inside a tenant's transaction.
package enum TemplateStore {
    package static let noSuchTemplate = UserError(
        code: "UNKNOWN_TEMPLATE", message: "There is no such template in use; `templates` lists those there are.",
        field: ["templateId"])

    package static func render(
        _ choice: TemplateChoice, mayBeEmpty: Bool = false, in transaction: Transaction
    ) async throws -> Result<RenderedTemplate, TemplateRendering.Refusal> {
        guard let found = try await current(choice.template, in: transaction) else {
            return .failure(TemplateRendering.Refusal(errors: [noSuchTemplate]))
        }
        return TemplateRendering.render(
            found.text, found.variables, values: choice.values, mayBeEmpty: mayBeEmpty
        ).map {
            RenderedTemplate(body: $0, template: found.template, version: found.version)
        }
    }

    /// What is sent by a template now; `nil` when it is not there, or put away.
    package static func current(_ template: UUID, in transaction: Transaction) async throws -> CurrentTemplate? {
        let found = try await transaction.execute(
            TemplateQueries.current, [PostgresValue(transaction.organization), .uuid(template)])
        guard let row = found.rows.first else { return nil }
        let version = try row.requireUUID("current_version_id")
        let body = try row.requireString("body")
        return CurrentTemplate(
            template: template, version: version, body: body, text: try TemplateText(body),
            variables: try await variables(of: version, in: transaction))
    }

    /// Writes down by which version a message was made.
    package static func note(
        _ rendered: RenderedTemplate, of message: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        _ = try await transaction.execute(
            TemplateQueries.note,
            [
                PostgresValue(transaction.organization), .uuid(message), .uuid(rendered.template),
                .uuid(rendered.version),
            ])
    }

    package static func variables(
        of version: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> [TemplateVariable] {
        let found = try await transaction.execute(
            TemplateQueries.variables, [PostgresValue(transaction.organization), .uuid(version)])
        var variables: [TemplateVariable] = []
        for row in found.rows {
            variables.append(
                TemplateVariable(
                    name: try row.requireString("name"),
                    kind: TemplateVariable.Kind(rawValue: try row.requireString("type")) ?? .text,
                    defaultValue: row.string("default_value")))
        }
        return variables
    }

    /// Keeps a text as the template's next version.
    static func keep(
        _ draft: TemplateDraft, as version: UUID, of template: UUID, in transaction: Transaction
    ) async throws(PostgresError) {
        let organization = PostgresValue(transaction.organization)
        _ = try await transaction.execute([
            (
                TemplateQueries.insertVersion,
                [organization, .uuid(version), .uuid(template), .text(draft.body)]
            ),
            (
                TemplateQueries.insertVariables,
                [
                    organization, .uuid(version), .texts(draft.variables.map(\.name)),
                    .texts(draft.variables.map(\.kind.rawValue)),
                    .texts(draft.variables.map { $0.defaultValue ?? "" }),
                    .ints(draft.variables.map { $0.defaultValue == nil ? 0 : 1 }),
                ]
            ),
        ])
    }

    /// Makes a template, or answers whether its name is taken.
    static func create(
        name: String, category: String, _ draft: TemplateDraft, in transaction: Transaction
    ) async throws(PostgresError) -> UUID? {
        let template = UUID()
        let version = UUID()
        let inserted = try await transaction.execute(
            TemplateQueries.insert,
            [
                PostgresValue(transaction.organization), .uuid(template), .text(name), .text(category),
                .text(draft.kind.rawValue), .uuid(version),
            ])
        guard inserted.count == 1 else { return nil }
        try await keep(draft, as: version, of: template, in: transaction)
        return template
    }
}
