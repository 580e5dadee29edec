import OrderedCollections

/// A schema as one SDL text, extensions merged, without what is built in.
///
/// - Parameters:
///   - visibility: what is hidden is left out.
///   - bindings: whether to print the schema's own type system directives, and where they are applied. Without them the
///     text is what clients see through introspection, plus `@deprecated`, `@specifiedBy` and `@oneOf`.
package func printSchema(_ schema: Schema, visibility: Visibility = .all, bindings: Bool = false) -> String {
    printDocument(SchemaPrinter(schema: VisibleSchema(schema, visibility), bindings: bindings).document)
}

/// Turns a schema back into definitions.
private struct SchemaPrinter {
    let schema: VisibleSchema
    let bindings: Bool

    var document: Document {
        var definitions: [Definition] = []
        if let definition = schemaDefinition { definitions.append(.schema(definition)) }
        for directive in schema.directives where isShown(directive) {
            definitions.append(.directive(syntax(directive)))
        }
        for type in schema.types where type.location != .none {
            definitions.append(.type(syntax(type)))
        }
        return Document(definitions: definitions)
    }

    /// `nil` where the usual names of root types say it all.
    private var schemaDefinition: SchemaDefinitionSyntax? {
        let roots: [(OperationType, ObjectType?, String)] = [
            (.query, schema.rootType(of: .query), "Query"), (.mutation, schema.rootType(of: .mutation), "Mutation"),
            (.subscription, schema.rootType(of: .subscription), "Subscription"),
        ]
        let directives = applied(schema.schema.appliedDirectives)
        let isUsual = roots.allSatisfy { _, type, name in
            type.map { $0.name == name } ?? (schema.type(named: name) == nil)
        }
        guard !isUsual || schema.schema.description != nil || !directives.isEmpty else { return nil }
        return SchemaDefinitionSyntax(
            isExtension: false, description: schema.schema.description, directives: directives,
            operationTypes: roots.compactMap { operation, type, _ in
                type.map { OperationTypeDefinitionSyntax(operationType: operation, typeName: $0.name, location: .none) }
            }, location: .none)
    }

    private func isShown(_ directive: DirectiveDefinition) -> Bool {
        directive.location != .none && (bindings || directive.locations.contains(where: \.isExecutable))
    }

    private func applied(_ directives: [Directive]) -> [Directive] {
        bindings ? directives : directives.filter { BuiltInDefinitions.directives.contains($0.name) }
    }

    private func syntax(_ type: NamedType) -> TypeDefinitionSyntax {
        let kind: TypeDefinitionSyntax.Kind =
            switch type {
            case .scalar: .scalar
            case .object: .object(interfaces: names(schema.interfaces(of: type)), fields: fields(of: type))
            case .interface: .interface(interfaces: names(schema.interfaces(of: type)), fields: fields(of: type))
            case .union(let union): .union(members: names(schema.possibleTypes(of: union.name)))
            case .enumeration(let type): .enumeration(values: values(of: type))
            case .inputObject(let type): .inputObject(fields: inputValues(schema.fields(of: type)))
            }
        return TypeDefinitionSyntax(
            isExtension: false, description: type.description, name: type.name, directives: applied(type.directives),
            kind: kind, location: .none, nameLocation: .none)
    }

    private func names(_ names: [String]) -> [NamedTypeSyntax] {
        names.map { NamedTypeSyntax(name: $0, location: .none) }
    }

    private func fields(of type: NamedType) -> [FieldDefinitionSyntax] {
        schema.fields(of: type).map { field in
            FieldDefinitionSyntax(
                description: field.description, name: field.name,
                arguments: inputValues(schema.arguments(field.arguments)), type: field.type,
                directives: applied(field.directives), location: .none, typeLocation: .none)
        }
    }

    private func values(of type: EnumType) -> [EnumValueDefinitionSyntax] {
        schema.values(of: type).map { value in
            EnumValueDefinitionSyntax(
                description: value.description, name: value.name, directives: applied(value.directives),
                location: .none)
        }
    }

    private func inputValues(_ values: [InputValueDefinition]) -> [InputValueDefinitionSyntax] {
        values.map { value in
            InputValueDefinitionSyntax(
                description: value.description, name: value.name, type: value.type,
                defaultValue: schema.defaultValue(of: value),
                directives: applied(value.directives), location: .none, typeLocation: .none)
        }
    }

    private func syntax(_ directive: DirectiveDefinition) -> DirectiveDefinitionSyntax {
        DirectiveDefinitionSyntax(
            description: directive.description, name: directive.name,
            arguments: inputValues(schema.arguments(directive.arguments)), isRepeatable: directive.isRepeatable,
            locations: Array(directive.locations), location: .none, nameLocation: .none)
    }
}
