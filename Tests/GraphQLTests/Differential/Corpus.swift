import GraphQL
import SchemaFiles

/// Documents for one seed, always the same.
struct Corpus {
    struct Case: Sendable {
        let id: Int
        /// How it came about, for people and for counting.
        let origin: String
        /// The schema to validate against; nil for a text of the type system, which is only parsed.
        let subject: Subject?
        let text: String
    }

    /// A schema that both sides build from the same text.
    struct Subject: Sendable {
        let name: String
        let text: String
        let schema: Schema

        init(name: String, text: String) throws {
            self.name = name
            self.text = text
            // Custom scalars take anything, as they do in a schema that the other side builds from a text.
            schema = try Schema(sources: [Source(text, name: name)])
        }
    }

    private(set) var cases: [Case] = []
    let subjects: [Subject]
    private var random: SeededRandom

    /// - Parameter count: executable documents; a fifth as many of the type system come on top, and the examples of
    ///   known deviations.
    init(seed: UInt64, count: Int) throws {
        random = SeededRandom(seed: seed)
        subjects = try Self.subjects()
        let (own, pets) = (subjects[0], subjects[1])
        let breakages = Breakage.all
        var aimed = 0
        for index in 0..<count {
            switch index % 20 {
            case 0..<4: addValid(to: index % 4 == 3 ? pets : own)
            case 4..<14:
                addBroken(breakages[aimed % breakages.count], own: own, other: pets)
                aimed += 1
            case 14..<17: add("tokens", own) { SyntaxMutation.tokens($0, &$1) }
            default: addMutatedText("characters", own, validTokens(for: own))
            }
        }
        addTypeSystem(count / 5, own)
        for deviation in Deviation.all { add("deviation of \(deviation.section)", pets, text: deviation.example) }
    }

    /// Our own schema, then one that has what ours does not.
    static func subjects() throws -> [Subject] {
        let own = try Subject(
            name: "Schema/", text: SchemaFiles.all.map { String(decoding: $0.bytes, as: UTF8.self) }.joined())
        // What ours does not have: unions, oneOf, a repeatable directive, interfaces of interfaces, no mutations.
        let pets = try Subject(name: "pets", text: petSchemaText.replacing("type Mutation {", with: "type Unreached {"))
        return [own, pets]
    }

    // MARK: Executable documents

    private mutating func add(_ origin: String, _ subject: Subject?, text: String) {
        cases.append(Case(id: cases.count, origin: origin, subject: subject, text: text))
    }

    private mutating func grow(_ subject: Subject, _ type: OperationType? = nil) -> Draft {
        var grower = DocumentGrower(schema: subject.schema, random: SeededRandom(seed: random.next()))
        return grower.document(type)
    }

    private mutating func validTokens(for subject: Subject) -> [String] {
        grow(subject).tokens(&random)
    }

    private mutating func addValid(to subject: Subject) {
        add("valid", subject, text: join(validTokens(for: subject), &random))
    }

    private mutating func addBroken(_ breakage: Breakage, own: Subject, other: Subject) {
        let type: OperationType? = breakage.rule == "SingleFieldSubscriptions" ? .subscription : nil
        // Our own schema first; what it has nothing for is broken on the other.
        let subject = random.chance(70) ? own : other
        for attempt in 0..<40 {
            let subject = attempt < 20 ? subject : attempt % 2 == 0 ? own : other
            let draft = grow(subject, type)
            guard breakage.apply(draft, subject.schema, &random) else { continue }
            while random.chance(20) { _ = random.pick(Breakage.all).apply(draft, subject.schema, &random) }
            return add("aimed at \(breakage.rule)", subject, text: join(draft.tokens(&random), &random))
        }
        add("aimed at \(breakage.rule)", subject, text: "{ nothingCouldBeBroken }")
    }

    private mutating func add(
        _ origin: String, _ subject: Subject, _ mutate: ([String], inout SeededRandom) -> [String]
    ) {
        add(origin, subject, text: join(mutate(validTokens(for: subject), &random), &random))
    }

    private mutating func addMutatedText(_ origin: String, _ subject: Subject?, _ tokens: [String]) {
        let text = join(tokens, &random)
        add(origin, subject, text: SyntaxMutation.text(text, &random))
    }

    // MARK: The type system

    /// Definitions of our schema and of the kitchen sink, a few at a time, spoiled.
    private mutating func addTypeSystem(_ count: Int, _ own: Subject) {
        let definitions = (own.text + "\n" + typeSystemKitchenSink).split(
            separator: "\n\n", omittingEmptySubsequences: true
        )
        .map { tokenize(String($0)) }
        let sink = tokenize(typeSystemKitchenSink)
        for subject in subjects { add("type system", nil, text: subject.text) }
        for index in 0..<count {
            let tokens =
                index % 4 == 0
                ? Array(sink.dropFirst(random.number(0...sink.count - 1)).prefix(random.number(5...60)))
                : (0..<random.number(1...2)).flatMap { _ in random.pick(definitions) }
            switch index % 5 {
            case 0: add("type system", nil, text: join(tokens, &random))
            case 1...3: add("type system, tokens", nil, text: join(SyntaxMutation.tokens(tokens, &random), &random))
            default: addMutatedText("type system, characters", nil, tokens)
            }
        }
    }
}
