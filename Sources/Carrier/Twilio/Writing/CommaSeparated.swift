/// Several texts that go out as one, with commas, and come back as a list.
package struct CommaSeparated: Sendable, Hashable, Codable, FormValue, ExpressibleByArrayLiteral {
    package var texts: [String]

    package init(_ texts: [String]) {
        self.texts = texts
    }

    package init(arrayLiteral elements: String...) {
        self.init(elements)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            texts = text.split(separator: ",").map(String.init)
        } else {
            texts = try container.decode([String].self)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(texts)
    }

    package func append(to form: inout FormBody, as name: String) {
        form.append(name, texts.joined(separator: ","))
    }
}
