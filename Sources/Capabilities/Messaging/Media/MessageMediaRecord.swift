import Foundation
import JobQueue
import Postgres
import Twilio

/// The files of a message, as its webhook names them or Twilio lists them: how many, of which types, and their SIDs. Their
/// addresses are not kept: where a file is, its SID tells.
struct MessageMediaRecord: Sendable {
    private let sids: [String]
    private let types: [String]

    /// Twilio's most for one message.
    private static let most = 10

    init(_ parameters: [String: String]) {
        let count = min(max(parameters["NumMedia"].flatMap { Int($0) } ?? 0, 0), Self.most)
        sids = (0..<count).map { index in
            let last = (parameters["MediaUrl\(index)"] ?? "").split(separator: "/").last.map(String.init) ?? ""
            return MediaSid(last.lowercased().hasPrefix("me") ? "ME" + last.dropFirst(2).lowercased() : last)?.text
                ?? ""
        }
        types = (0..<count).map { index in
            MediaType.known(parameters["MediaContentType\(index)"] ?? "") ?? ""
        }
    }

    /// - Parameter files: as Twilio lists them, the oldest first.
    init(_ files: [Media]) {
        let files = files.prefix(Self.most)
        sids = files.map(\.sid.text)
        types = files.map { MediaType.known($0.contentType ?? "") ?? "" }
    }

    var isEmpty: Bool { sids.isEmpty }

    /// Whether one of them is of a type that is not kept.
    var hasUnreadable: Bool { types.contains("") }

    /// Writes them down, and asks for each to be fetched.
    func keep(of message: UUID, in transaction: Transaction) async throws {
        guard !isEmpty else { return }
        let ids = sids.map { _ in UUID() }
        _ = try await transaction.execute(
            MediaQueries.insert,
            [
                PostgresValue(transaction.organization), .uuid(message), .uuids(ids), .texts(sids), .texts(types),
            ])
        try await WorkQueue.enqueue(
            MessageJobs.fetchMedia, subjects: zip(ids, sids).filter { !$0.1.isEmpty }.map(\.0), in: transaction)
    }
}
