import OrderedCollections

/// Numbers for texts, equal where the texts are: for response keys, and for what merging compares of fields. Names of the
/// schema's fields have theirs already.
struct ResponseKeys {
    private let names: OrderedSet<String>
    private var others: [String: Int] = [:]

    init(_ schema: Schema) {
        names = schema.numbers.fieldNames
    }

    /// All numbers are below it.
    var count: Int { names.count + others.count }

    mutating func number(_ text: String) -> Int {
        if let index = names.firstIndex(of: text) { return index }
        let next = count
        return { (number: inout Int) in
            if number < 0 { number = next }
            return number
        }(&others[text, default: -1])
    }
}
