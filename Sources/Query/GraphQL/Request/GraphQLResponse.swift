package import OrderedCollections

/// A response map (specification, section 7.1), written with the errors first.
package enum GraphQLResponse {
    /// What stands under `data`.
    package enum Data: Sendable {
        /// The request failed before execution: there is no `data` at all.
        case absent
        case value(JSONValue)
        /// JSON that someone else has made; it goes out as it is.
        case bytes([UInt8])
    }

    /// Appends the response as JSON.
    package static func write(
        data: Data, errors: [GraphQLError] = [], extensions: OrderedDictionary<String, JSONValue> = [:],
        to bytes: inout [UInt8]
    ) {
        var separator = UInt8(ascii: "{")
        func key(_ name: StaticString, _ bytes: inout [UInt8]) {
            bytes.append(separator)
            separator = UInt8(ascii: ",")
            bytes.append(UInt8(ascii: "\""))
            name.withUTF8Buffer { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: "\":".utf8)
        }
        if !errors.isEmpty {
            key("errors", &bytes)
            JSONValue.array(errors.map(\.jsonValue)).write(to: &bytes)
        }
        switch data {
        case .absent: break
        case .value(let value):
            key("data", &bytes)
            value.write(to: &bytes)
        case .bytes(let json):
            key("data", &bytes)
            bytes.append(contentsOf: json)
        }
        if !extensions.isEmpty {
            key("extensions", &bytes)
            JSONValue.object(extensions).write(to: &bytes)
        }
        bytes.append(contentsOf: separator == UInt8(ascii: "{") ? "{}".utf8 : "}".utf8)
    }
}
