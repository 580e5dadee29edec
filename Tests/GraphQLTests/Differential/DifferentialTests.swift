import GraphQL
import Testing

/// Our module and graphql-core, the Python port of the reference implementation, on the same documents.
@Suite("Beside the reference implementation") struct DifferentialTests {
    @Test func `each document gets the same verdict, by the same rules, at the same place`() async throws {
        let comparison = try await Comparison.shared.value
        let differences = comparison.differences()
        for difference in differences.prefix(20) {
            Issue.record("\(difference)\nSWITCHBOARD_CORPUS_SEED=\(comparison.seed) makes this document again.")
        }
        #expect(differences.isEmpty, "\(differences.count) documents of \(comparison.corpus.cases.count)")
    }

    @Test func `what our printer writes means the same to the reference implementation`() async throws {
        let comparison = try await Comparison.shared.value
        let misread = zip(comparison.corpus.cases, comparison.answers).filter { $1.readsTheSame == false }
        for (item, _) in misread.prefix(5) { Issue.record("Document \(item.id): \(item.text)") }
        #expect(misread.isEmpty)
        #expect(comparison.count { _, _, answer in answer.readsTheSame == true } > comparison.corpus.cases.count / 3)
    }

    @Test func `the corpus has thousands of documents, valid ones and invalid ones of each kind`() async throws {
        let comparison = try await Comparison.shared.value
        let executable = comparison.count { item, _, _ in item.subject != nil }
        let valid = comparison.count { item, _, answer in item.subject != nil && answer.verdict.isValid }
        let misspelt = comparison.count { item, _, answer in item.subject != nil && answer.verdict.syntaxError != nil }
        let ruled = comparison.count { item, _, answer in item.subject != nil && !answer.verdict.rules.isEmpty }
        let definitions = comparison.count { item, _, answer in item.subject == nil && answer.verdict.isValid }
        let misdefined = comparison.count { item, _, answer in item.subject == nil && !answer.verdict.isValid }
        print(
            """
            Corpus of seed \(comparison.seed): \(executable) executable documents (\(valid) valid, \(misspelt) syntax \
            errors, \(ruled) break rules); type system: \(definitions) parse, \(misdefined) do not.
            """)
        #expect(executable >= 2_000)
        #expect(valid * 8 >= executable && misspelt * 8 >= executable && ruled * 4 >= executable)
        #expect(definitions >= executable / 50 && misdefined >= executable / 50)
        let own = comparison.count { item, _, _ in item.subject?.name == "Schema/" }
        #expect(own * 2 >= executable)
    }

    @Test func `every rule of ours is broken by many documents`() async throws {
        let comparison = try await Comparison.shared.value
        for rule in specifiedRules.map(\.name) where !RuleNames.unreached.contains(rule) {
            let count = comparison.count { _, own, _ in own.rules.contains(rule) }
            print("\(rule): \(count)")
            #expect(count >= 20, "\(rule)")
        }
    }

    @Test func `no document reaches a rule that the edition does not have`() async throws {
        let comparison = try await Comparison.shared.value
        let reached = comparison.answers.reduce(into: Set<String>()) { $0.formUnion($1.verdict.rules) }
        #expect(reached.isDisjoint(with: RuleNames.notOfTheEdition))
        let ours = Set(specifiedRules.map { RuleNames.reference[$0.name] ?? $0.name })
        #expect(reached == ours.subtracting(RuleNames.unreached))
    }

    @Test func `every deviation that is written down is still there`() async throws {
        let comparison = try await Comparison.shared.value
        for (index, deviation) in Deviation.all.enumerated() {
            let count = comparison.count { _, own, answer in Deviation.index(explaining: own, answer) == index }
            print("Deviation of \(deviation.section): \(count)")
            #expect(count > 0, "Section \(deviation.section): \(deviation.reason)")
        }
    }

    @Test("A rule of ours that is off is noticed", arguments: specifiedRules.map(\.name))
    func missesRule(_ rule: String) async throws {
        guard !RuleNames.unreached.contains(rule) else { return }
        #expect(try await !Comparison.shared.value.differences { $0.without(rule) }.isEmpty)
    }

    @Test("A place that is shifted is noticed", arguments: [(1, 0), (0, 1), (-1, 0), (0, -1)])
    func missesPlace(lines: Int, columns: Int) async throws {
        let comparison = try await Comparison.shared.value
        let misspelt = comparison.count { _, _, answer in answer.verdict.syntaxError != nil }
        let deviating = comparison.count { _, own, answer in
            answer.verdict.syntaxError != nil && Deviation.index(explaining: own, answer) != nil
        }
        let noticed = comparison.differences { $0.shifted(lines: lines, columns: columns) }.count
        #expect(misspelt > 100 && noticed * 100 >= (misspelt - deviating) * 99)
    }
}
