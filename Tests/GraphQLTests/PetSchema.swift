import GraphQL
import OrderedCollections

/// The type system that the specification's section 5 tells its examples with, with all its additions.
let petSchemaText = """
    type Query {
      dog: Dog
      human: Human
      pet: Pet
      catOrDog: CatOrDog
      arguments: Arguments
      findDog(searchBy: FindDogInput, complex: ComplexInput): Dog
      booleanList(booleanListArg: [Boolean!]): Boolean
      resource: Resource
      field(arg: FlagInput): Boolean
      anything(json: JSON): String
    }
    type Mutation { addPet(pet: PetInput!): Pet addPets(pets: [PetInput!]!): [Pet] renamePet(name: String!): Pet }
    type Subscription { newMessage: Message disallowedSecondRootField: Boolean }
    type Message { body: String sender: String }
    enum DogCommand { SIT DOWN HEEL }
    type Dog implements Pet {
      name: String! nickname: String barkVolume: Int
      doesKnowCommand(dogCommand: DogCommand!): Boolean!
      isHouseTrained(atOtherHomes: Boolean): Boolean!
      owner: Human
    }
    interface Sentient { name: String! }
    interface Pet { name: String! }
    type Alien implements Sentient { name: String! homePlanet: String }
    type Human implements Sentient { name: String! pets: [Pet!] }
    enum CatCommand { JUMP }
    type Cat implements Pet {
      name: String! nickname: String
      doesKnowCommand(catCommand: CatCommand!): Boolean!
      meowVolume: Int owner: Human
    }
    union CatOrDog = Cat | Dog
    union DogOrHuman = Dog | Human
    union HumanOrAlien = Human | Alien
    type Arguments {
      multipleRequirements(x: Int!, y: Int!): Int!
      booleanArgField(booleanArg: Boolean): Boolean
      floatArgField(floatArg: Float): Float
      intArgField(intArg: Int): Int
      nonNullBooleanArgField(nonNullBooleanArg: Boolean!): Boolean!
      booleanListArgField(booleanListArg: [Boolean]!): [Boolean]
      optionalNonNullBooleanArgField(optionalBooleanArg: Boolean! = false): Boolean!
      nonNullBooleanListField(nonNullBooleanList: [Boolean!]): Boolean
    }
    input ComplexInput { name: String owner: String }
    input FindDogInput { name: String owner: String }
    input FlagInput { field: Boolean required: Int! = 1 needed: String }
    input PetInput @oneOf { cat: CatInput dog: DogInput }
    input CatInput { name: String! nickname: String meowVolume: Int }
    input DogInput { name: String! nickname: String barkVolume: Int }
    interface Node { id: ID! }
    interface Resource implements Node { id: ID! url: String }
    type Page implements Resource & Node { id: ID! url: String }
    scalar JSON
    directive @tag(name: String!) repeatable on FIELD | QUERY
    """

func makeSchema(_ text: String, scalars: [String: ScalarCoercion] = [:]) throws -> Schema {
    try Schema(sources: [Source(text, name: "test.graphql")], scalars: scalars)
}

func parseText(_ text: String, limits: Limits = Limits(), withLocations: Bool = true) throws -> Document {
    try parse(Array(text.utf8), limits: limits, withLocations: withLocations)
}

let petSchema = Result { try makeSchema(petSchemaText) }

extension GraphQLError {
    /// The name of the rule that was broken.
    var rule: String { extensions["rule"]?.stringValue ?? code.rawValue }
}
