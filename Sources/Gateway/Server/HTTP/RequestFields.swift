import NIOHTTP1

/// The header fields of a request, as they came.
struct RequestFields: Sendable {
    let all: [(name: String, value: String)]

    init(_ headers: HTTPHeaders) {
        all = headers.map { $0 }
    }

    /// The value of a field. Of one that stands there several times, all of them with commas between (RFC 9110, section
    /// 5.3), so that one that may stand there once has a value that nobody takes for good.
    subscript(name: FieldName) -> String? {
        var found: String?
        for place in all.indices where name.matches(all[place].name) {
            let value = all[place].value
            found = found.map { "\($0), \(value)" } ?? value
        }
        return found
    }

    /// The values of all lines with this name, in order.
    subscript(values name: FieldName) -> [String] {
        var values: [String] = []
        for place in all.indices where name.matches(all[place].name) { values.append(all[place].value) }
        return values
    }

    /// Names and values together, in bytes.
    var size: Int {
        all.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    }
}
