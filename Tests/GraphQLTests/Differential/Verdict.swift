import GraphQL

/// What one side says of a document.
struct Verdict: Sendable, Hashable, CustomStringConvertible {
    /// Line and column where the grammar does not go on; nil for a document that parses.
    var syntaxError: Place?
    /// The rules that are broken, by the names of the reference implementation.
    var rules: Set<String> = []

    struct Place: Sendable, Hashable {
        let line: Int
        let column: Int
    }

    var isValid: Bool { syntaxError == nil && rules.isEmpty }

    var description: String {
        if let syntaxError { return "a syntax error at \(syntaxError.line):\(syntaxError.column)" }
        return rules.isEmpty ? "valid" : rules.sorted().joined(separator: ", ")
    }
}

/// Ours, of one document.
struct OwnVerdict: Sendable {
    private(set) var verdict: Verdict
    /// The rules by our own names.
    private(set) var rules: Set<String>
    let messages: [String]
    /// The document as our printer writes it; nil where it does not parse.
    let printed: String?

    init(_ item: Corpus.Case) {
        // No limit plays a part: they are no rules of the specification.
        var limits = Limits.trusted
        limits.errors = .max
        limits.depth = .max
        limits.introspectionDepth = .max
        limits.introspectionListDepth = .max
        do throws(GraphQLError) {
            let document = try parse(Array(item.text.utf8), limits: limits)
            let errors =
                item.subject.map { validate(document, against: $0.schema, options: ValidationOptions(limits: limits)) }
                ?? []
            rules = Set(errors.map(\.rule))
            verdict = Verdict(rules: Self.reference(rules))
            messages = errors.map(\.message)
            printed = printDocument(document)
        } catch {
            rules = []
            let place = error.locations.first.map { Verdict.Place(line: $0.line, column: $0.column) }
            verdict = Verdict(syntaxError: place ?? Verdict.Place(line: 0, column: 0))
            messages = [error.message]
            printed = nil
        }
    }

    private static func reference(_ rules: Set<String>) -> Set<String> {
        Set(rules.map { RuleNames.reference[$0] ?? $0 })
    }

    /// The same as if a rule of ours did not exist, for the test of the test.
    func without(_ rule: String) -> OwnVerdict {
        var changed = self
        changed.rules.remove(rule)
        changed.verdict.rules = Self.reference(changed.rules)
        return changed
    }

    /// The same with a syntax error somewhere else.
    func shifted(lines: Int, columns: Int) -> OwnVerdict {
        var changed = self
        changed.verdict.syntaxError = verdict.syntaxError.map {
            Verdict.Place(line: $0.line + lines, column: $0.column + columns)
        }
        return changed
    }
}
