import Credentials
import Twilio

/// Why a file could not be had.
enum MediaProblem: Error, Equatable {
    case tooLarge
    /// Twilio has no such file, or no longer.
    case gone
    /// It may be there another time.
    case unavailable
}

/// The bytes of a file, fetched by the organization's own client, at an address that is made of SIDs alone. Where Twilio
/// sends on to its storage, the client follows without the credential, and only to where `MediaPolicy` lets it.
enum MediaDownload {
    /// - Parameter limit: bytes.
    static func bytes(
        of media: String, _ message: String, by lease: TwilioLease, limit: Int
    ) async throws(MediaProblem) -> [UInt8] {
        guard let media = MediaSid(media), let message = MessageSid(message) else { throw .gone }
        do throws(MediaFetchError) {
            return try await lease.client.messages.media(of: message).fetchContent(media, upTo: limit).bytes
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge
            case .call(.refused(let refusal)) where refusal.status == 404 || refusal.status == 410: throw .gone
            case .storage(404), .storage(410): throw .gone
            default: throw .unavailable
            }
        }
    }
}
