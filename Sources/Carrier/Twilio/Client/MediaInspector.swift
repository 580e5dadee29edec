package import Curl
import Synchronization

/// Asks where files are kept how large they are and of which type, before Twilio is asked to send them.
///
/// One HEAD each, without any credential; redirects are followed by hand and each is held to ``MediaAddress``; the address
/// that a name resolves to has to be of the public internet. Who does not answer in time, or does not say, is `silent`.
package final class MediaInspector: Sendable {
    package enum Answer: Sendable, Equatable {
        /// `size` in bytes; `type` as the server names it, with its parameters.
        case told(size: Int?, type: String?)
        case silent
        /// The name, or where it leads, has an address that is not of the public internet.
        case notPublic
    }

    private let transport: HTTPTransport
    private let endpoints: TwilioEndpoints
    private let patience: Duration
    private let underWay = Mutex(0)

    /// Redirects, one after the other.
    private static let longestChain = 3
    /// Files that are asked for at the same time, over all callers; beyond, nobody is asked, so that slow servers of others
    /// never hold up more than these.
    private static let most = 64

    /// - Parameter patience: for one file, with all its redirects.
    package init(transport: HTTPTransport, endpoints: TwilioEndpoints, patience: Duration = .seconds(3)) {
        self.transport = transport
        self.endpoints = endpoints
        self.patience = patience
    }

    package func address(_ text: String) throws(MediaAddress.Problem) -> MediaAddress {
        try endpoints.mediaAddress(text)
    }

    /// In the order of the addresses; the same address is asked once.
    package func ask(_ addresses: [MediaAddress]) async -> [Answer] {
        let answers = await withTaskGroup(of: (MediaAddress, Answer).self) { group in
            for address in Set(addresses) { group.addTask { (address, await self.ask(address)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return addresses.map { answers[$0] ?? .silent }
    }

    private func ask(_ address: MediaAddress) async -> Answer {
        let isAdmitted = underWay.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return .silent }
        defer { underWay.withLock { $0 -= 1 } }
        let deadline = ContinuousClock.now + patience
        var address = address
        for _ in 0...Self.longestChain {
            let left = deadline - .now
            guard left > .zero else { return .silent }
            let answer: HTTPResponse
            do throws(TransportError) {
                answer = try await transport.send(
                    HTTPRequest(
                        .head, address.url, headers: ["Accept": "*/*", "User-Agent": "switchboard"],
                        connectTimeout: left, totalTimeout: left, responseSizeLimit: 1 << 16,
                        reach: address.isOwn ? .anywhere : .publicOnly))
            } catch {
                return error.kind == .addressNotPublic ? .notPublic : .silent
            }
            switch answer.status {
            case 200:
                return .told(
                    size: answer.headers["Content-Length"].flatMap(Self.size), type: answer.headers["Content-Type"])
            case 301, 302, 303, 307, 308:
                guard let location = answer.headers["Location"] else { return .silent }
                do {
                    address = try address.redirected(to: location, ownBase: endpoints.ownBase)
                } catch {
                    return error == .notPublic ? .notPublic : .silent
                }
            default:
                // Many refuse HEAD, or this one HEAD: that says nothing of what Twilio will meet.
                return .silent
            }
        }
        return .silent
    }

    private static func size(_ text: String) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
