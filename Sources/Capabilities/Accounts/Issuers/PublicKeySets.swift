package import Curl
import Foundation

/// The key sets behind issuers' URLs (RFC 7517).
///
/// A set is kept for ten minutes. A key id that it lacks may be a new key, so the set is asked for again, but for that
/// reason at most once a minute: whoever sends tokens with invented ids makes no more requests than that. While the URL
/// does not answer, the last set holds for a day. Everybody who waits for the same set waits for one request.
package actor PublicKeySets {
    /// Of a set, in bytes. Known providers' sets have less than a twentieth of it.
    package static let sizeLimit = 256 << 10
    static let lifetime: Duration = .seconds(600)
    static let staleLifetime: Duration = .seconds(86_400)
    static let pause: Duration = .seconds(60)
    private static let capacity = 1_000

    private struct Entry {
        var set: PublicKeySet?
        var fetchedAt: ContinuousClock.Instant?
        /// When it was last asked for in vain.
        var failedAt: ContinuousClock.Instant?
        /// When it was last asked for because a key was missing in it.
        var missedAt: ContinuousClock.Instant?
        var flight: Task<PublicKeySet?, Never>?
    }

    private let transport: HTTPTransport
    /// For the whole of a set.
    package let timeout: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private var entries: [String: Entry] = [:]

    /// - Parameter now: the time; tests hurry it on.
    package init(
        transport: HTTPTransport, timeout: Duration = .seconds(5),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.transport = transport
        self.timeout = timeout
        self.now = now
    }

    /// Whether keys may be fetched from there: by https, or from this machine.
    package static func isAllowed(_ url: String) -> Bool {
        guard url.utf8.count <= 2_000, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else { return false }
        switch parts.scheme {
        case "https": return true
        case "http": return ["127.0.0.1", "localhost", "[::1]"].contains(host)
        default: return false
        }
    }

    /// The set behind a URL; `nil` while there is none.
    package func set(at url: String, holding keyID: String?) async -> PublicKeySet? {
        let moment = now()
        let entry = entries[url] ?? Entry()
        if let flight = entry.flight { return await flight.value ?? usable(entry, at: moment) }
        if let set = entry.set, let fetchedAt = entry.fetchedAt, moment - fetchedAt < Self.lifetime {
            if set.holds(keyID) { return set }
            // Others than the one that is missing may ask all the while.
            if let missedAt = entry.missedAt, moment - missedAt < Self.pause { return set }
            entries[url]?.missedAt = moment
        } else if let failedAt = entry.failedAt, moment - failedAt < Self.pause {
            return usable(entry, at: moment)
        }
        return await fetch(url, at: moment)
    }

    private func fetch(_ url: String, at moment: ContinuousClock.Instant) async -> PublicKeySet? {
        if entries.count >= Self.capacity, entries[url] == nil { entries.removeAll() }
        let (transport, timeout) = (transport, timeout)
        let flight = Task { await Self.ask(url, by: transport, within: timeout) }
        entries[url, default: Entry()].flight = flight
        let found = await flight.value
        entries[url, default: Entry()].flight = nil
        guard let found else {
            entries[url]?.failedAt = moment
            return entries[url].flatMap { usable($0, at: moment) }
        }
        entries[url]?.set = found
        entries[url]?.fetchedAt = moment
        entries[url]?.failedAt = nil
        return found
    }

    private func usable(_ entry: Entry, at moment: ContinuousClock.Instant) -> PublicKeySet? {
        guard let fetchedAt = entry.fetchedAt, moment - fetchedAt < Self.staleLifetime else { return nil }
        return entry.set
    }

    private static func ask(
        _ url: String, by transport: HTTPTransport, within timeout: Duration
    ) async -> PublicKeySet? {
        guard isAllowed(url) else { return nil }
        let request = HTTPRequest(
            .get, url, headers: ["Accept": "application/jwk-set+json, application/json"], connectTimeout: .seconds(3),
            totalTimeout: timeout, responseSizeLimit: sizeLimit, reusePool: "jwks")
        guard let answer = try? await transport.send(request), answer.status == 200 else { return nil }
        return PublicKeySet(json: String(decoding: answer.body, as: UTF8.self))
    }
}
