package import Curl

/// Why a file did not come.
package enum MediaFetchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Twilio's API refused, or could not be asked.
    case call(TwilioCallError)
    /// Twilio sends on to where we do not go.
    case redirect(RedirectRefusal)
    /// Where the file lies, this status was answered, or nothing whole came.
    case storage(status: Int)
    case transport(TransportError)
    /// It has more bytes than were asked for.
    case tooLarge(limit: Int)

    package var description: String {
        switch self {
        case .call(let error): error.description
        case .redirect(let why): "Twilio's redirect was not followed: \(why.rawValue)"
        case .storage(let status): "where Twilio keeps the file, status \(status) was answered"
        case .transport(let error): "the file did not come whole: \(error)"
        case .tooLarge(let limit): "the file has more than \(limit) bytes"
        }
    }
}

/// A file at Twilio, read while it comes. What it says of itself is the sender's word: check it.
package struct MediaStream: Sendable {
    /// As the answer names it, with its parameters.
    package let contentType: String?
    /// Ends with a `TransportError` when the transfer does. Dropping it ends the transfer.
    package let chunks: AsyncThrowingStream<[UInt8], any Error>
}

/// A whole file.
package struct MediaFile: Sendable, Equatable {
    /// As the answer names it, with its parameters.
    package let contentType: String?
    package let bytes: [UInt8]
}

extension TwilioClient {
    /// The file of a place of our own making. Twilio's API answers itself or with a redirect to its storage, which is
    /// followed by hand: the credential stays behind, and `MediaPolicy` says where it may lead.
    func openMedia(_ place: ResourcePlace) async throws(MediaFetchError) -> MediaStream {
        var answer: HTTPStream
        do {
            answer = try await stream(TwilioCall(.get, place))
        } catch {
            throw .call(error)
        }
        var url = endpoints.base(of: place.product) + place.fullPath
        var isFirst = true
        for _ in 0...media.longestChain {
            switch answer.status {
            case 200..<300:
                return MediaStream(contentType: answer.headers["Content-Type"], chunks: answer.chunks)
            case 301, 302, 303, 307, 308:
                let target: MediaPolicy.Target
                do {
                    target = try media.target(of: answer.headers["Location"], from: url, ownBase: endpoints.ownBase)
                } catch {
                    throw .redirect(error)
                }
                url = target.url
                isFirst = false
                answer = try await follow(target)
            default:
                guard isFirst else { throw .storage(status: answer.status) }
                throw .call(.refused(TwilioError(await whole(answer))))
            }
        }
        throw .redirect(.tooMany)
    }

    /// The file, when it has no more than so many bytes.
    func fetchMedia(_ place: ResourcePlace, upTo limit: Int) async throws(MediaFetchError) -> MediaFile {
        let stream = try await openMedia(place)
        var bytes: [UInt8] = []
        do {
            for try await chunk in stream.chunks {
                guard bytes.count + chunk.count <= limit else { throw MediaFetchError.tooLarge(limit: limit) }
                bytes += chunk
            }
        } catch let error as MediaFetchError {
            throw error
        } catch let error as TransportError {
            throw .transport(error)
        } catch {
            throw .transport(TransportError(kind: .cancelled, delivery: .mayHaveBeenSent, detail: "reading ended"))
        }
        // A cancelled reader sees an end like any other.
        guard !Task.isCancelled else {
            throw .transport(TransportError(kind: .cancelled, delivery: .mayHaveBeenSent, detail: "the caller gave up"))
        }
        return MediaFile(contentType: stream.contentType, bytes: bytes)
    }

    private func follow(_ target: MediaPolicy.Target) async throws(MediaFetchError) -> HTTPStream {
        let request = HTTPRequest(
            .get, target.url, headers: ["Accept": "*/*", "User-Agent": userAgent], connectTimeout: timeouts.connect,
            totalTimeout: timeouts.media, responseSizeLimit: MediaPolicy.largestFile, reusePool: "\(account) media",
            reach: target.isOwn ? .anywhere : .publicOnly)
        do {
            return try await transport.stream(request)
        } catch {
            if error.kind == .addressNotPublic { throw .redirect(.privateAddress) }
            if error.kind == .invalidRequest { throw .redirect(.malformed) }
            throw .transport(error)
        }
    }

    /// A refusal with its words, which are few.
    private func whole(_ answer: HTTPStream) async -> HTTPResponse {
        var body: [UInt8] = []
        do {
            for try await chunk in answer.chunks {
                body += chunk
                if body.count > 1 << 16 { break }
            }
        } catch {
            // What came says enough, and the status says the rest.
        }
        return HTTPResponse(status: answer.status, headers: answer.headers, body: body)
    }
}
