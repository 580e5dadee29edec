import FoundationEssentials

/// The messages of one account, oldest first, found by SID without a scan.
struct MessageStore: Sendable {
    private(set) var records: [MessageRecord] = []
    private var positions: [String: Int] = [:]

    subscript(sid: String) -> MessageRecord? {
        guard let position = positions[sid], !records[position].isDeleted else { return nil }
        return records[position]
    }

    mutating func append(_ record: MessageRecord) {
        positions[record.sid] = records.count
        records.append(record)
    }

    /// Changes a message in place; false when there is none.
    @discardableResult
    mutating func update(_ sid: String, _ change: (inout MessageRecord) -> Void) -> Bool {
        guard let position = positions[sid], !records[position].isDeleted else { return false }
        change(&records[position])
        return true
    }

    /// Puts messages of the past where they belong by date.
    mutating func insertPast(_ past: [MessageRecord]) {
        records = (records + past).enumerated().sorted { left, right in
            (left.element.dateCreated, left.offset) < (right.element.dateCreated, right.offset)
        }.map(\.element)
        positions = Dictionary(
            records.enumerated().map { ($0.element.sid, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// Newest first: those that `admits` lets through, after or before a message, or after a number of them.
    func page(
        after: String?, before: String?, skip: Int, limit: Int, where admits: (MessageRecord) -> Bool
    ) -> (items: [MessageRecord], hasMore: Bool, hasLess: Bool) {
        if let before, let position = positions[before] {
            // The page above: the nearest newer ones, still newest first.
            var newer: [MessageRecord] = []
            var index = position + 1
            while index < records.count, newer.count <= limit {
                if isListed(index, admits) { newer.append(records[index]) }
                index += 1
            }
            return (Array(newer.prefix(limit).reversed()), true, newer.count > limit)
        }
        var index = after.flatMap { positions[$0] } ?? records.count
        var toSkip = skip
        var items: [MessageRecord] = []
        while index > 0 {
            index -= 1
            guard isListed(index, admits) else { continue }
            if toSkip > 0 {
                toSkip -= 1
                continue
            }
            if items.count == limit { return (items, true, after != nil || skip > 0) }
            items.append(records[index])
        }
        return (items, false, after != nil || skip > 0)
    }

    private func isListed(_ index: Int, _ admits: (MessageRecord) -> Bool) -> Bool {
        !records[index].isDeleted && admits(records[index])
    }
}
