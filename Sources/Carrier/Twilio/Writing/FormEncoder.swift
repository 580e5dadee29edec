/// Makes a form of the properties of `Parameters`. Each property is a `FormValue` or a struct of them: anything else
/// is a mistake of ours, which the table of calls in the tests would meet.
struct FormEncoder: Encoder {
    final class Output {
        var form = FormBody()
    }

    let output: Output
    /// `Push.` within a nested struct.
    let prefix: String
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func form(of parameters: some Parameters) -> FormBody {
        let output = Output()
        do {
            try parameters.encode(to: FormEncoder(output: output, prefix: ""))
        } catch {
            preconditionFailure("\(type(of: parameters)) holds something that is no form value")
        }
        return output.form
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(FormContainer(output: output, prefix: prefix))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        preconditionFailure("a list of parameters has no names")
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        preconditionFailure("a parameter without a name, under \"\(prefix)\"")
    }
}

private struct FormContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let output: FormEncoder.Output
    let prefix: String
    var codingPath: [any CodingKey] { [] }

    /// `smsUrl` → `SmsUrl`.
    private func name(_ key: Key) -> String {
        var bytes = Array(key.stringValue.utf8)
        if let first = bytes.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) { bytes[0] = first & ~0x20 }
        let text = String(decoding: bytes, as: UTF8.self)
        return prefix.isEmpty ? text : prefix + text
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        if let value = value as? any FormValue {
            value.append(to: &output.form, as: name(key))
        } else {
            try value.encode(to: FormEncoder(output: output, prefix: name(key) + "."))
        }
    }

    func encode(_ value: String, forKey key: Key) throws { value.append(to: &output.form, as: name(key)) }
    func encode(_ value: Bool, forKey key: Key) throws { value.append(to: &output.form, as: name(key)) }
    func encode(_ value: Int, forKey key: Key) throws { value.append(to: &output.form, as: name(key)) }

    func encodeNil(forKey key: Key) throws {}

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(FormContainer<Nested>(output: output, prefix: name(key) + "."))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        preconditionFailure("a list of parameters has no names")
    }

    func superEncoder() -> any Encoder { FormEncoder(output: output, prefix: prefix) }
    func superEncoder(forKey key: Key) -> any Encoder { FormEncoder(output: output, prefix: name(key) + ".") }
}
