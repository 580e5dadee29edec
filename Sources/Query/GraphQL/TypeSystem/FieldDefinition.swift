package import OrderedCollections

/// A field of an object or interface (specification, section 3.6).
package final class FieldDefinition: Sendable {
    package let name: String
    package let description: String?
    package let type: TypeReference
    /// The name inside all lists and exclamation marks of the type.
    package let typeName: String
    /// Where the schema keeps the named type, so that it need not be looked up by name for each field of a document;
    /// `nil` in the meta-fields, which all schemas share. Written once, by `Schema.init`, before anyone else sees it.
    nonisolated(unsafe) var typeIndex: Int?
    package let arguments: OrderedDictionary<String, InputValueDefinition>
    /// Whether some argument must be given.
    package let hasRequiredArguments: Bool
    /// As applied in the schema's text: bindings are read from here.
    package let directives: [Directive]
    /// `nil` where the field is not deprecated.
    package let deprecationReason: String?
    package let location: SourceLocation

    init(
        name: String, description: String?, type: TypeReference,
        arguments: OrderedDictionary<String, InputValueDefinition>, directives: [Directive],
        deprecationReason: String?, location: SourceLocation
    ) {
        self.name = name
        self.description = description
        self.type = type
        typeName = type.namedType
        self.arguments = arguments
        hasRequiredArguments = arguments.values.contains(where: \.isRequired)
        self.directives = directives
        self.deprecationReason = deprecationReason
        self.location = location
    }
}

/// An argument of a field or directive, or a field of an input object (specification, section 3.6.1).
package final class InputValueDefinition: Sendable {
    package let name: String
    package let description: String?
    package let type: TypeReference
    /// As that of a `FieldDefinition`; `nil` in the arguments of directives too.
    nonisolated(unsafe) var typeIndex: Int?
    /// As written.
    package let defaultValue: Value?
    package let directives: [Directive]
    /// `nil` where it is not deprecated.
    package let deprecationReason: String?
    package let location: SourceLocation

    /// Whether a value must be given: non-null, and without default.
    package var isRequired: Bool { type.isNonNull && defaultValue == nil }

    init(
        name: String, description: String?, type: TypeReference, defaultValue: Value?, directives: [Directive],
        deprecationReason: String?, location: SourceLocation
    ) {
        self.name = name
        self.description = description
        self.type = type
        self.defaultValue = defaultValue
        self.directives = directives
        self.deprecationReason = deprecationReason
        self.location = location
    }
}

package final class EnumValueDefinition: Sendable {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    /// `nil` where it is not deprecated.
    package let deprecationReason: String?
    package let location: SourceLocation

    init(
        name: String, description: String?, directives: [Directive], deprecationReason: String?,
        location: SourceLocation
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.deprecationReason = deprecationReason
        self.location = location
    }
}

/// A directive that a schema declares (specification, section 3.13).
package final class DirectiveDefinition: Sendable {
    package let name: String
    package let description: String?
    package let arguments: OrderedDictionary<String, InputValueDefinition>
    package let isRepeatable: Bool
    package let locations: OrderedSet<DirectiveLocation>
    package let location: SourceLocation

    init(
        name: String, description: String?, arguments: OrderedDictionary<String, InputValueDefinition>,
        isRepeatable: Bool, locations: OrderedSet<DirectiveLocation>, location: SourceLocation
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.isRepeatable = isRepeatable
        self.locations = locations
        self.location = location
    }
}

extension [Directive] {
    /// The first directive of a name.
    package func first(named name: String) -> Directive? {
        first { $0.name == name }
    }
}

extension Sequence<Directive> {
    /// All directives of a name, in order.
    package func all(named name: String) -> [Directive] {
        filter { $0.name == name }
    }
}
