/// What a shelf can keep.
protocol Stored: Sendable {
    var sid: String { get }
    /// Deleted records keep their place, so that page tokens that name them stay good.
    var isDeleted: Bool { get set }
}

/// The records of one kind of one account, oldest first, found by SID without a scan.
struct Shelf<Record: Stored>: Sendable {
    /// Deleted ones included.
    private(set) var records: [Record] = []
    private var positions: [String: Int] = [:]

    subscript(sid: String) -> Record? {
        guard let position = positions[sid], !records[position].isDeleted else { return nil }
        return records[position]
    }

    /// Those that are not deleted, oldest first.
    var live: [Record] { records.filter { !$0.isDeleted } }

    mutating func append(_ record: Record) {
        positions[record.sid] = records.count
        records.append(record)
    }

    /// Changes a record in place; false when there is none.
    @discardableResult
    mutating func update<Failure: Error>(
        _ sid: String, _ change: (inout Record) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard let position = positions[sid], !records[position].isDeleted else { return false }
        try change(&records[position])
        return true
    }

    /// - Returns: what was there.
    @discardableResult
    mutating func remove(_ sid: String) -> Record? {
        guard let position = positions[sid], !records[position].isDeleted else { return nil }
        records[position].isDeleted = true
        return records[position]
    }

    /// Puts everything, and more, into another order.
    mutating func rearrange(adding more: [Record], by precedes: (Record, Record) -> Bool) {
        records = (records + more).enumerated().sorted { left, right in
            precedes(left.element, right.element)
                || (!precedes(right.element, left.element) && left.offset < right.offset)
        }.map(\.element)
        positions = Dictionary(
            records.enumerated().map { ($0.element.sid, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// Newest first (or oldest): those that `admits` lets through, after or before a record, or after a number of them.
    func page(
        after: String?, before: String?, skip: Int, limit: Int, isOldestFirst: Bool = false,
        where admits: (Record) -> Bool
    ) -> (items: [Record], hasMore: Bool, hasLess: Bool) {
        let step = isOldestFirst ? 1 : -1
        func isInside(_ index: Int) -> Bool { index >= 0 && index < records.count }
        func isListed(_ index: Int) -> Bool { !records[index].isDeleted && admits(records[index]) }
        if let before, let position = positions[before] {
            var found: [Record] = []
            var index = position - step
            while isInside(index), found.count <= limit {
                if isListed(index) { found.append(records[index]) }
                index -= step
            }
            return (Array(found.prefix(limit).reversed()), true, found.count > limit)
        }
        var index = after.flatMap { positions[$0].map { $0 + step } } ?? (isOldestFirst ? 0 : records.count - 1)
        var toSkip = skip
        var items: [Record] = []
        while isInside(index) {
            defer { index += step }
            guard isListed(index) else { continue }
            if toSkip > 0 {
                toSkip -= 1
                continue
            }
            if items.count == limit { return (items, true, after != nil || skip > 0) }
            items.append(records[index])
        }
        return (items, false, after != nil || skip > 0)
    }
}
