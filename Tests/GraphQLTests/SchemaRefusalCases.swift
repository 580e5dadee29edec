/// Each rule of section 3 broken once, with everything that is then told: file, line, column and message.
///
/// One table, though it is long: it stands in the order of the section, so that beside the specification it shows at a
/// glance whether a rule is missing, and each entry is read by itself. Taken apart it would say less.
let schemaRefusals: [(text: String, messages: [String])] = [
    (
        "type A { a: Int }",
        ["A schema needs a query root type: a type “Query”, or one that “schema { query: … }” names."]
    ),
    (
        "type Query { a: Int } type Query { b: Int }",
        ["test.graphql:1:28: Type “Query” is defined twice."]
    ),
    (
        "type Query { a: Int a: Int }",
        ["test.graphql:1:21: Field “Query.a” is defined twice."]
    ),
    (
        "type Query { a(b: Int, b: Int): Int }",
        ["test.graphql:1:24: “Query.a(b:)” is defined twice."]
    ),
    (
        "type Query",
        ["test.graphql:1:6: Type “Query” must have at least one field."]
    ),
    (
        "type Query { __a: Int }",
        ["test.graphql:1:14: Field “__a”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a(__b: Int): Int }",
        ["test.graphql:1:16: Argument “__b”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Int } type __A { a: Int }",
        ["test.graphql:1:28: Type “__A”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Int } enum E { __A }",
        ["test.graphql:1:32: Enum value “__A”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Int } input I { __a: Int }",
        ["test.graphql:1:33: Input field “__a”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Int } directive @__a on FIELD",
        ["test.graphql:1:34: Directive “@__a”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Missing }",
        ["test.graphql:1:14: Field “Query.a” has the type “Missing”, which is not defined."]
    ),
    (
        "type Query { a(b: Missing): Int }",
        ["test.graphql:1:16: “Query.a(b:)” has the type “Missing”, which is not defined."]
    ),
    (
        "type Query { a: I } input I { a: Int }",
        ["test.graphql:1:14: Field “Query.a” has the input type “I”; it needs an output type."]
    ),
    (
        "type Query { a(b: Query): Int }",
        ["test.graphql:1:16: “Query.a(b:)” has the output type “Query”; it needs an input type."]
    ),
    (
        "type Query { a: Int } input I { q: Query }",
        ["test.graphql:1:33: “I.q” has the output type “Query”; it needs an input type."]
    ),
    (
        "type Query { a: Int } scalar Int",
        ["test.graphql:1:30: Type “Int” is built in; leave its definition out."]
    ),
    (
        "type Query { a: Int } directive @skip on FIELD",
        ["test.graphql:1:34: Directive “@skip” is built in; leave its definition out."]
    ),
    (
        "type Query { a: Int } extend type Missing { a: Int }",
        ["test.graphql:1:35: Type “Missing” is extended but not defined."]
    ),
    (
        "type Query { a: Int } extend interface Query { b: Int }",
        ["test.graphql:1:40: “Query” is defined with “type”, so it cannot be extended with “interface”."]
    ),
    (
        "type Query { a: Int } extend scalar Int @specifiedBy(url: \"x\")",
        ["test.graphql:1:37: Type “Int” is built in and cannot be extended."]
    ),
    (
        "schema { query: Query } schema { query: Query } type Query { a: Int }",
        ["test.graphql:1:25: There is a schema definition already."]
    ),
    (
        "schema { query: Query query: Query } type Query { a: Int }",
        ["test.graphql:1:23: The query root type is given twice."]
    ),
    (
        "schema { query: Q mutation: Q } type Q { a: Int }",
        ["test.graphql:1:19: “Q” is the root type of two kinds of operation."]
    ),
    (
        "schema { query: Q } interface Q { a: Int }",
        ["test.graphql:1:10: The query root type “Q” must be an object type that is defined."]
    ),
    (
        "type Query implements A { a: Int }",
        ["test.graphql:1:23: “Query” implements “A”, which is not a defined interface."]
    ),
    (
        "type Query implements A & A { a: Int } interface A { a: Int }",
        ["test.graphql:1:27: “Query” implements “A” twice."]
    ),
    (
        "type Query implements A { b: Int } interface A { a: Int }",
        ["test.graphql:1:6: “Query” lacks the field “a” of interface “A”."]
    ),
    (
        "type Query implements A { a: String } interface A { a: Int }",
        ["test.graphql:1:27: “Query.a” has the type “String”, which is no subtype of “Int” as “A.a” has it."]
    ),
    (
        "type Query implements A { a: Int } interface A { a: Int! }",
        ["test.graphql:1:27: “Query.a” has the type “Int”, which is no subtype of “Int!” as “A.a” has it."]
    ),
    (
        "type Query implements A { a: Int } interface A { a(b: Int): Int }",
        ["test.graphql:1:27: “Query.a” lacks the argument “b” of “A.a”."]
    ),
    (
        "type Query implements A { a(b: Int!): Int } interface A { a(b: Int): Int }",
        ["test.graphql:1:29: “Query.a(b:)” has the type “Int!”; “A.a” has “Int”."]
    ),
    (
        "type Query implements A { a(c: Int!): Int } interface A { a: Int }",
        ["test.graphql:1:29: “Query.a(c:)” is required, but “A.a” does not have it."]
    ),
    (
        "type Query implements A { a: Int @deprecated } interface A { a: Int }",
        ["test.graphql:1:27: “Query.a” is deprecated, but “A.a” is not."]
    ),
    (
        "type Query implements A { a: Int } interface A implements B { a: Int } interface B { a: Int }",
        ["test.graphql:1:23: “Query” must implement “B” because “A” does."]
    ),
    (
        "type Query { a: Int } interface A implements A { a: Int }",
        ["test.graphql:1:46: Interface “A” cannot implement itself."]
    ),
    (
        "type Query { a: Int } interface A implements B { a: Int } interface B implements A { a: Int }",
        [
            "test.graphql:1:46: “A” and “B” implement each other.",
            "test.graphql:1:82: “B” and “A” implement each other.",
        ]
    ),
    (
        "type Query { a: Int } union U",
        ["test.graphql:1:29: Union “U” must have at least one member."]
    ),
    (
        "type Query { a: Int } union U = Int",
        ["test.graphql:1:33: Union “U” has the member “Int”, which is not a defined object type."]
    ),
    (
        "type Query { a: Int } union U = Query | Query",
        ["test.graphql:1:41: Union “U” has the member “Query” twice."]
    ),
    (
        "type Query { a: Int } enum E",
        ["test.graphql:1:28: Enum “E” must have at least one value."]
    ),
    (
        "type Query { a: Int } enum E { A A }",
        ["test.graphql:1:34: Enum value “E.A” is defined twice."]
    ),
    (
        "type Query { a: Int } input I",
        ["test.graphql:1:29: Input “I” must have at least one field."]
    ),
    (
        "type Query { a(b: Int! @deprecated): Int }",
        ["test.graphql:1:16: “Query.a(b:)” is required and so cannot be deprecated."]
    ),
    (
        "type Query { a: Int } input I { a: Int! @deprecated }",
        ["test.graphql:1:33: “I.a” is required and so cannot be deprecated."]
    ),
    (
        "type Query { a: Int } input I @oneOf { a: Int! }",
        ["test.graphql:1:40: “I.a” belongs to a oneOf input, so its type must be nullable."]
    ),
    (
        "type Query { a: Int } input I @oneOf { a: Int = 1 }",
        ["test.graphql:1:40: “I.a” belongs to a oneOf input, so it cannot have a default."]
    ),
    (
        "type Query { a: Int } input I { i: I! }",
        ["test.graphql:1:29: Input “I” can never be written, because it needs a value that needs itself."]
    ),
    (
        "type Query { a: Int } input I { j: J! } input J { i: I! }",
        [
            "test.graphql:1:29: Input “I” can never be written, because it needs a value that needs itself.",
            "test.graphql:1:47: Input “J” can never be written, because it needs a value that needs itself.",
        ]
    ),
    (
        "type Query { a: Int } input I { j: J! k: O! } input J { i: I! } input O @oneOf { i: I }",
        [
            "test.graphql:1:29: Input “I” can never be written, because it needs a value that needs itself.",
            "test.graphql:1:53: Input “J” can never be written, because it needs a value that needs itself.",
        ]
    ),
    (
        "type Query { a(b: Int = \"x\"): Int }",
        ["test.graphql:1:25: A value of type “Int” does not fit. Expected an integer. Found a string."]
    ),
    (
        "type Query { a(b: [Int!] = [1, null]): Int }",
        ["test.graphql:1:32: Expected a value of type “Int!”, found null."]
    ),
    (
        "type Query { a(b: I = {c: 1}): Int } input I { b: Int }",
        ["test.graphql:1:24: Input “I” has no field “c”. Did you mean “b”?"]
    ),
    (
        "type Query { a(b: I = {}): Int } input I { b: Int! }",
        ["test.graphql:1:23: Input “I” needs the field “b” of type “Int!”."]
    ),
    (
        "type Query { a: Int } input I { i: I = {} }",
        ["test.graphql:1:33: The default of “I.i” needs itself."]
    ),
    (
        "type Query { a: Int } input I { j: J = {} } input J { i: I = {} }",
        ["test.graphql:1:33: The default of “I.j” needs itself."]
    ),
    (
        "type Query { a: Int @missing }",
        ["test.graphql:1:21: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int @oneOf }",
        ["test.graphql:1:21: Directive “@oneOf” may not be used on FIELD_DEFINITION."]
    ),
    (
        "type Query { a: Int @deprecated @deprecated }",
        ["test.graphql:1:33: Directive “@deprecated” may be used only once at this place."]
    ),
    (
        "type Query { a: Int @deprecated(reason: 1) }",
        ["test.graphql:1:41: A value of type “String!” does not fit. Expected a string. Found an integer."]
    ),
    (
        "type Query { a: Int @deprecated(because: \"\") }",
        ["test.graphql:1:33: Directive “@deprecated” has no argument “because”."]
    ),
    (
        "type Query { a: Int } scalar S @specifiedBy",
        ["test.graphql:1:32: Directive “@specifiedBy” needs the argument “url”."]
    ),
    (
        "type Query { a: Int } directive @a(b: Int @a) on ARGUMENT_DEFINITION",
        ["test.graphql:1:34: Directive “@a” uses itself."]
    ),
    (
        "type Query { a: Int } directive @a(b: Int @b) on ARGUMENT_DEFINITION directive @b(c: Int @a) on ARGUMENT_DEFINITION",
        ["test.graphql:1:34: Directive “@a” uses itself."]
    ),
    (
        "type Query { a: Int } { a }",
        ["test.graphql:1:23: Operations and fragments do not belong into a schema."]
    ),
    (
        "type Query { a: }",
        ["test.graphql:1:17: Syntax error: expected a type, found “}”."]
    ),
    (
        "type Query { a: Int } type Mutation { a: I } input I { b: Int }",
        ["test.graphql:1:39: Field “Mutation.a” has the input type “I”; it needs an output type."]
    ),
    (
        "type Query { a: Int } scalar Mutation",
        [
            "test.graphql:1:30: “Mutation” is the usual name of the mutation root type, which must be an object type; a schema definition must name another, or say that there is none."
        ]
    ),
    (
        "scalar Query",
        [
            "test.graphql:1:8: “Query” is the usual name of the query root type, which must be an object type; a schema definition must name another, or say that there is none."
        ]
    ),
    (
        "schema { query: Missing }",
        ["test.graphql:1:10: The query root type “Missing” must be an object type that is defined."]
    ),
    (
        "type Query { a: Int } directive @a on FIELD directive @a on QUERY",
        ["test.graphql:1:56: Directive “@a” is defined twice."]
    ),
    (
        "type Query { a: Int } directive @a(b: Int, b: Int) on FIELD",
        ["test.graphql:1:44: “@a(b:)” is defined twice."]
    ),
    (
        "type Query { a: Int } directive @a(b: Query) on FIELD",
        ["test.graphql:1:36: “@a(b:)” has the output type “Query”; it needs an input type."]
    ),
    (
        "type Query { a: Int } directive @a(b: Missing) on FIELD",
        ["test.graphql:1:36: “@a(b:)” has the type “Missing”, which is not defined."]
    ),
    (
        "type Query { a: Int } directive @a(__b: Int) on FIELD",
        ["test.graphql:1:36: Argument “__b”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Int } directive @a(b: Int = true) on FIELD",
        ["test.graphql:1:45: A value of type “Int” does not fit. Expected an integer. Found a boolean."]
    ),
    (
        "type Query { a: Int } directive @a(b: Int! @deprecated) on FIELD",
        ["test.graphql:1:36: “@a(b:)” is required and so cannot be deprecated."]
    ),
    (
        "type Query { a: Int } input I { a: Int } extend input I @oneOf",
        ["test.graphql:1:57: “@oneOf” belongs to the definition of “I”, not to an extension."]
    ),
    (
        "type Query { a: Int } input I @oneOf { a: Int } extend input I { b: Int! }",
        ["test.graphql:1:66: “I.b” belongs to a oneOf input, so its type must be nullable."]
    ),
    (
        "type Query { a: Int } extend type Query { a: Int }",
        ["test.graphql:1:43: Field “Query.a” is defined twice."]
    ),
    (
        "type Query { a: Int } enum E { A } extend enum E { A }",
        ["test.graphql:1:52: Enum value “E.A” is defined twice."]
    ),
    (
        "type Query { a: Int } union U = Query extend union U = Query",
        ["test.graphql:1:56: Union “U” has the member “Query” twice."]
    ),
    (
        "type Query implements A { a: Int } interface A { a: Int } extend type Query implements A",
        ["test.graphql:1:88: “Query” implements “A” twice."]
    ),
    (
        "type Query { a: Int } input I { a: Int a: Int }",
        ["test.graphql:1:40: “I.a” is defined twice."]
    ),
    (
        "type Query { a: Int } input I { a: Int } extend input I { a: Int }",
        ["test.graphql:1:59: “I.a” is defined twice."]
    ),
    (
        "type Query { a: Int } scalar S @specifiedBy(url: \"x\") extend scalar S @specifiedBy(url: \"y\")",
        ["test.graphql:1:71: Directive “@specifiedBy” may be used only once at this place."]
    ),
    (
        "type Query { a: Int @deprecated(reason: null) }",
        ["test.graphql:1:41: Expected a value of type “String!”, found null."]
    ),
    (
        "type Query { a: Int @deprecated(reason: \"a\", reason: \"b\") }",
        ["test.graphql:1:46: Argument “reason” is given twice."]
    ),
    (
        "type Query { a: Int } interface A { b: Int }  interface B implements A { a: Int }",
        ["test.graphql:1:57: “B” lacks the field “b” of interface “A”."]
    ),
    (
        "type Query { a: Int } interface A",
        ["test.graphql:1:33: Type “A” must have at least one field."]
    ),
    (
        "type Query { a: Int } interface A { __a: Int }",
        ["test.graphql:1:37: Field “__a”: names that begin with “__” are reserved."]
    ),
    (
        "type Query { a: Int } interface A { a: I } input I { b: Int }",
        ["test.graphql:1:37: Field “A.a” has the input type “I”; it needs an output type."]
    ),
    (
        "type Query implements A { a: [Int] } interface A { a: [Int!] }",
        ["test.graphql:1:27: “Query.a” has the type “[Int]”, which is no subtype of “[Int!]” as “A.a” has it."]
    ),
    (
        "type Query implements A { a: A } interface A { a: Query }",
        ["test.graphql:1:27: “Query.a” has the type “A”, which is no subtype of “Query” as “A.a” has it."]
    ),
    (
        "type Query { a: Int } union U = A interface A { a: Int }",
        ["test.graphql:1:33: Union “U” has the member “A”, which is not a defined object type."]
    ),
    (
        "type Query { a: Int } union U = Missing",
        ["test.graphql:1:33: Union “U” has the member “Missing”, which is not a defined object type."]
    ),
    (
        "type Query { a: Int } input I { a: Missing }",
        ["test.graphql:1:33: “I.a” has the type “Missing”, which is not defined."]
    ),
    (
        "type Query { a: Int } input I { a: Int = \"x\" }",
        ["test.graphql:1:42: A value of type “Int” does not fit. Expected an integer. Found a string."]
    ),
    (
        "type Query { a: Int } input I { a: [J!] = [{}] } input J { b: Int! }",
        ["test.graphql:1:44: Input “J” needs the field “b” of type “Int!”."]
    ),
    (
        "type Query { a(b: E = C): Int } enum E { A B }",
        ["test.graphql:1:23: Enum “E” has no value “C”. Did you mean “A” or “B”?"]
    ),
    (
        "type Query { a(b: E = \"A\"): Int } enum E { A B }",
        ["test.graphql:1:23: Enum “E” takes a bare name, not a string. Did you mean “A” or “B”?"]
    ),
    (
        "type Query { a(b: O = {a: 1, b: 2}): Int } input O @oneOf { a: Int b: Int }",
        ["test.graphql:1:23: Exactly one field must be given for “O”, and it must not be null. Found 2."]
    ),
    (
        "type Query { a: Int } extend union U = Query",
        ["test.graphql:1:36: Type “U” is extended but not defined."]
    ),
    (
        "schema @oneOf { query: Query } type Query { a: Int }",
        ["test.graphql:1:8: Directive “@oneOf” may not be used on SCHEMA."]
    ),
    (
        "type Query @missing { a: Int }",
        ["test.graphql:1:12: There is no directive “@missing”."]
    ),
    (
        "type Query { a(b: Int @missing): Int }",
        ["test.graphql:1:23: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } enum E { A @missing }",
        ["test.graphql:1:34: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } union U @missing = Query",
        ["test.graphql:1:31: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } input I @missing { a: Int }",
        ["test.graphql:1:31: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } input I { a: Int @missing }",
        ["test.graphql:1:40: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } interface I @missing { a: Int }",
        ["test.graphql:1:35: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } scalar S @missing",
        ["test.graphql:1:32: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } directive @d(a: Int @missing) on FIELD",
        ["test.graphql:1:43: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } enum E @missing { A }",
        ["test.graphql:1:30: There is no directive “@missing”."]
    ),
    (
        "type Query { a: Int } directive @a(b: I) on INPUT_FIELD_DEFINITION input I { c: Int @a }",
        ["test.graphql:1:34: Directive “@a” uses itself."]
    ),
    (
        "type Query { a: Int } directive @a(b: E) on ENUM_VALUE enum E { C @a }",
        ["test.graphql:1:34: Directive “@a” uses itself."]
    ),
    (
        "type Query { a: Int } input I { i: I = {i: {}} }",
        ["test.graphql:1:33: The default of “I.i” needs itself."]
    ),
    (
        "type Query { a: Int } input I { i: [I] = [{}] }",
        ["test.graphql:1:33: The default of “I.i” needs itself."]
    ),
    (
        "type Query { a: Int } type __A { a: Int }",
        ["test.graphql:1:28: Type “__A”: names that begin with “__” are reserved."]
    ),
]
