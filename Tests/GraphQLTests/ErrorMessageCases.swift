/// Texts that are not GraphQL, with place and message.
let syntaxErrors: [(text: String, place: String, message: String)] = [
    ("", "1:1", "expected a definition, found the end of the document."),
    ("{", "1:2", "expected a field or “...”, found the end of the document."),
    ("{ a", "1:4", "expected a field or “...”, found the end of the document."),
    ("{ a(b: ) }", "1:8", "expected a value, found “)”."),
    ("{ a(b 1) }", "1:7", "expected “:”, found an integer."),
    ("{ a: }", "1:6", "expected a name, found “}”."),
    ("query ($a Int) { a }", "1:11", "expected “:”, found “Int”."),
    ("query q { }", "1:11", "expected a field or “...”, found “}”."),
    ("notAKeyword { a }", "1:1", "expected a definition, found “notAKeyword”."),
    ("{ ...on }", "1:9", "expected a name, found “}”."),
    ("fragment on on Dog { a }", "1:10", "expected a name other than “on”, found “on”."),
    ("fragment f Dog { a }", "1:12", "expected “on”, found “Dog”."),
    ("query ($a: Int = $b) { a }", "1:18", "expected a constant value, found a variable."),
    ("\"text\" { a }", "1:1", "expected “query” after a description, found “{”."),
    ("\"text\" extend type A { a: Int }", "1:1", "expected a definition after a description, found “extend”."),
    ("extend type A", "1:14", "expected what the extension adds, found the end of the document."),
    ("extend query { a }", "1:8", "expected “schema” or a kind of type, found “query”."),
    ("enum A { true }", "1:10", "expected an enum value other than “true”, “false” and “null”, found “true”."),
    ("directive @a on NOWHERE", "1:17", "expected a directive location, found “NOWHERE”."),
    ("directive @a FIELD", "1:14", "expected “on”, found “FIELD”."),
    ("schema { other: A }", "1:10", "expected “query”, “mutation” or “subscription”, found “other”."),
    ("{ a } }", "1:7", "expected a definition, found “}”."),
    ("{ f(a: 01) }", "1:9", "expected the end of a number that begins with 0, found the character “1” (U+0031)."),
    ("{ f(a: 1.) }", "1:10", "expected a digit, found the character “)” (U+0029)."),
    ("{ f(a: 1a) }", "1:9", "expected the end of a number, found the character “a” (U+0061)."),
    ("{ f(a: 1.2.3) }", "1:11", "expected the end of a number, found the character “.” (U+002E)."),
    ("{ f(a: -) }", "1:9", "expected a digit, found the character “)” (U+0029)."),
    ("{ ? }", "1:3", "expected a name, a number, a string or a punctuator, found the character “?” (U+003F)."),
    ("{ é }", "1:3", "expected a name, a number, a string or a punctuator, found the character U+00E9."),
    ("{ a \u{07} }", "1:5", "expected a name, a number, a string or a punctuator, found the character U+0007."),
    ("{ f(a: \"abc) }", "1:15", "expected “\"” to end the string, found the end of the document."),
    ("{ f(a: \"abc", "1:12", "expected “\"” to end the string, found the end of the document."),
    ("{ f(a: \"a\nb\") }", "1:10", "expected “\"” to end the string, found the end of the line."),
    (
        "{ f(a: \"\\q\") }", "1:9",
        "expected an escape such as “\\n”, “\\u00E9” or “\\u{1F600}” in the string, found one that means nothing."
    ),
    ("{ f(a: \"\"\"abc", "1:14", "expected “\"\"\"” to end the block string, found the end of the document."),
    ("{ a . b }", "1:5", "expected a name, a number, a string or a punctuator, found the character “.” (U+002E)."),
    ("{ a\n  b(c: \"text\" \"text\") }", "2:15", "expected a name, found a string."),
    ("query ($a: [Int) { a }", "1:16", "expected “]”, found “)”."),
    ("type A { a(b: $c): Int }", "1:15", "expected a type, found “$”."),
    ("union U = | | A", "1:13", "expected a name, found “|”."),
    ("query q q { a }", "1:9", "expected “{”, found “q”."),
]

/// Documents that break one rule of section 5 or several, with places and messages.
let validationErrors: [(document: String, errors: [String])] = [
    (
        "type A { a: Int }",
        ["1:1 A definition or extension of the type system cannot be executed."]
    ),
    (
        "mutation { nothing } subscription { __typename }",
        [
            "1:1 An operation without name must be the only operation of its document.",
            "1:12 Type “Mutation” has no field “nothing”.",
            "1:22 An operation without name must be the only operation of its document.",
            "1:37 A subscription without name must not select an introspection field.",
        ]
    ),
    (
        "query q { dog { name } } query q { dog { name } }",
        ["1:7 1:32 There are two operations “q”."]
    ),
    (
        "{ dog { name } } query q { dog { name } }",
        ["1:1 An operation without name must be the only operation of its document."]
    ),
    (
        "subscription s { newMessage { body } disallowedSecondRootField }",
        ["1:38 Subscription “s” must select only one root field."]
    ),
    (
        "subscription { newMessage @skip(if: true) { body } }",
        ["1:27 A subscription without name must not use “@skip” or “@include” on its root selection."]
    ),
    (
        "{ dog { nam } }",
        ["1:9 Type “Dog” has no field “nam”. Did you mean “name”?"]
    ),
    (
        "{ pet { nickname } }",
        [
            "1:9 Type “Pet” has no field “nickname”. "
                + "Did you mean “... on Dog { nickname }” or “... on Cat { nickname }”?"
        ]
    ),
    ("{ catOrDog { name_ } }", ["1:14 Type “CatOrDog” has no field “name_”."]),
    (
        "{ dog { name: nickname name } }",
        [
            "1:9 1:24 Fields “name” cannot be merged, because “nickname” and “name” are different fields. Give one of them an alias."
        ]
    ),
    (
        "{ dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: DOWN) } }",
        [
            "1:9 1:42 Fields “doesKnowCommand” cannot be merged, because they have different arguments. Give one of them an alias."
        ]
    ),
    (
        "{ pet { ... on Dog { x: nickname } ... on Cat { x: meowVolume } } }",
        [
            "1:22 1:49 Fields “x” cannot be merged, because they have the different types “String” and “Int”. Give one of them an alias."
        ]
    ),
    (
        "{ dog }",
        ["1:3 Field “dog” has the type “Dog”; select some of its fields: “dog { … }”."]
    ),
    (
        "{ dog { name { a } } }",
        ["1:14 Field “name” has the type “String!”, which has no fields to select."]
    ),
    (
        "{ dog { isHouseTrained(atOtherHome: true) } }",
        ["1:24 Field “Dog.isHouseTrained” has no argument “atOtherHome”. Did you mean “atOtherHomes”?"]
    ),
    (
        "{ dog { isHouseTrained(atOtherHomes: true, atOtherHomes: true) } }",
        ["1:24 1:44 Argument “atOtherHomes” is given twice."]
    ),
    (
        "{ dog { doesKnowCommand } }",
        ["1:9 Field “Dog.doesKnowCommand” needs the argument “dogCommand” of type “DogCommand!”."]
    ),
    (
        "{ dog @skip { name } }",
        ["1:7 Directive “@skip” needs the argument “if” of type “Boolean!”."]
    ),
    (
        "{ dog { ...f } } fragment f on Dog { name } fragment f on Dog { name }",
        ["1:27 1:54 There are two fragments “f”."]
    ),
    (
        "{ dog { ... on Doge { name } } }",
        ["1:16 There is no type “Doge”. Did you mean “Dog”, “Node” or “Page”?"]
    ),
    (
        "{ dog { ... on DogCommand { name } } }",
        ["1:16 A fragment cannot be on “DogCommand”, which is no object, interface or union type."]
    ),
    (
        "{ dog { name } } fragment f on Dog { name }",
        ["1:18 Fragment “f” is never used."]
    ),
    (
        "{ dog { ...f } }",
        ["1:9 There is no fragment “f”."]
    ),
    (
        "{ dog { ...f } } fragment f on Dog { name ...g } fragment g on Dog { ...f }",
        ["1:70 Fragment “f” spreads itself through “g”."]
    ),
    (
        "{ dog { ... on Cat { name } } }",
        ["1:9 A fragment on “Cat” can never apply to “Dog”."]
    ),
    (
        "{ dog { ...f } } fragment f on Cat { name }",
        ["1:9 Fragment “f” on “Cat” can never apply to “Dog”."]
    ),
    (
        "{ arguments { intArgField(intArg: \"1\") } }",
        ["1:35 A value of type “Int” does not fit. Expected an integer. Found a string."]
    ),
    (
        "{ arguments { intArgField(intArg: 2147483648) } }",
        [
            "1:35 A value of type “Int” does not fit. Expected an integer of 32 bits, from -2147483648 to 2147483647. Found an integer."
        ]
    ),
    (
        "{ arguments { nonNullBooleanArgField(nonNullBooleanArg: null) } }",
        ["1:57 Expected a value of type “Boolean!”, found null."]
    ),
    (
        "{ dog { doesKnowCommand(dogCommand: SAT) } }",
        ["1:37 Enum “DogCommand” has no value “SAT”. Did you mean “SIT”?"]
    ),
    (
        "{ dog { doesKnowCommand(dogCommand: \"SIT\") } }",
        ["1:37 Enum “DogCommand” takes a bare name, not a string. Did you mean “SIT”?"]
    ),
    (
        "{ findDog(complex: 1) { name } }",
        ["1:20 Expected an object of type “ComplexInput”. Found an integer."]
    ),
    (
        "{ findDog(complex: {nam: \"a\"}) { name } }",
        ["1:21 Input “ComplexInput” has no field “nam”. Did you mean “name”?"]
    ),
    (
        "{ findDog(complex: {name: \"a\", name: \"b\"}) { name } }",
        ["1:21 1:32 Input field “name” is given twice."]
    ),
    (
        "mutation { addPet(pet: {cat: {}}) { name } }",
        ["1:30 Input “CatInput” needs the field “name” of type “String!”."]
    ),
    (
        "mutation { addPet(pet: {}) { name } }",
        ["1:24 Exactly one field must be given for “PetInput”, and it must not be null. Found none."]
    ),
    (
        "{ dog @tagg { name } }",
        ["1:7 There is no directive “@tagg”. Did you mean “@tag”?"]
    ),
    (
        "query @skip(if: true) { dog { name } }",
        ["1:7 Directive “@skip” may not be used on QUERY."]
    ),
    (
        "{ dog @skip(if: true) @skip(if: true) { name } }",
        ["1:7 1:23 Directive “@skip” may be used only once at this place."]
    ),
    (
        "query ($a: Int, $a: Int) { arguments { intArgField(intArg: $a) } }",
        ["1:8 1:17 Variable “$a” is defined twice."]
    ),
    (
        "query ($a: Dog) { dog { name } }",
        ["1:8 Variable “$a” is never used.", "1:12 Variable “$a” cannot have the type “Dog”, which is no input type."]
    ),
    (
        "{ arguments { intArgField(intArg: $a) } }",
        ["1:35 1:1 Variable “$a” is not defined."]
    ),
    (
        "query q { arguments { intArgField(intArg: $a) } }",
        ["1:43 1:1 Variable “$a” is not defined by operation “q”."]
    ),
    (
        "query q($a: Int) { dog { name } }",
        ["1:9 Variable “$a” is never used in operation “q”."]
    ),
    (
        "query ($a: String) { arguments { intArgField(intArg: $a) } }",
        ["1:8 1:54 Variable “$a” of type “String” is used where “Int” is expected."]
    ),
    (
        "mutation ($a: CatInput) { addPet(pet: {cat: $a}) { name } }",
        ["1:11 1:45 Variable “$a” must be non-null to be given for the oneOf input field “cat”."]
    ),
    (
        "query ($a: Nothing) { dog { name } }",
        ["1:8 Variable “$a” is never used.", "1:12 There is no type “Nothing”. Did you mean “String”?"]
    ),
]

/// Variables that do not fit: the type of `$v`, its JSON, and what is told of it.
let variableErrors: [(type: String, json: String?, message: String)] = [
    ("Int!", nil, "Variable “$v” of type “Int!” must be given."),
    ("Int", "\"a\"", "Variable “$v” of type “Int” has an invalid value. Expected an integer. Found a string."),
    ("Int", "1.5", "Variable “$v” of type “Int” has an invalid value. Expected an integer. Found a number."),
    (
        "Int", "3000000000",
        "Variable “$v” of type “Int” has an invalid value. Expected an integer of 32 bits, from -2147483648 to 2147483647. Found an integer."
    ),
    ("Int!", "null", "Variable “$v” of type “Int!” has an invalid value. Expected a value of type “Int!”, found null."),
    ("Float", "\"a\"", "Variable “$v” of type “Float” has an invalid value. Expected a number. Found a string."),
    ("String", "[1]", "Variable “$v” of type “String” has an invalid value. Expected a string. Found an array."),
    ("Boolean", "0", "Variable “$v” of type “Boolean” has an invalid value. Expected true or false. Found an integer."),
    (
        "ID", "1.5",
        "Variable “$v” of type “ID” has an invalid value. Expected an ID: a string or an integer. Found a number."
    ),
    (
        "DogCommand", "\"SAT\"",
        "Variable “$v” of type “DogCommand” has an invalid value. Expected one of the values of enum “DogCommand”. Found another string."
    ),
    (
        "DogCommand", "1",
        "Variable “$v” of type “DogCommand” has an invalid value. Expected a string that is one of the values of enum “DogCommand”. Found an integer."
    ),
    (
        "[Int!]", "[1, null]",
        "Variable “$v” of type “[Int!]” has an invalid value at “v[1]”. Expected a value of type “Int!”, found null."
    ),
    (
        "[[Int]]", "[[1], [\"a\"]]",
        "Variable “$v” of type “[[Int]]” has an invalid value at “v[1][0]”. Expected an integer. Found a string."
    ),
    (
        "ComplexInput", "[]",
        "Variable “$v” of type “ComplexInput” has an invalid value. Expected an object of type “ComplexInput”. Found an array."
    ),
    (
        "ComplexInput", "{\"nam\": 1}",
        "Variable “$v” of type “ComplexInput” has an invalid value. Field “nam” is not defined by type “ComplexInput”."
    ),
    (
        "ComplexInput", "{\"name\": 1}",
        "Variable “$v” of type “ComplexInput” has an invalid value at “v.name”. Expected a string. Found an integer."
    ),
    (
        "PetInput", "{\"cat\": {}}",
        "Variable “$v” of type “PetInput” has an invalid value at “v.cat”. Field “name” of type “String!” must be given for “CatInput”."
    ),
    (
        "PetInput", "{}",
        "Variable “$v” of type “PetInput” has an invalid value. Exactly one field must be given for “PetInput”, and it must not be null. Found none."
    ),
    (
        "PetInput", "{\"cat\": null}",
        "Variable “$v” of type “PetInput” has an invalid value. Exactly one field must be given for “PetInput”, and it must not be null. Found null."
    ),
    (
        "PetInput", "{\"cat\": null, \"dog\": null}",
        "Variable “$v” of type “PetInput” has an invalid value. Exactly one field must be given for “PetInput”, and it must not be null. Found 2."
    ),
    (
        "[PetInput!]", "[{\"cat\": {\"name\": \"a\", \"meowVolume\": \"loud\"}}]",
        "Variable “$v” of type “[PetInput!]” has an invalid value at “v[0].cat.meowVolume”. Expected an integer. Found a string."
    ),
    (
        "Int = \"a\"", nil,
        "Variable “$v” of type “Int” has an invalid value. Its default value does not fit. Expected an integer. Found a string."
    ),
]
