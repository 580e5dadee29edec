/// Parses a document of the executable language, the type system language, or both (specification, section 2).
///
/// - Parameters:
///   - bytes: UTF-8 as received; a byte order mark may stand in it.
///   - limits: `documentBytes`, `tokens` and `nesting` are kept while parsing.
///   - source: goes into every location, to tell several texts apart.
///   - withLocations: `false` leaves all locations empty, so that documents can be compared.
/// - Throws: the first error, with its place.
package func parse(
    _ bytes: [UInt8], limits: Limits = Limits(), source: Int = 0, withLocations: Bool = true
) throws(GraphQLError) -> Document {
    guard bytes.count <= limits.documentBytes else {
        throw .limit(
            "The document has \(bytes.count) bytes; \(limits.documentBytes) are allowed.", code: .documentTooLarge,
            measured: bytes.count, limit: limits.documentBytes)
    }
    var parser = try Parser(bytes: bytes, limits: limits, source: source, withLocations: withLocations)
    return try parser.document()
}

/// A parser by recursive descent, with one token of look-ahead. `Parser+….swift` hold the grammar's productions.
struct Parser {
    private(set) var lexer: Lexer
    private(set) var token: Token
    private let limits: Limits
    private let withLocations: Bool
    private var tokens = 0
    private var nesting = 0

    init(bytes: [UInt8], limits: Limits, source: Int, withLocations: Bool) throws(GraphQLError) {
        lexer = Lexer(bytes: bytes, source: source)
        token = Token(kind: .endOfFile, start: 0, end: 0, location: .none)
        self.limits = limits
        self.withLocations = withLocations
        try advance()
    }

    // MARK: Tokens

    mutating func advance() throws(GraphQLError) {
        token = try lexer.next()
        tokens += 1
        if tokens > limits.tokens, token.kind != .endOfFile {
            throw .limit(
                "The document has more than \(limits.tokens) tokens.", code: .tooManyTokens, measured: tokens,
                limit: limits.tokens, locations: [token.location])
        }
    }

    var location: SourceLocation { withLocations ? token.location : .none }

    /// The source text of a token.
    func text(_ token: Token) -> String {
        lexer.bytes.withUnsafeBufferPointer { bytes in
            String(decoding: UnsafeBufferPointer(rebasing: bytes[token.start..<token.end]), as: UTF8.self)
        }
    }

    /// Steps over a token of this kind if there is one.
    mutating func skip(_ kind: Token.Kind) throws(GraphQLError) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind) throws(GraphQLError) {
        guard token.kind == kind else { throw unexpected(expected: kind.description) }
        try advance()
    }

    func isKeyword(_ keyword: StaticString) -> Bool {
        guard token.kind == .name, token.end - token.start == keyword.utf8CodeUnitCount else { return false }
        return keyword.withUTF8Buffer { lexer.bytes[token.start..<token.end].elementsEqual($0) }
    }

    mutating func skipKeyword(_ keyword: StaticString) throws(GraphQLError) -> Bool {
        guard isKeyword(keyword) else { return false }
        try advance()
        return true
    }

    mutating func expectKeyword(_ keyword: StaticString) throws(GraphQLError) {
        guard try skipKeyword(keyword) else { throw unexpected(expected: "“\(keyword)”") }
    }

    mutating func name() throws(GraphQLError) -> String {
        guard token.kind == .name else { throw unexpected(expected: "a name") }
        let name = text(token)
        try advance()
        return name
    }

    /// - Parameter place: where it is not told, the current token.
    func error(_ message: String, at place: SourceLocation? = nil) -> GraphQLError {
        GraphQLError("Syntax error: \(message)", code: .parseFailed, locations: [place ?? token.location])
    }

    /// An error that says what stands here. A name is quoted if it is short; a string never is.
    func unexpected(expected: String) -> GraphQLError {
        var found = token.kind.description
        if token.kind == .name, token.end - token.start <= 64 { found = "“\(text(token))”" }
        return error("expected \(expected), found \(found).")
    }

    // MARK: Repetition

    /// Runs what is between two brackets of any kind, counting how deep they stand in each other.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(GraphQLError) -> Result
    ) throws(GraphQLError) -> Result {
        nesting += 1
        guard nesting <= limits.nesting else {
            throw .limit(
                "The document nests more than \(limits.nesting) brackets.", code: .nestedTooDeep, measured: nesting,
                limit: limits.nesting, locations: [token.location])
        }
        let result = try body(&self)
        nesting -= 1
        return result
    }

    /// At least one item between two punctuators.
    mutating func many<Item>(
        _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> Item
    ) throws(GraphQLError) -> [Item] {
        try expect(open)
        var items: [Item] = []
        repeat { items.append(try item(&self)) } while try !skip(close)
        return items
    }

    /// The same, or nothing at all.
    mutating func optionalMany<Item>(
        _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> Item
    ) throws(GraphQLError) -> [Item] {
        token.kind == open ? try many(open, close, item) : []
    }

    /// At least one item, with a punctuator between them that may also stand before the first.
    mutating func delimited<Item>(
        by delimiter: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> Item
    ) throws(GraphQLError) -> [Item] {
        _ = try skip(delimiter)
        var items: [Item] = []
        repeat { items.append(try item(&self)) } while try skip(delimiter)
        return items
    }

    // MARK: Document

    mutating func document() throws(GraphQLError) -> Document {
        var definitions: [Definition] = []
        repeat { definitions.append(try definition()) } while token.kind != .endOfFile
        return Document(definitions: definitions)
    }

    private mutating func definition() throws(GraphQLError) -> Definition {
        let start = location
        if token.kind == .braceLeft { return .operation(try shorthandQuery()) }
        let description = try description()
        guard token.kind == .name else {
            if description != nil, token.kind == .braceLeft {
                throw error("expected “query” after a description, found “{”.", at: start)
            }
            throw unexpected(expected: "a definition")
        }
        switch text(token) {
        case "query": return .operation(try operation(.query, description, at: start))
        case "mutation": return .operation(try operation(.mutation, description, at: start))
        case "subscription": return .operation(try operation(.subscription, description, at: start))
        case "fragment": return .fragment(try fragment(description, at: start))
        case "extend":
            guard description == nil else {
                throw error("expected a definition after a description, found “extend”.", at: start)
            }
            try advance()
            return try typeSystemDefinition(description: nil, isExtension: true, at: start)
        default: return try typeSystemDefinition(description: description, isExtension: false, at: start)
        }
    }

    /// The string before a definition, if there is one.
    mutating func description() throws(GraphQLError) -> String? {
        guard token.kind == .string || token.kind == .blockString else { return nil }
        let text = lexer.stringValue(of: token)
        try advance()
        return text
    }
}
