import FoundationEssentials

/// The messages of one account.
typealias MessageStore = Shelf<MessageRecord>

extension Shelf<MessageRecord> {
    /// Puts messages of the past where they belong by date.
    mutating func insertPast(_ past: [MessageRecord]) {
        rearrange(adding: past) { $0.dateCreated < $1.dateCreated }
    }
}
