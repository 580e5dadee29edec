/// Gives the fields of a `FlatAnswer` to `Decodable`. Throws for everything that is not simply there, and leaves the
/// reason to `JSONDecoder`.
struct FlatDecoder: Decoder {
    private let answer: FlatAnswer
    /// Nil for the whole object.
    private let value: FlatAnswer.Value?

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ answer: FlatAnswer, _ value: FlatAnswer.Value? = nil) {
        self.answer = answer
        self.value = value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard value == nil else { throw FlatAnswer.Unusual() }
        return KeyedDecodingContainer(FlatContainer(answer))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw FlatAnswer.Unusual() }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        guard let value else { throw FlatAnswer.Unusual() }
        return FlatValue(answer: answer, value: value)
    }
}

private struct FlatValue: SingleValueDecodingContainer {
    let answer: FlatAnswer
    let value: FlatAnswer.Value

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { if case .null = value { true } else { false } }

    func decode(_ type: String.Type) throws -> String {
        guard case .text(let range) = value else { throw FlatAnswer.Unusual() }
        return answer.text(range)
    }

    func decode(_ type: Int.Type) throws -> Int {
        guard case .number(let range) = value, let number = Int(answer.text(range)) else { throw FlatAnswer.Unusual() }
        return number
    }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let bool) = value else { throw FlatAnswer.Unusual() }
        return bool
    }

    func decode<Wanted: Decodable>(_ type: Wanted.Type) throws -> Wanted {
        // The standard library's other numbers would ask this container again, without end.
        guard !(type is any Numeric.Type) else { throw FlatAnswer.Unusual() }
        return try Wanted(from: FlatDecoder(answer, value))
    }
}

private struct FlatContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let answer: FlatAnswer

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    init(_ answer: FlatAnswer) {
        self.answer = answer
    }

    private func value(_ key: Key) throws -> FlatValue {
        guard let index = answer.index(of: key.stringValue) else { throw FlatAnswer.Unusual() }
        return FlatValue(answer: answer, value: answer.fields[index].value)
    }

    func contains(_ key: Key) -> Bool { answer.index(of: key.stringValue) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try value(key).decodeNil() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(type) }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
    func decode<Wanted: Decodable>(_ type: Wanted.Type, forKey key: Key) throws -> Wanted {
        try value(key).decode(type)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { FlatDecoder(answer, try value(key).value) }
    func superDecoder() throws -> any Decoder { throw FlatAnswer.Unusual() }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw FlatAnswer.Unusual()
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw FlatAnswer.Unusual() }
}
