import FoundationEssentials

/// The newest entries of something, up to a limit, and how many there have been.
struct History<Entry: Sendable>: Sendable {
    private(set) var entries: ArraySlice<Entry> = []
    private(set) var total = 0
    let limit: Int

    init(limit: Int) { self.limit = max(1, limit) }

    var dropped: Int { total - entries.count }

    mutating func append(_ entry: Entry) {
        entries.append(entry)
        total += 1
        if entries.count > limit { entries.removeFirst() }
    }

    mutating func clear() {
        entries = []
        total = 0
    }
}

/// A request to the API as `GET /_control/requests` shows it. Credentials are not kept.
struct ReceivedRequest: Sendable {
    let at: Date
    let method: String
    let path: String
    let query: Parameters
    let form: Parameters
    /// What was answered; nil when the connection was closed without an answer.
    let status: Int?
    /// Whether the request was carried out, whatever the caller saw.
    let wasAccepted: Bool
    let rule: Int?

    func matches(_ query: Parameters) -> Bool {
        (query["method"].map { $0.uppercased() == method } ?? true) && (query["path"].map { path.contains($0) } ?? true)
            && (query["account"].map { path.contains($0) } ?? true)
            && (query["to"].map { $0 == form["To"] ?? self.query["To"] } ?? true)
            && (query["from"].map { $0 == form["From"] ?? self.query["From"] } ?? true)
            && (query["accepted"].map { ($0 == "true") == wasAccepted } ?? true)
    }

    var json: JSON {
        [
            "at": .string(TwilioDate.rfc2822(at)), "method": .string(method), "path": .string(path),
            "query": query.json, "parameters": form.json, "status": status.map { .int($0) } ?? .null,
            "accepted": .bool(wasAccepted), "misbehaviour": rule.map { .int($0) } ?? .null,
        ]
    }
}
