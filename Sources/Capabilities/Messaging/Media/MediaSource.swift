package import Credentials
import Curl
import Twilio

/// Where the files of messages come from.
package protocol MediaSource: Sendable {
    /// The bytes of a file, fetched by the organization's own client, at an address that is made of SIDs alone.
    ///
    /// - Parameter limit: bytes; a larger file is ``MediaFetchError/tooLarge``.
    func fetch(
        _ media: String, of message: String, by lease: TwilioLease, limit: Int
    ) async throws(MediaFetchError) -> [UInt8]
}

/// Why a file could not be had.
package enum MediaFetchError: Error, Equatable {
    case tooLarge
    /// Twilio has no such file, or no longer.
    case gone
    /// Twilio refuses the credential.
    case credentialRefused
    /// It may be there another time.
    case unavailable(String)
}

/// By Twilio's own client.
package struct TwilioMediaSource: MediaSource {
    package init() {}

    package func fetch(
        _ media: String, of message: String, by lease: TwilioLease, limit: Int
    ) async throws(MediaFetchError) -> [UInt8] {
        guard let media = MediaSid(media), let message = MessageSid(message) else { throw .gone }
        do {
            let stream = try await lease.client.messages.media(of: message).content(media)
            switch stream.status {
            case 200..<300: return try await Self.collect(stream, limit: limit)
            case 401: throw MediaFetchError.credentialRefused
            case 404, 410: throw MediaFetchError.gone
            default: throw MediaFetchError.unavailable("Twilio answered with the status \(stream.status).")
            }
        } catch let error as MediaFetchError {
            throw error
        } catch let error as TransportError where error.kind == .tooLarge {
            throw .tooLarge
        } catch {
            throw .unavailable("Twilio could not be reached.")
        }
    }

    private static func collect(_ stream: HTTPStream, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in stream.chunks {
            bytes += chunk
            if bytes.count > limit { throw MediaFetchError.tooLarge }
        }
        return bytes
    }
}
