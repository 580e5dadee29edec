import GraphQL
import QueryEngine
import Testing

/// That the property test can fail, and what it says of a schema that it does not understand.
@Suite struct PropertyControlTests {
    @Test func `an interpreter that means something else disagrees, and the case is cut down`() async throws {
        try await withMarkedWorld { world in
            var world = world
            world.interpreter.cursors = try await world.readCursors()
            let meaning = world.meaning
            let values = world.values(for: MarkedTenant.alpha.organizationID)
            let wrong = MarkedWorld(
                data: world.data, database: world.database, engine: world.engine, meaning: meaning,
                interpreter: Interpreter(
                    meaning: meaning, rows: world.interpreter.rows, standIns: world.interpreter.standIns,
                    cursors: world.interpreter.cursors,
                    defaultPageSize: world.interpreter.defaultPageSize - 1,
                    maximumPageSize: world.interpreter.maximumPageSize))
            var differing: [PropertyCase] = []
            for index in 0..<200 where differing.isEmpty {
                var generator = DocumentGenerator(
                    meaning: meaning, values: values, role: .owner,
                    random: SeededRandom(seed: PropertyTests.seed, stream: index))
                let operation = generator.query()
                var random = SeededRandom(seed: PropertyTests.seed, stream: -index)
                let tried = PropertyCase(
                    operation: operation, variables: operation.variables(from: values, &random),
                    caller: MarkedTenant.alpha.caller(.owner))
                if case .different = await tried.run(in: wrong) { differing.append(tried) }
            }
            let found = try #require(differing.first)
            let (smallest, expected, actual) = await found.shrunk(in: wrong)
            #expect(expected != actual)
            #expect(smallest.operation.text.count <= found.operation.text.count)
            #expect(smallest.operation.reductions.count < 8, "\(smallest.operation.text)")
            guard case .equal = await smallest.run(in: world) else {
                Issue.record("the engine is right about the smallest case")
                return
            }
        }
    }

    private static let strange: [(sdl: String, replacing: [String: String], sentence: String)] = [
        ("directive @ranked(column: String!) on FIELD_DEFINITION", [:], "@ranked: the property test does not know"),
        (
            "", ["operator: Operator! = EQUALS, prefix": "negated: Boolean, operator: Operator! = EQUALS, prefix"],
            "@where(negated:): the property test does not know"
        ),
        (
            "", ["enum Operator { EQUALS": "enum Operator { SOUNDS_LIKE EQUALS"],
            "Operator.SOUNDS_LIKE: the property test"
        ),
        (
            "", ["input MessageFilter {": "input MessageFilter { mood: String"],
            "MessageFilter.mood: the property test does not know what it filters by"
        ),
        (
            "", ["type MessageConnection { edges:": "type MessageConnection { sum: Int edges:"],
            "MessageConnection.sum: the property test does not know this part"
        ),
        (
            "", ["message(id: ID!): Message": "message(id: ID!, loudly: Boolean): Message"],
            "Query.message(loudly:): the property test does not know what it is for"
        ),
    ]

    @Test(arguments: strange.indices)
    func `what the schema has and the property test does not know is told in a sentence`(index: Int) throws {
        let (sdl, replacing, sentence) = Self.strange[index]
        let schema = try TestSchema.schema(adding: sdl, replacing: replacing)
        let error = #expect(throws: SchemaMeaning.Untested.self) { try SchemaMeaning(schema) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }
}
