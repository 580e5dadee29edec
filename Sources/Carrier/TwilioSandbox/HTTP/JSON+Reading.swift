import FoundationEssentials

extension JSON {
    /// Reads JSON text; nil when it is none. Members come in the order of their names.
    init?(parsing text: String) {
        guard let value = try? JSONDecoder().decode(Decoded.self, from: Data(text.utf8)) else { return nil }
        self = value.json
    }

    private struct Decoded: Decodable {
        let json: JSON

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                json = .null
            } else if let bool = try? value.decode(Bool.self) {
                json = .bool(bool)
            } else if let int = try? value.decode(Int.self) {
                json = .int(int)
            } else if let number = try? value.decode(Double.self) {
                json = .double(number)
            } else if let text = try? value.decode(String.self) {
                json = .string(text)
            } else if let elements = try? value.decode([Decoded].self) {
                json = .array(elements.map(\.json))
            } else {
                let members = try value.decode([String: Decoded].self)
                json = .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
            }
        }
    }

    /// A member of an object; null when there is none.
    subscript(name: String) -> JSON {
        if case .object(let members) = self { return members.first { $0.0 == name }?.1 ?? .null }
        return .null
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
    var isTrue: Bool { if case .bool(true) = self { true } else { false } }
    var isNull: Bool { if case .null = self { true } else { false } }
    var number: Int? { if case .int(let number) = self { number } else { nil } }
}
