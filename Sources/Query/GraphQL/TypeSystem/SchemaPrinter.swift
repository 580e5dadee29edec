import OrderedCollections

/// A schema as one SDL text, extensions merged, without what is built in.
///
/// - Parameters:
///   - visibility: what is hidden is left out.
///   - bindings: whether to print the schema's own type system directives, and where they are applied. Without them the
///     text is what clients see through introspection, plus `@deprecated`, `@specifiedBy` and `@oneOf`.
package func printSchema(_ schema: Schema, visibility: Visibility = .all, bindings: Bool = false) -> String {
    printDocument(SchemaPrinter(schema: schema, visibility: visibility, bindings: bindings).document)
}

/// Turns a schema back into definitions.
private struct SchemaPrinter {
    let schema: Schema
    let visibility: Visibility
    let bindings: Bool

    var document: Document {
        var definitions: [Definition] = []
        if let definition = schemaDefinition { definitions.append(.schema(definition)) }
        for directive in schema.directives.values where isShown(directive) {
            definitions.append(.directive(syntax(directive)))
        }
        for type in schema.types.values where type.location != .none && visibility.shows(.type(type)) {
            definitions.append(.type(syntax(type)))
        }
        return Document(definitions: definitions)
    }

    /// `nil` where the usual names of root types say it all.
    private var schemaDefinition: SchemaDefinitionSyntax? {
        let roots: [(OperationType, ObjectType?, String)] = [
            (.query, schema.queryType, "Query"), (.mutation, schema.mutationType, "Mutation"),
            (.subscription, schema.subscriptionType, "Subscription"),
        ]
        let directives = applied(schema.appliedDirectives)
        let isUsual = roots.allSatisfy { _, type, name in
            type.map { $0.name == name } ?? (schema.type(named: name) == nil)
        }
        guard !isUsual || schema.description != nil || !directives.isEmpty else { return nil }
        return SchemaDefinitionSyntax(
            isExtension: false, description: schema.description, directives: directives,
            operationTypes: roots.compactMap { operation, type, _ in
                type.map { OperationTypeDefinitionSyntax(operationType: operation, typeName: $0.name, location: .none) }
            }, location: .none)
    }

    private func isShown(_ directive: DirectiveDefinition) -> Bool {
        directive.location != .none && visibility.shows(.directive(directive))
            && (bindings || directive.locations.contains(where: \.isExecutable))
    }

    private func applied(_ directives: [Directive]) -> [Directive] {
        bindings ? directives : directives.filter { BuiltInDefinitions.directives.contains($0.name) }
    }

    private func syntax(_ type: NamedType) -> TypeDefinitionSyntax {
        let kind: TypeDefinitionSyntax.Kind =
            switch type {
            case .scalar: .scalar
            case .object: .object(interfaces: names(type.interfaces), fields: fields(of: type))
            case .interface: .interface(interfaces: names(type.interfaces), fields: fields(of: type))
            case .union(let union): .union(members: names(union.members))
            case .enumeration(let type): .enumeration(values: values(of: type))
            case .inputObject(let type): .inputObject(fields: inputValues(type.fields) { .inputField($0) })
            }
        return TypeDefinitionSyntax(
            isExtension: false, description: type.description, name: type.name, directives: applied(type.directives),
            kind: kind, location: .none, nameLocation: .none)
    }

    private func names(_ names: OrderedSet<String>) -> [NamedTypeSyntax] {
        names.filter { name in schema.type(named: name).map { visibility.shows(.type($0)) } ?? false }
            .map { NamedTypeSyntax(name: $0, location: .none) }
    }

    private func fields(of type: NamedType) -> [FieldDefinitionSyntax] {
        (type.fields ?? [:]).values.filter { visibility.shows($0, of: type, in: schema) }.map { field in
            FieldDefinitionSyntax(
                description: field.description, name: field.name,
                arguments: inputValues(field.arguments) { .argument($0) }, type: field.type,
                directives: applied(field.directives), location: .none, typeLocation: .none)
        }
    }

    private func values(of type: EnumType) -> [EnumValueDefinitionSyntax] {
        type.values.values.filter { visibility.shows(.enumValue($0)) }.map { value in
            EnumValueDefinitionSyntax(
                description: value.description, name: value.name, directives: applied(value.directives),
                location: .none)
        }
    }

    private func inputValues(
        _ values: OrderedDictionary<String, InputValueDefinition>,
        _ element: (InputValueDefinition) -> Visibility.Element
    ) -> [InputValueDefinitionSyntax] {
        values.values.filter { visibility.shows(element($0)) }.map { value in
            InputValueDefinitionSyntax(
                description: value.description, name: value.name, type: value.type, defaultValue: value.defaultValue,
                directives: applied(value.directives), location: .none, typeLocation: .none)
        }
    }

    private func syntax(_ directive: DirectiveDefinition) -> DirectiveDefinitionSyntax {
        DirectiveDefinitionSyntax(
            description: directive.description, name: directive.name,
            arguments: inputValues(directive.arguments) { .argument($0) }, isRepeatable: directive.isRepeatable,
            locations: Array(directive.locations), location: .none, nameLocation: .none)
    }
}
