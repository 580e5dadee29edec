/// A lexical token (specification, section 2.1.6). Its text stays in the source.
struct Token {
    enum Kind {
        case endOfFile
        case bang, dollar, ampersand, parenthesisLeft, parenthesisRight, spread, colon, equals, at
        case bracketLeft, bracketRight, braceLeft, pipe, braceRight
        case name, int, float, string, blockString

        /// As error messages call it.
        var description: String {
            switch self {
            case .endOfFile: "the end of the document"
            case .bang: "“!”"
            case .dollar: "“$”"
            case .ampersand: "“&”"
            case .parenthesisLeft: "“(”"
            case .parenthesisRight: "“)”"
            case .spread: "“...”"
            case .colon: "“:”"
            case .equals: "“=”"
            case .at: "“@”"
            case .bracketLeft: "“[”"
            case .bracketRight: "“]”"
            case .braceLeft: "“{”"
            case .pipe: "“|”"
            case .braceRight: "“}”"
            case .name: "a name"
            case .int: "an integer"
            case .float: "a number"
            case .string, .blockString: "a string"
            }
        }
    }

    let kind: Kind
    /// Bytes from the beginning of the source; quotation marks included.
    let start: Int
    let end: Int
    let location: SourceLocation
    /// Whether a string has no escapes and only ASCII, so that its text is its meaning.
    var isPlain = false
}
