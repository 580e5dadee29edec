package import OrderedCollections

/// A type of a schema (specification, section 3.4), with what its definition and all its extensions say.
package enum NamedType: Sendable, Hashable {
    case scalar(ScalarType)
    case object(ObjectType)
    case interface(InterfaceType)
    case union(UnionType)
    case enumeration(EnumType)
    case inputObject(InputObjectType)

    private var definition: any TypeDefinition {
        switch self {
        case .scalar(let type): type
        case .object(let type): type
        case .interface(let type): type
        case .union(let type): type
        case .enumeration(let type): type
        case .inputObject(let type): type
        }
    }

    /// Asked for each field of a document, and so without the way through `definition`.
    package var name: String {
        switch self {
        case .scalar(let type): type.name
        case .object(let type): type.name
        case .interface(let type): type.name
        case .union(let type): type.name
        case .enumeration(let type): type.name
        case .inputObject(let type): type.name
        }
    }
    package var description: String? { definition.description }
    /// The directives applied to the definition, then those of its extensions, in order.
    package var directives: [Directive] { definition.directives }
    package var location: SourceLocation { definition.location }

    /// The fields of an object or interface, else `nil`.
    package var fields: OrderedDictionary<String, FieldDefinition>? {
        switch self {
        case .object(let type): type.fields
        case .interface(let type): type.fields
        default: nil
        }
    }

    /// The interfaces that an object or interface implements.
    package var interfaces: OrderedSet<String> {
        switch self {
        case .object(let type): type.interfaces
        case .interface(let type): type.interfaces
        default: []
        }
    }

    package var isInput: Bool {
        switch self {
        case .scalar, .enumeration, .inputObject: true
        default: false
        }
    }

    package var isOutput: Bool { if case .inputObject = self { false } else { true } }

    package var isLeaf: Bool {
        switch self {
        case .scalar, .enumeration: true
        default: false
        }
    }

    package var isComposite: Bool {
        switch self {
        case .object, .interface, .union: true
        default: false
        }
    }

    package var isAbstract: Bool {
        switch self {
        case .interface, .union: true
        default: false
        }
    }

    package static func == (left: NamedType, right: NamedType) -> Bool {
        ObjectIdentifier(left.definition) == ObjectIdentifier(right.definition)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(definition))
    }
}

/// What all kinds of types have in common.
package protocol TypeDefinition: AnyObject, Sendable {
    var name: String { get }
    var description: String? { get }
    var directives: [Directive] { get }
    var location: SourceLocation { get }
}

package final class ScalarType: TypeDefinition {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    package let location: SourceLocation
    /// From `@specifiedBy(url:)`.
    package let specifiedByURL: String?
    package let coercion: ScalarCoercion

    init(
        name: String, description: String?, directives: [Directive], location: SourceLocation,
        specifiedByURL: String?, coercion: ScalarCoercion
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.location = location
        self.specifiedByURL = specifiedByURL
        self.coercion = coercion
    }
}

package final class ObjectType: TypeDefinition {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    package let location: SourceLocation
    package let interfaces: OrderedSet<String>
    package let fields: OrderedDictionary<String, FieldDefinition>

    init(
        name: String, description: String?, directives: [Directive], location: SourceLocation,
        interfaces: OrderedSet<String>, fields: OrderedDictionary<String, FieldDefinition>
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.location = location
        self.interfaces = interfaces
        self.fields = fields
    }
}

package final class InterfaceType: TypeDefinition {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    package let location: SourceLocation
    package let interfaces: OrderedSet<String>
    package let fields: OrderedDictionary<String, FieldDefinition>

    init(
        name: String, description: String?, directives: [Directive], location: SourceLocation,
        interfaces: OrderedSet<String>, fields: OrderedDictionary<String, FieldDefinition>
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.location = location
        self.interfaces = interfaces
        self.fields = fields
    }
}

package final class UnionType: TypeDefinition {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    package let location: SourceLocation
    package let members: OrderedSet<String>

    init(
        name: String, description: String?, directives: [Directive], location: SourceLocation,
        members: OrderedSet<String>
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.location = location
        self.members = members
    }
}

package final class EnumType: TypeDefinition {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    package let location: SourceLocation
    package let values: OrderedDictionary<String, EnumValueDefinition>

    init(
        name: String, description: String?, directives: [Directive], location: SourceLocation,
        values: OrderedDictionary<String, EnumValueDefinition>
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.location = location
        self.values = values
    }
}

package final class InputObjectType: TypeDefinition {
    package let name: String
    package let description: String?
    package let directives: [Directive]
    package let location: SourceLocation
    /// Marked `@oneOf`: a value has exactly one field, and it is not null.
    package let isOneOf: Bool
    package let fields: OrderedDictionary<String, InputValueDefinition>

    init(
        name: String, description: String?, directives: [Directive], location: SourceLocation, isOneOf: Bool,
        fields: OrderedDictionary<String, InputValueDefinition>
    ) {
        self.name = name
        self.description = description
        self.directives = directives
        self.location = location
        self.isOneOf = isOneOf
        self.fields = fields
    }
}
