import Messaging
import Server

/// The edge's question for a file.
struct WorldFiles: FileSource {
    let files: MediaFiles

    func file(_ token: String) async throws -> (type: String, bytes: [UInt8])? {
        try await files.file(token).map { (type: $0.type, bytes: $0.bytes) }
    }
}
