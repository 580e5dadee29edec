/// Collects the text of one statement: numbers its parameters and names its tables. Nothing of a request but response
/// keys, which are GraphQL names, ever becomes text; every value is a `$n`.
struct SQLWriter {
    let options: SQLOptions
    private(set) var parameters: [Parameter] = []
    private var numbers: [Parameter: Int] = [:]
    private var tables = 0

    init(options: SQLOptions) {
        self.options = options
    }

    /// `$n` for a parameter, the same for the same.
    mutating func bind(_ parameter: Parameter) -> String {
        if let number = numbers[parameter] { return "$\(number)" }
        parameters.append(parameter)
        numbers[parameter] = parameters.count
        return "$\(parameters.count)"
    }

    /// A name for one more table reference.
    mutating func alias() -> String {
        tables += 1
        return "t\(tables)"
    }

    /// A response key as the name of a column.
    static func label(_ key: String) -> String {
        "\"\(checked(key))\""
    }

    /// A response key, type name or prefix as a text.
    static func text(_ name: String) -> String {
        "'\(checked(name))'"
    }

    /// GraphQL names hold letters, digits and underscores. Whatever else might come here is written without it, so that
    /// no quote ever reaches a statement.
    private static func checked(_ name: String) -> String {
        let clean = name.utf8.filter { byte in
            (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
                || byte == 0x5F
        }
        return String(decoding: clean, as: UTF8.self)
    }
}
