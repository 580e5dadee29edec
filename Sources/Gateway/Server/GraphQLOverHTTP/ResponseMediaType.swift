/// How a GraphQL response is written, and what `Accept` chose it.
enum ResponseMediaType: Sendable, Hashable, CaseIterable {
    case graphQLResponse
    case json
    case eventStream

    var name: String {
        switch self {
        case .graphQLResponse: "application/graphql-response+json"
        case .json: "application/json"
        case .eventStream: "text/event-stream"
        }
    }

    var contentType: String {
        switch self {
        case .graphQLResponse: "application/graphql-response+json; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        case .eventStream: "text/event-stream; charset=utf-8"
        }
    }

    /// Which one it is where the client has no preference. Covered by `*/*`, it is the one that every client reads.
    func preference(isNamed: Bool) -> Int {
        switch self {
        case .graphQLResponse: isNamed ? 3 : 1
        case .json: 2
        case .eventStream: 0
        }
    }
}

/// What a request accepts (RFC 9110, section 12.5.1).
struct Acceptance: Sendable {
    /// The best that the client accepts.
    let preferred: ResponseMediaType
    /// Whether a subscription may be answered as a stream, although something else is preferred: clients that do not
    /// look into their documents list all types with every request.
    let allowsEventStream: Bool

    /// - Parameter values: of all `Accept` lines. None, or `*/*`, means `application/json`.
    /// - Returns: `nil` where nothing that this server writes is accepted.
    init?(_ values: [String]) {
        let ranges = values.flatMap { $0.split(separator: ",") }.compactMap { MediaRange($0) }
        guard !ranges.isEmpty else {
            // Lines that hold nothing readable accept nothing; no line at all accepts everything.
            guard values.allSatisfy({ $0.allSatisfy { $0 == " " || $0 == "," } }) else { return nil }
            self.init(preferred: .json, allowsEventStream: false)
            return
        }
        var best: (type: ResponseMediaType, score: Int)?
        var allowsEventStream = false
        for type in ResponseMediaType.allCases {
            let covering = ranges.filter { $0.covers(type) }
            guard let range = covering.max(by: { $0.specificity < $1.specificity }), range.weight > 0,
                type != .eventStream || range.isExact
            else { continue }
            if type == .eventStream { allowsEventStream = true }
            // By weight; then what is named before what is only covered.
            let score = range.weight * 100 + (range.isExact ? 10 : 0) + type.preference(isNamed: range.isExact)
            if best.map({ $0.score < score }) ?? true { best = (type, score) }
        }
        guard let best else { return nil }
        self.init(preferred: best.type, allowsEventStream: allowsEventStream)
    }

    private init(preferred: ResponseMediaType, allowsEventStream: Bool) {
        self.preferred = preferred
        self.allowsEventStream = allowsEventStream
    }
}

/// One element of `Accept`: `application/*;q=0.8`.
struct MediaRange: Sendable, Hashable {
    let type: String
    let subtype: String
    /// 0 to 1000; 0 excludes.
    let weight: Int

    /// `nil` for what is no media range; such an element is passed over.
    init?(_ text: Substring) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        let names = parts[0].lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty, names[0] != "*" || names[1] == "*" else {
            return nil
        }
        type = String(names[0])
        subtype = String(names[1])
        var weight = 1000
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map(Self.trimmed)
            guard pair.count == 2 else { continue }
            switch pair[0].lowercased() {
            case "q":
                guard let value = Double(pair[1]), (0...1).contains(value) else { return nil }
                weight = Int((value * 1000).rounded())
            case "charset":
                guard MediaType.isUTF8(pair[1]) else { return nil }
            default: continue
            }
        }
        self.weight = weight
    }

    /// 0 for `*/*`, 1 for `application/*`, 2 for a type with its name.
    var specificity: Int { type == "*" ? 0 : subtype == "*" ? 1 : 2 }

    var isExact: Bool { specificity == 2 }

    func covers(_ mediaType: ResponseMediaType) -> Bool {
        let names = mediaType.name.split(separator: "/")
        return (type == "*" || type == names[0]) && (subtype == "*" || subtype == names[1])
    }

    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

/// The `Content-Type` of a request.
struct MediaType: Sendable, Hashable {
    /// `type/subtype` in lower case.
    let name: String
    /// As written, without quotes; `nil` where none is given.
    let charset: String?

    init?(_ header: String) {
        let parts = header.split(separator: ";", omittingEmptySubsequences: false).map(MediaRange.trimmed)
        guard let first = parts.first, first.contains("/") else { return nil }
        name = first.lowercased()
        var charset: String?
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map(MediaRange.trimmed)
            if pair.count == 2, pair[0].lowercased() == "charset" {
                charset = String(pair[1])
            }
        }
        self.charset = charset
    }

    /// JSON in UTF-8.
    var isJSON: Bool { name == "application/json" && isUTF8 }

    var isUTF8: Bool { charset.map { Self.isUTF8($0[...]) } ?? true }

    static func isUTF8(_ charset: Substring) -> Bool {
        let name = charset.filter { $0 != "\"" }.lowercased()
        return name == "utf-8" || name == "utf8"
    }
}
