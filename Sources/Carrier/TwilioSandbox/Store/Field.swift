/// One parameter of a resource that a customer sets, and the member of the answer that shows it.
struct Field: Sendable {
    enum Kind: Sendable {
        /// Characters allowed.
        case text(ClosedRange<Int>)
        /// Empty clears it.
        case url
        /// `GET` or `POST`.
        case method
        case flag
        case number(ClosedRange<Int>)
        case choice([String])
        /// JSON text of an object.
        case object
    }

    /// In the answer.
    let name: String
    /// In the request.
    let parameter: String
    let kind: Kind
    let initial: JSON
    let isRequired: Bool
    /// Whether an update may set it.
    let isMutable: Bool

    init(
        _ name: String, _ parameter: String, _ kind: Kind = .text(0...10_000), initial: JSON = .null,
        isRequired: Bool = false, isMutable: Bool = true
    ) {
        self.name = name
        self.parameter = parameter
        self.kind = kind
        self.initial = initial
        self.isRequired = isRequired
        self.isMutable = isMutable
    }

    /// - Throws: 20001, which names the parameter and what it may be.
    func read(_ text: String) throws(TwilioFault) -> JSON {
        func invalid(_ expected: String) -> TwilioFault {
            TwilioFault(20001, "Invalid \(parameter): expected \(expected), not '\(text)'")
        }
        switch kind {
        case .text(let range):
            guard range.contains(text.count) else {
                throw invalid("\(range.lowerBound) to \(range.upperBound) characters")
            }
            return .string(text)
        case .url:
            guard !text.isEmpty else { return .null }
            guard WebhookURL(text) != nil else { throw invalid("an http or https URL") }
            return .string(text)
        case .method:
            guard ["GET", "POST"].contains(text.uppercased()) else { throw invalid("GET or POST") }
            return .string(text.uppercased())
        case .flag:
            switch text.lowercased() {
            case "true", "1": return true
            case "false", "0": return false
            default: throw invalid("true or false")
            }
        case .number(let range):
            guard let number = Int(text), range.contains(number) else {
                throw invalid("a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return .int(number)
        case .choice(let values):
            guard let found = values.first(where: { $0.lowercased() == text.lowercased() }) else {
                throw invalid(values.joined(separator: ", "))
            }
            return .string(found)
        case .object:
            guard let value = JSON(parsing: text), case .object = value else { throw invalid("a JSON object") }
            return value
        }
    }
}
