import GraphQL
import Testing

private let schemaText = """
    directive @private(scope: String!) repeatable on FIELD
    scalar DateTime
    input ReviewInput { content: String author: String businessId: String }
    interface Address { city: String }
    type User implements Address { name: String reviewCount: Int friends: [User] email: String city: String }
    type Business implements Address { name: String address: String rating: Int city: String reviews: [Review] }
    type Review { content: String author: User business: Business createdAt: DateTime }
    union Entity = User | Business
    enum SearchCriteria { OPEN_NOW DELIVERS_TAKEOUT VEGETARIAN_MENU }
    type Query { searchBusiness(name: String!, criteria: SearchCriteria): [Business] }
    type Mutation { addReview(input: ReviewInput!): Review }
    """

@Suite struct SchemaCoordinateTests {
    private func element(_ text: String, visibility: Visibility = .all) throws -> SchemaElement? {
        try makeSchema(schemaText).element(at: SchemaCoordinate(parsing: text), visibility: visibility)
    }

    /// What was found, in words.
    private func found(_ text: String, visibility: Visibility = .all) throws -> String {
        switch try element(text, visibility: visibility) {
        case .type(let type): "type \(type.name)"
        case .field(let field, let type): "field \(field.name) of \(type.name)"
        case .inputField(let field, let type): "input field \(field.name) of \(type.name)"
        case .enumValue(let value, let type): "value \(value.name) of \(type.name)"
        case .fieldArgument(let argument, let field): "argument \(argument.name) of \(field.name)"
        case .directive(let directive): "directive \(directive.name)"
        case .directiveArgument(let argument, let directive): "argument \(argument.name) of @\(directive.name)"
        case nil: "nothing"
        }
    }

    @Test(
        "A coordinate names one element of the schema",
        arguments: [
            ("Business", "type Business"), ("User.name", "field name of User"), ("Address", "type Address"),
            ("Address.city", "field city of Address"), ("Entity", "type Entity"), ("DateTime", "type DateTime"),
            ("SearchCriteria", "type SearchCriteria"), ("String", "type String"),
            ("SearchCriteria.OPEN_NOW", "value OPEN_NOW of SearchCriteria"),
            ("ReviewInput.content", "input field content of ReviewInput"),
            ("Query.searchBusiness", "field searchBusiness of Query"),
            ("Query.searchBusiness(criteria:)", "argument criteria of searchBusiness"),
            ("@private", "directive private"), ("@private(scope:)", "argument scope of @private"),
            ("@skip(if:)", "argument if of @skip"),
        ])
    func names(_ text: String, _ meaning: String) throws {
        #expect(try found(text) == meaning)
        #expect(try SchemaCoordinate(parsing: text).description == text)
    }

    @Test(
        "What is not in the schema is nothing, and neither are meta-fields and introspection",
        arguments: [
            "Unknown", "User.unknown", "SearchCriteria.UNKNOWN", "ReviewInput.unknown",
            "Query.searchBusiness(unknown:)",
            "@unknown", "@private(unknown:)", "__Type", "__TypeKind", "User.__typename", "Query.__schema", "query",
        ])
    func nothing(_ text: String) throws {
        #expect(try found(text) == "nothing")
    }

    @Test(
        "A coordinate into what is not there, or has no such parts, is an error",
        arguments: [
            ("Unknown.name", "no type “Unknown”"), ("Unknown.field(a:)", "no type “Unknown”"),
            ("Query.unknown(a:)", "no field “Query.unknown”"), ("@unknown(a:)", "no directive “@unknown”"),
            ("Entity.Business", "has no members"), ("DateTime.year", "has no members"),
            ("SearchCriteria.OPEN_NOW(a:)", "has no arguments"), ("ReviewInput.content(a:)", "has no arguments"),
            ("__Type.name", "no type “__Type”"),
        ])
    func wrong(_ text: String, _ part: String) {
        let error = #expect(throws: GraphQLError.self) { try element(text) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test(
        "Syntax errors say the column, what was found and what was expected",
        arguments: [
            ("", 1, "expected a name, found the end"), (" User", 1, "expected a name, found “ ”"),
            ("User ", 5, "expected the end of the coordinate, found “ ”"),
            ("User.", 6, "expected a name, found the end"),
            ("User.1", 6, "expected a name, found “1”"), ("User.a.b", 7, "the end of the coordinate, found “.”"),
            ("User.a(b)", 9, "expected “:”, found “)”"), ("User.a(b:", 10, "expected “)”, found the end"),
            ("User.a(b: )", 10, "expected “)”, found “ ”"), ("User.a(", 8, "expected a name"),
            ("User(a:)", 5, "the end of the coordinate, found “(”"), ("@", 2, "expected a name"),
            ("@a.b", 3, "the end of the coordinate"), ("@a(b:)c", 7, "the end of the coordinate"),
            ("é", 1, "expected a name, found “é”"), ("User.é", 6, "found “é”"),
            ("User\u{FEFF}", 5, "the end of the coordinate"),
            ("a:b", 2, "the end of the coordinate, found “:”"), ("User.a(b:c)", 10, "expected “)”, found “c”"),
        ])
    func syntax(_ text: String, _ column: Int, _ part: String) {
        let error = #expect(throws: GraphQLError.self) { try SchemaCoordinate(parsing: text) }
        #expect(error?.locations == [SourceLocation(line: 1, column: column)])
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func `hidden elements cannot be named`() throws {
        let visibility = Visibility { element in
            switch element {
            case .type(let type): type.name != "User"
            case .argument(let argument): argument.name != "criteria"
            case .enumValue(let value): value.name != "OPEN_NOW"
            case .inputField(let field): field.name != "author"
            case .directive(let directive): directive.name != "private"
            case .field(let field, _): field.name != "rating"
            }
        }
        for text in [
            "User", "Review.author", "Query.searchBusiness(criteria:)", "SearchCriteria.OPEN_NOW", "ReviewInput.author",
            "@private", "Business.rating",
        ] {
            #expect(try found(text, visibility: visibility) == "nothing")
            #expect(try found(text) != "nothing")
        }
        #expect(throws: GraphQLError.self) { try element("User.name", visibility: visibility) }
        #expect(throws: GraphQLError.self) { try element("@private(scope:)", visibility: visibility) }
    }
}
