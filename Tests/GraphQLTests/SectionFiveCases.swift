/// An example or counter-example of section 5, in our own words, with the rules that it breaks.
struct ValidationCase: CustomStringConvertible, Sendable {
    let section: String
    let rules: Set<String>
    let document: String
    /// `nil` for the schema of pets.
    var schemaText: String?

    var description: String { "\(section): \(document.split(separator: "\n").joined(separator: " ").prefix(80))" }

    static func valid(_ section: String, _ document: String) -> ValidationCase {
        ValidationCase(section: section, rules: [], document: document)
    }

    /// Fragments alone, as the specification shows them: that they are unused is not what is meant.
    static func fragments(_ section: String, _ document: String, _ rules: Set<String> = []) -> ValidationCase {
        ValidationCase(section: section, rules: rules.union(["NoUnusedFragments"]), document: document)
    }

    static func invalid(_ section: String, _ rules: Set<String>, _ document: String) -> ValidationCase {
        ValidationCase(section: section, rules: rules, document: document)
    }
}

extension ValidationCase {
    /// The same with a schema of its own.
    fileprivate func with(schema: String) -> ValidationCase {
        var other = self
        other.schemaText = schema
        return other
    }
}

let sectionFiveCases: [ValidationCase] =
    documentCases + fieldCases + argumentCases + fragmentCases + valueCases + directiveCases + variableCases

private let documentCases: [ValidationCase] = [
    .invalid(
        "5.1.1", ["ExecutableDefinitions", "FieldsOnCorrectType"],
        "query getDogName { dog { name color } } extend type Dog { color: String }"),
    .invalid("5.1.1", ["ExecutableDefinitions"], "{ dog { name } } schema { query: Query } directive @a on FIELD"),
    .valid("5.2.1.1", "query helloQuery { hello }").with(schema: "type Query { hello: String }"),
    .invalid("5.2.1.1", ["KnownOperationTypes"], "mutation goodbyeMutation { goodbye }")
        .with(schema: "type Query { hello: String }"),
    .invalid("5.2.1.1", ["KnownOperationTypes"], "subscription goodbyeSubscription { goodbye }")
        .with(schema: "type Query { hello: String }"),
    .valid("5.2.2.1", "query getDogName { dog { name } } query getOwnerName { dog { owner { name } } }"),
    .invalid(
        "5.2.2.1", ["UniqueOperationNames"],
        "query getName { dog { name } } query getName { dog { owner { name } } }"),
    .invalid(
        "5.2.2.1", ["UniqueOperationNames"],
        #"query dogOperation { dog { name } } mutation dogOperation { renamePet(name: "a") { name } }"#),
    .valid("5.2.3.1", "{ dog { name } }"),
    .invalid("5.2.3.1", ["LoneAnonymousOperation"], "{ dog { name } } query getName { dog { owner { name } } }"),
    .valid("5.2.4.1", "subscription sub { newMessage { body sender } }"),
    .valid(
        "5.2.4.1",
        "subscription sub { ...newMessageFields } fragment newMessageFields on Subscription { newMessage { body } }"),
    .invalid(
        "5.2.4.1", ["SingleFieldSubscriptions"],
        "subscription sub { newMessage { body sender } disallowedSecondRootField }"),
    .invalid(
        "5.2.4.1", ["SingleFieldSubscriptions"],
        """
        subscription sub { ...multiple }
        fragment multiple on Subscription { newMessage { body } disallowedSecondRootField }
        """),
    .invalid("5.2.4.1", ["SingleFieldSubscriptions"], "subscription sub { __typename }"),
    .invalid("5.2.4.1", ["SingleFieldSubscriptions"], "subscription sub { name: __typename }"),
    .invalid(
        "5.2.4.1", ["SingleFieldSubscriptions"],
        """
        subscription requiredRuntimeValidation($bool: Boolean!) {
          newMessage @include(if: $bool) { body }
          disallowedSecondRootField @skip(if: $bool)
        }
        """),
    .invalid(
        "5.2.4.1", ["SingleFieldSubscriptions"],
        "subscription sub { ... @include(if: true) { newMessage { body } } }"),
    .invalid(
        "5.2.4.1", ["SingleFieldSubscriptions", "PossibleFragmentSpreads"],
        "subscription sub { newMessage { body } a: newMessage { body } ... on Query { dog { name } } }"),
    .invalid(
        "5.2.4.1", ["PossibleFragmentSpreads"],
        "subscription sub { newMessage { body } ... on Query { dog { name } } }"),
    .valid("5.2.4.1", "subscription sub { newMessage { body @include(if: true) } newMessage { sender } }"),
]

private let fieldCases: [ValidationCase] = [
    .fragments("5.3.1", "fragment fieldNotDefined on Dog { meowVolume }", ["FieldsOnCorrectType"]),
    .fragments("5.3.1", "fragment aliased on Dog { barkVolume: kawVolume }", ["FieldsOnCorrectType"]),
    .fragments("5.3.1", "fragment interfaceFieldSelection on Pet { name }"),
    .fragments("5.3.1", "fragment definedOnImplementers on Pet { nickname }", ["FieldsOnCorrectType"]),
    .fragments(
        "5.3.1",
        "fragment inDirect on CatOrDog { __typename ... on Pet { name } ... on Dog { barkVolume } }"),
    .fragments("5.3.1", "fragment direct on CatOrDog { name barkVolume }", ["FieldsOnCorrectType"]),
    .fragments("5.3.1", "fragment meta on Dog { __schema { description } }", ["FieldsOnCorrectType"]),
    .fragments("5.3.2", "fragment mergeIdenticalFields on Dog { name name }"),
    .fragments("5.3.2", "fragment mergeIdenticalAliases on Dog { otherName: name otherName: name }"),
    .fragments("5.3.2", "fragment conflictingAlias on Dog { name: nickname name }", ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2", "fragment sameArgs on Dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: SIT) }"),
    .fragments(
        "5.3.2", "fragment sameVariables on Dog { doesKnowCommand(dogCommand: $a) doesKnowCommand(dogCommand: $a) }"),
    .fragments(
        "5.3.2", "fragment values on Dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: HEEL) }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2", "fragment valueAndVar on Dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: $a) }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2", "fragment twoVars on Dog { doesKnowCommand(dogCommand: $a) doesKnowCommand(dogCommand: $b) }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2", "fragment differingArgs on Dog { isHouseTrained(atOtherHomes: true) isHouseTrained }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2", "fragment differingRequiredArgs on Dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand }",
        ["OverlappingFieldsCanBeMerged", "ProvidedRequiredArguments"]),
    .fragments(
        "5.3.2",
        "fragment safeFields on Pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } }"),
    .fragments(
        "5.3.2",
        """
        fragment safeArgs on Pet {
          ... on Dog { doesKnowCommand(dogCommand: SIT) } ... on Cat { doesKnowCommand(catCommand: JUMP) }
        }
        """),
    .fragments(
        "5.3.2",
        "fragment shapes on Pet { ... on Dog { someValue: nickname } ... on Cat { someValue: meowVolume } }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2",
        "fragment deepShapes on Pet { ... on Dog { owner { x: name } } ... on Cat { owner { x: pets { name } } } }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2", "fragment deepFields on Dog { owner { name } owner { name: __typename } }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments(
        "5.3.2",
        """
        fragment objectOrder on Query {
          findDog(complex: {name: "a", owner: "b"}) { name } findDog(complex: {owner: "b", name: "a"}) { name }
        }
        """),
    .fragments(
        "5.3.2", "fragment abstractMeetsObject on Pet { x: name ... on Dog { x: nickname } }",
        ["OverlappingFieldsCanBeMerged"]),
    .fragments("5.3.3", "fragment scalarSelection on Dog { barkVolume }"),
    .fragments("5.3.3", "fragment notOnInt on Dog { barkVolume { sinceWhen } }", ["ScalarLeafs"]),
    .invalid("5.3.3", ["ScalarLeafs"], "query object { human }"),
    .invalid("5.3.3", ["ScalarLeafs"], "query interface { pet }"),
    .invalid("5.3.3", ["ScalarLeafs"], "query union { catOrDog }"),
]

private let argumentCases: [ValidationCase] = [
    .fragments("5.4.1", "fragment required on Dog { doesKnowCommand(dogCommand: SIT) }"),
    .fragments("5.4.1", "fragment optional on Dog { isHouseTrained(atOtherHomes: true) @include(if: true) }"),
    .fragments(
        "5.4.1", "fragment unknown on Dog { doesKnowCommand(command: CLEAN_UP_HOUSE) }",
        ["KnownArgumentNames", "ProvidedRequiredArguments"]),
    .fragments(
        "5.4.1", "fragment ofDirective on Dog { isHouseTrained(atOtherHomes: true) @include(unless: false) }",
        ["KnownArgumentNames", "ProvidedRequiredArguments"]),
    .fragments("5.4.1", "fragment multipleArgs on Arguments { multipleRequirements(x: 1, y: 2) }"),
    .fragments("5.4.1", "fragment reverseOrder on Arguments { multipleRequirements(y: 2, x: 1) }"),
    .fragments("5.4.2", "fragment twice on Arguments { intArgField(intArg: 1, intArg: 1) }", ["UniqueArgumentNames"]),
    .fragments("5.4.3", "fragment good on Arguments { booleanArgField(booleanArg: true) }"),
    .fragments("5.4.3", "fragment goodNonNull on Arguments { nonNullBooleanArgField(nonNullBooleanArg: true) }"),
    .fragments("5.4.3", "fragment default on Arguments { booleanArgField }"),
    .fragments("5.4.3", "fragment missing on Arguments { nonNullBooleanArgField }", ["ProvidedRequiredArguments"]),
    .fragments(
        "5.4.3", "fragment null on Arguments { nonNullBooleanArgField(nonNullBooleanArg: null) }",
        ["ValuesOfCorrectType"]),
    .fragments("5.4.3", "fragment withDefault on Arguments { optionalNonNullBooleanArgField }"),
]

private let fragmentCases: [ValidationCase] = [
    .valid(
        "5.5.1.1",
        "{ dog { ...one ...two } } fragment one on Dog { name } fragment two on Dog { owner { name } }"),
    .invalid(
        "5.5.1.1", ["UniqueFragmentNames"],
        "{ dog { ...one } } fragment one on Dog { name } fragment one on Dog { owner { name } }"),
    .fragments("5.5.1.2", "fragment correctType on Dog { name }"),
    .fragments("5.5.1.2", "fragment inline on Dog { ... on Dog { name } }"),
    .fragments("5.5.1.2", "fragment inline2 on Dog { ... @include(if: true) { name } }"),
    .fragments("5.5.1.2", "fragment notOnExistingType on NotInSchema { name }", ["KnownTypeNames"]),
    .fragments("5.5.1.2", "fragment inlineNot on Dog { ... on NotInSchema { name } }", ["KnownTypeNames"]),
    .fragments("5.5.1.3", "fragment onObject on Dog { name }"),
    .fragments("5.5.1.3", "fragment onInterface on Pet { name }"),
    .fragments("5.5.1.3", "fragment onUnion on CatOrDog { ... on Dog { name } }"),
    .fragments("5.5.1.3", "fragment onScalar on Int { something }", ["FragmentsOnCompositeTypes"]),
    .fragments(
        "5.5.1.3", "fragment inlineOnScalar on Dog { ... on Boolean { somethingElse } }",
        ["FragmentsOnCompositeTypes"]),
    .fragments("5.5.1.3", "fragment onInput on ComplexInput { name }", ["FragmentsOnCompositeTypes"]),
    .invalid("5.5.1.4", ["NoUnusedFragments"], "fragment unused on Dog { name } { dog { name } }"),
    .invalid("5.5.2.1", ["KnownFragmentNames"], "{ dog { ...undefinedFragment } }"),
    .invalid(
        "5.5.2.2", ["NoFragmentCycles"],
        """
        { dog { ...nameFragment } }
        fragment nameFragment on Dog { name ...barkVolumeFragment }
        fragment barkVolumeFragment on Dog { barkVolume ...nameFragment }
        """),
    .invalid(
        "5.5.2.2", ["NoFragmentCycles"],
        """
        { dog { ...dogFragment } }
        fragment dogFragment on Dog { name owner { ...ownerFragment } }
        fragment ownerFragment on Human { name pets { ...dogFragment } }
        """),
    .invalid("5.5.2.2", ["NoFragmentCycles"], "{ dog { ...self } } fragment self on Dog { name ...self }"),
    .fragments("5.5.2.3.1", "fragment dog on Dog { ... on Dog { barkVolume } }"),
    .fragments("5.5.2.3.1", "fragment catInDog on Dog { ... on Cat { meowVolume } }", ["PossibleFragmentSpreads"]),
    .fragments(
        "5.5.2.3.2", "fragment petName on Pet { name } fragment interfaceWithinObject on Dog { ...petName }"),
    .fragments(
        "5.5.2.3.2",
        "fragment catOrDogName on CatOrDog { ... on Cat { meowVolume } } fragment u on Dog { ...catOrDogName }"),
    .fragments("5.5.2.3.3", "fragment pet on Pet { name ... on Dog { barkVolume } }"),
    .fragments("5.5.2.3.3", "fragment catOrDog on CatOrDog { ... on Cat { meowVolume } }"),
    .fragments(
        "5.5.2.3.3", "fragment sentient on Sentient { ... on Dog { barkVolume } }", ["PossibleFragmentSpreads"]),
    .fragments(
        "5.5.2.3.3", "fragment humanOrAlien on HumanOrAlien { ... on Cat { meowVolume } }",
        ["PossibleFragmentSpreads"]),
    .fragments(
        "5.5.2.3.4",
        "fragment unionWithInterface on Pet { ...dh } fragment dh on DogOrHuman { ... on Dog { barkVolume } }"),
    .fragments(
        "5.5.2.3.4", "fragment nonIntersecting on Pet { ...sentient } fragment sentient on Sentient { name }",
        ["PossibleFragmentSpreads"]),
    .fragments(
        "5.5.2.3.4", "fragment interfaceWithInterface on Node { ...r } fragment r on Resource { url }"),
]

private let valueCases: [ValidationCase] = [
    .fragments("5.6.1", "fragment goodBoolean on Arguments { booleanArgField(booleanArg: true) }"),
    .fragments("5.6.1", "fragment intIntoFloat on Arguments { floatArgField(floatArg: 123) }"),
    .valid(
        "5.6.1",
        #"query goodComplexDefault($search: FindDogInput = {name: "Fido"}) { findDog(searchBy: $search) { name } }"#),
    .fragments(
        "5.6.1", #"fragment stringIntoInt on Arguments { intArgField(intArg: "123") }"#, ["ValuesOfCorrectType"]),
    .fragments("5.6.1", "fragment tooBig on Arguments { intArgField(intArg: 2147483648) }", ["ValuesOfCorrectType"]),
    .invalid("5.6.1", ["ValuesOfCorrectType"], "query bad { findDog(searchBy: {name: 123}) { name } }"),
    .valid(
        "5.6.1",
        #"mutation addPet($pet: PetInput! = {cat: {name: "Brontie"}}) { addPet(pet: $pet) { name } }"#),
    .valid("5.6.1", "mutation absentRest($name: String!) { addPet(pet: {cat: {name: $name}}) { name } }"),
    .invalid("5.6.1", ["ValuesOfCorrectType"], "mutation oneOfWithNoFields { addPet(pet: {}) { name } }"),
    .invalid("5.6.1", ["ValuesOfCorrectType"], "mutation oneOfWithNull { addPet(pet: {cat: null}) { name } }"),
    .invalid(
        "5.6.1", ["ValuesOfCorrectType", "VariablesInAllowedPosition"],
        """
        mutation oneOfWithTwoFields($dog: DogInput) { addPet(pet: {cat: {name: "Brontie"}, dog: $dog}) { name } }
        """),
    .invalid(
        "5.6.1", ["VariablesInAllowedPosition"],
        "mutation listOfOneOfWithNullableVariable($dog: DogInput) { addPets(pets: [{dog: $dog}]) { name } }"),
    .invalid(
        "5.6.1", ["ValuesOfCorrectType"],
        "mutation oneOfDefault($pet: PetInput! = {cat: null}) { addPet(pet: $pet) { name } }"),
    .invalid("5.6.1", ["ValuesOfCorrectType"], #"{ dog { doesKnowCommand(dogCommand: "SIT") } }"#),
    .invalid("5.6.1", ["ValuesOfCorrectType"], "{ dog { doesKnowCommand(dogCommand: JUMP) } }"),
    .invalid("5.6.1", ["ValuesOfCorrectType"], "{ booleanList(booleanListArg: [true, null]) }"),
    .valid("5.6.1", "{ booleanList(booleanListArg: true) }"),
    .valid("5.6.1", #"query any($a: Int) { anything(json: {a: [1, "b", C, $a, null]}) }"#),
    .valid("5.6.2", #"{ findDog(complex: {name: "Fido"}) { name } }"#),
    .invalid("5.6.2", ["KnownInputFieldNames"], #"{ findDog(complex: {favoriteCookieFlavor: "Bacon"}) { name } }"#),
    .invalid("5.6.3", ["UniqueInputFieldNames"], "{ field(arg: {field: true, field: false}) }"),
    .invalid(
        "5.6.4", ["ProvidedRequiredInputFields"], #"mutation m { addPet(pet: {cat: {nickname: "a"}}) { name } }"#),
    .valid("5.6.4", "{ field(arg: {}) }"),
    .invalid("5.6.4", ["ValuesOfCorrectType"], "mutation m { addPet(pet: {cat: {name: null}}) { name } }"),
]

private let directiveCases: [ValidationCase] = [
    .invalid("5.7.1", ["KnownDirectives"], "{ dog @unknown { name } }"),
    .invalid(
        "5.7.2", ["DirectivesInValidLocations"], "query q($foo: Boolean!) @skip(if: $foo) { dog { name } }"),
    .invalid(
        "5.7.3", ["UniqueDirectivesPerLocation"],
        """
        query q($foo: Boolean = true, $bar: Boolean = false) { dog { name @skip(if: $foo) @skip(if: $bar) } }
        """),
    .valid(
        "5.7.3",
        """
        query q($foo: Boolean = true, $bar: Boolean = false) {
          dog @skip(if: $foo) { name } dog @skip(if: $bar) { nickname }
        }
        """),
    .valid("5.7.3", #"{ dog @tag(name: "a") @tag(name: "b") { name } }"#),
]

private let trained = "fragment trained on Dog { isHouseTrained(atOtherHomes: $atOtherHomes) }"

private let variableCases: [ValidationCase] = [
    .invalid(
        "5.8.1", ["UniqueVariableNames"],
        "query q($a: Boolean, $a: Boolean) { dog { isHouseTrained(atOtherHomes: $a) } }"),
    .valid(
        "5.8.1",
        """
        query A($atOtherHomes: Boolean) { ...f } query B($atOtherHomes: Boolean) { ...f }
        fragment f on Query { dog { isHouseTrained(atOtherHomes: $atOtherHomes) } }
        """),
    .valid("5.8.2", "query boolean($a: Boolean) { dog { isHouseTrained(atOtherHomes: $a) } }"),
    .valid("5.8.2", "query complex($c: ComplexInput) { findDog(complex: $c) { name } }"),
    .valid("5.8.2", "query list($b: [Boolean!]) { booleanList(booleanListArg: $b) }"),
    .invalid("5.8.2", ["VariablesAreInputTypes", "NoUnusedVariables"], "query takesCat($cat: Cat) { dog { name } }"),
    .invalid("5.8.2", ["VariablesAreInputTypes", "NoUnusedVariables"], "query takesDog($dog: Dog!) { dog { name } }"),
    .invalid("5.8.2", ["VariablesAreInputTypes", "NoUnusedVariables"], "query pets($pets: [Pet]) { dog { name } }"),
    .invalid("5.8.2", ["VariablesAreInputTypes", "NoUnusedVariables"], "query u($u: CatOrDog) { dog { name } }"),
    .invalid("5.8.2", ["KnownTypeNames", "NoUnusedVariables"], "query u($u: Nothing) { dog { name } }"),
    .invalid("5.8.3", ["NoUndefinedVariables"], "query q { dog { isHouseTrained(atOtherHomes: $atOtherHomes) } }"),
    .valid("5.8.3", "query q($atOtherHomes: Boolean) { dog { isHouseTrained(atOtherHomes: $atOtherHomes) } }"),
    .valid("5.8.3", "query q($atOtherHomes: Boolean) { dog { ...trained } } \(trained)"),
    .invalid("5.8.3", ["NoUndefinedVariables"], "query q { dog { ...trained } } \(trained)"),
    .invalid(
        "5.8.3", ["NoUndefinedVariables"],
        "query q { dog { ...outer } } fragment outer on Dog { ...trained } \(trained)"),
    .valid(
        "5.8.3",
        """
        query one($atOtherHomes: Boolean) { dog { ...trained } }
        query two($atOtherHomes: Boolean) { dog { ...trained } } \(trained)
        """),
    .invalid(
        "5.8.3", ["NoUndefinedVariables"],
        "query one($atOtherHomes: Boolean) { dog { ...trained } } query two { dog { ...trained } } \(trained)"),
    .invalid("5.8.4", ["NoUnusedVariables"], "query unused($a: Boolean) { dog { isHouseTrained } }"),
    .valid("5.8.4", "query inFragment($atOtherHomes: Boolean) { dog { ...trained } } \(trained)"),
    .invalid(
        "5.8.4", ["NoUnusedVariables"],
        "query notWithin($a: Boolean) { dog { ...without } } fragment without on Dog { isHouseTrained }"),
    .invalid(
        "5.8.4", ["NoUnusedVariables"],
        """
        query used($atOtherHomes: Boolean) { dog { ...trained } }
        query extra($atOtherHomes: Boolean, $extra: Int) { dog { ...trained } } \(trained)
        """),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        "query q($intArg: Int) { arguments { booleanArgField(booleanArg: $intArg) } }"),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        "query q($list: [Boolean]) { arguments { booleanArgField(booleanArg: $list) } }"),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        "query q($b: Boolean) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $b) } }"),
    .valid("5.8.5", "query q($list: [Boolean]!) { arguments { booleanListArgField(booleanListArg: $list) } }"),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        "query q($list: [Boolean]) { arguments { nonNullBooleanListField(nonNullBooleanList: $list) } }"),
    .valid(
        "5.8.5", "query q($b: Boolean) { arguments { optionalNonNullBooleanArgField(optionalBooleanArg: $b) } }"),
    .valid(
        "5.8.5", "query q($b: Boolean = true) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $b) } }"),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        "query q($b: Boolean = null) { arguments { nonNullBooleanArgField(nonNullBooleanArg: $b) } }"),
    .valid("5.8.5", "mutation addCat($cat: CatInput!) { addPet(pet: {cat: $cat}) { name } }"),
    .valid(
        "5.8.5",
        #"mutation addCatWithDefault($cat: CatInput! = {name: "Brontie"}) { addPet(pet: {cat: $cat}) { name } }"#),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        "mutation addNullableCat($cat: CatInput) { addPet(pet: {cat: $cat}) { name } }"),
    .invalid(
        "5.8.5", ["VariablesInAllowedPosition"],
        #"mutation addCat($cat: CatInput = {name: "Brontie"}) { addPet(pet: {cat: $cat}) { name } }"#),
    .valid("5.8.5", "query q($n: String) { findDog(searchBy: {name: $n}) { name } }"),
    .valid("5.8.5", "query q($n: Int) { field(arg: {required: $n}) }"),
    .valid("5.8.5", "query q($b: Boolean!) { booleanList(booleanListArg: [true, $b]) }"),
    .invalid("5.8.5", ["VariablesInAllowedPosition"], "query q($b: Boolean) { booleanList(booleanListArg: [$b]) }"),
    .invalid("5.8.5", ["VariablesInAllowedPosition"], "query q($b: Boolean!) { booleanList(booleanListArg: $b) }"),
]
