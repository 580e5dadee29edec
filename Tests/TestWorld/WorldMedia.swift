import Credentials
import Curl
import Messaging
import Server
import Twilio

/// Files by the client's own call and, as the sandbox sends on to where it keeps them, one step further: to itself, and
/// without credentials.
struct SandboxMediaSource: MediaSource {
    let carrier: TestCarrier

    func fetch(
        _ media: String, of message: String, by lease: TwilioLease, limit: Int
    ) async throws(MediaFetchError) -> [UInt8] {
        guard let sid = MediaSid(media), let message = MessageSid(message) else { throw .gone }
        do {
            let stream = try await lease.client.messages.media(of: message).content(sid)
            if stream.status == 404 { throw MediaFetchError.gone }
            guard let place = stream.headers["Location"], place.hasPrefix(carrier.url) else {
                throw MediaFetchError.unavailable("The sandbox answered with \(stream.status).")
            }
            let file = try await carrier.transport.send(
                HTTPRequest(.get, place, responseSizeLimit: limit, reusePool: "media"))
            guard file.status == 200 else { throw MediaFetchError.gone }
            return file.body
        } catch let error as MediaFetchError {
            throw error
        } catch {
            throw .unavailable("\(error)")
        }
    }
}

/// The edge's question for a file.
struct WorldFiles: FileSource {
    let files: MediaFiles

    func file(_ token: String) async throws -> (type: String, bytes: [UInt8])? {
        try await files.file(token).map { (type: $0.type, bytes: $0.bytes) }
    }
}
