/// Where the September 2025 edition and graphql-core 3.3 are known to differ, each as narrow as it can be told.
struct Deviation: Sendable {
    /// Where the edition says so.
    let section: String
    let reason: String
    /// A document that shows it, so that it is noticed when one side changes.
    let example: String
    private let explains: @Sendable (OwnVerdict, Reference.Answer) -> Bool

    /// Whether both refuse the grammar of a document, and graphql-core behind the word that ours has found.
    private static func isLater(_ answer: Reference.Answer, than own: OwnVerdict) -> Bool {
        guard let place = own.verdict.syntaxError, let other = answer.verdict.syntaxError,
            let word = own.messages.first?.split(separator: "found “").last?.dropLast("”.".count)
        else { return false }
        return (place.line, place.column + word.count) <= (other.line, other.column)
    }

    /// The rules that look through fragment spreads.
    private static let throughSpreads: Set = [
        "SingleFieldSubscriptions", "OverlappingFieldsCanBeMerged", "NoUnusedFragments", "NoFragmentCycles",
        "PossibleFragmentSpreads", "NoUndefinedVariables", "NoUnusedVariables", "VariablesInAllowedPosition",
    ]

    static let all = [
        Deviation(
            section: "5.1.1",
            reason: """
                A document with definitions of the type system cannot be executed; the edition's other rules speak of \
                its operations and fragments. graphql-core looks for types and directives in the definitions, too.
                """,
            example: "{ dog { name } } extend schema @unknown"
        ) { own, answer in
            own.verdict.rules.contains("ExecutableDefinitions")
                && answer.verdict.rules.isSuperset(of: own.verdict.rules)
                && answer.verdict.rules.subtracting(own.verdict.rules).isSubset(of: [
                    "KnownTypeNames", "KnownDirectives",
                ])
        },
        Deviation(
            section: "5.5.1.1",
            reason: """
                Of two fragments with one name nobody knows which is meant, so the document is refused. On the way to \
                that, ours takes a spread for the first, and graphql-core for the last.
                """,
            example:
                "{ ...a } fragment b on Query { dog { name } } fragment a on Query { ...b } fragment a on Query { __typename }"
        ) { own, answer in
            own.verdict.rules.contains("UniqueFragmentNames") && answer.verdict.rules.contains("UniqueFragmentNames")
                && own.verdict.rules.symmetricDifference(answer.verdict.rules).isSubset(of: throughSpreads)
        },
        Deviation(
            section: "3.5.2",
            reason: """
                A number that no finite Float holds is an error, also as a literal or default; graphql-core takes it for \
                infinity.
                """,
            example: "query ($a: Float = 1e400) { arguments { floatArgField(floatArg: $a) } }"
        ) { own, answer in
            own.verdict.rules.subtracting(answer.verdict.rules) == ["ValuesOfCorrectType"]
                && answer.verdict.rules.isSubset(of: own.verdict.rules)
                && own.messages.contains { $0.contains("Expected a finite number.") }
        },
        Deviation(
            section: "2.2",
            reason: """
                Where a description is followed by a word that begins no definition, ours tells the place of the word, \
                and graphql-core that of the description.
                """,
            example: "\"What for\" tpye Dog { name: String }"
        ) { own, answer in
            guard let place = own.verdict.syntaxError, let other = answer.verdict.syntaxError else { return false }
            return answer.messages == [
                "Syntax Error: Unexpected description, only GraphQL definitions support descriptions."
            ] && own.messages.allSatisfy { $0.hasPrefix("Syntax error: expected a definition, found “") }
                && (other.line, other.column) < (place.line, place.column)
        },
        Deviation(
            section: "3.3, 3.13",
            reason: """
                Ours refuses a word that is no directive location, or no kind of operation, where it stands; \
                graphql-core reads one token more before it looks at the word, and tells what is wrong with that.
                """,
            example: "directive @a on FIELD_DEF.INITION"
        ) { own, answer in
            isLater(answer, than: own)
                && own.messages.allSatisfy { message in
                    message.hasPrefix("Syntax error: expected a directive location, found “")
                        || message.hasPrefix("Syntax error: expected “query”, “mutation” or “subscription”, found “")
                }
        },
        Deviation(
            section: "3.13",
            reason: """
                In the edition a directive's definition takes no directives and cannot be extended. graphql-core \
                follows a later draft, which has both.
                """,
            example: "directive @a @b on FIELD"
        ) { own, answer in
            (isLater(answer, than: own) || answer.verdict.syntaxError == nil)
                && [
                    ["Syntax error: expected “on”, found “@”."],
                    ["Syntax error: expected “schema” or a kind of type, found “directive”."],
                    ["Syntax error: expected a directive location, found “DIRECTIVE_DEFINITION”."],
                ].contains(own.messages)
        },
    ]

    /// Which of `all` says why the two do not agree; nil if they do, or if none does.
    static func index(explaining own: OwnVerdict, _ answer: Reference.Answer) -> Int? {
        own.verdict == answer.verdict ? nil : all.firstIndex { $0.explains(own, answer) }
    }
}
