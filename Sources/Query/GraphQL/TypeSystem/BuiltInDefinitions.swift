/// What every schema has without writing it (specification, appendix C).
enum BuiltInDefinitions {
    static let source = Source(
        #"""
        "The `Int` scalar type represents non-fractional signed whole numeric values of 32 bits."
        scalar Int

        "The `Float` scalar type represents signed double-precision fractional values as specified by IEEE 754."
        scalar Float

        "The `String` scalar type represents textual data, as Unicode code points."
        scalar String

        "The `Boolean` scalar type represents `true` or `false`."
        scalar Boolean

        "The `ID` scalar type represents a unique identifier. It is serialized as a String, and not meant to be read."
        scalar ID

        "Directs the executor to include this field or fragment only when the `if` argument is true."
        directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Directs the executor to skip this field or fragment when the `if` argument is true."
        directive @skip("Skipped when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Marks an element of a GraphQL schema as no longer supported."
        directive @deprecated(
          "Why it is deprecated, and what to use instead, in CommonMark."
          reason: String! = "No longer supported"
        ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE

        "Exposes a URL that specifies the behavior of this scalar."
        directive @specifiedBy("The URL of the specification." url: String!) on SCALAR

        "Indicates that exactly one field of this Input Object must be given, and not null."
        directive @oneOf on INPUT_OBJECT

        "A GraphQL Schema: the types it has, the directives it supports, and where operations begin."
        type __Schema {
          description: String
          "All types of this schema."
          types: [__Type!]!
          "Where queries begin."
          queryType: __Type!
          "Where mutations begin, if there are any."
          mutationType: __Type
          "Where subscriptions begin, if there are any."
          subscriptionType: __Type
          "All directives of this schema."
          directives: [__Directive!]!
        }

        "A type, or with the kinds `LIST` and `NON_NULL` a wrapper around one. Which fields hold something depends on `kind`."
        type __Type {
          kind: __TypeKind!
          name: String
          description: String
          specifiedByURL: String
          fields(includeDeprecated: Boolean! = false): [__Field!]
          interfaces: [__Type!]
          possibleTypes: [__Type!]
          enumValues(includeDeprecated: Boolean! = false): [__EnumValue!]
          inputFields(includeDeprecated: Boolean! = false): [__InputValue!]
          ofType: __Type
          isOneOf: Boolean
        }

        "The kinds of `__Type`."
        enum __TypeKind {
          SCALAR
          OBJECT
          INTERFACE
          UNION
          ENUM
          INPUT_OBJECT
          LIST
          NON_NULL
        }

        "A field of an Object or Interface type, with its arguments and its type."
        type __Field {
          name: String!
          description: String
          args(includeDeprecated: Boolean! = false): [__InputValue!]!
          type: __Type!
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "An argument of a field or directive, or a field of an Input Object."
        type __InputValue {
          name: String!
          description: String
          type: __Type!
          "In the GraphQL language."
          defaultValue: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "One of the values of an Enum."
        type __EnumValue {
          name: String!
          description: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "A directive, with its arguments and where it may stand."
        type __Directive {
          name: String!
          description: String
          isRepeatable: Boolean!
          locations: [__DirectiveLocation!]!
          args(includeDeprecated: Boolean! = false): [__InputValue!]!
        }

        "Where a directive may stand."
        enum __DirectiveLocation {
          QUERY
          MUTATION
          SUBSCRIPTION
          FIELD
          FRAGMENT_DEFINITION
          FRAGMENT_SPREAD
          INLINE_FRAGMENT
          VARIABLE_DEFINITION
          SCHEMA
          SCALAR
          OBJECT
          FIELD_DEFINITION
          ARGUMENT_DEFINITION
          INTERFACE
          UNION
          ENUM
          ENUM_VALUE
          INPUT_OBJECT
          INPUT_FIELD_DEFINITION
        }
        """#, name: "built-in definitions")

    /// The names of the types and directives that a schema's text must not define.
    static let scalars: Set<String> = ["Int", "Float", "String", "Boolean", "ID"]
    static let directives: Set<String> = ["include", "skip", "deprecated", "specifiedBy", "oneOf"]

    static func isBuiltIn(type name: String) -> Bool {
        scalars.contains(name) || isReserved(name)
    }

    /// Two underscores begin the names of introspection (section 4, “Reserved Names”).
    static func isReserved(_ name: String) -> Bool {
        var bytes = name.utf8.makeIterator()
        return bytes.next() == UInt8(ascii: "_") && bytes.next() == UInt8(ascii: "_")
    }
}
