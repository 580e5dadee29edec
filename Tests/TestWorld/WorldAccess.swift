package import Accounts
import Credentials
package import Curl
package import Foundation
package import QueryEngine
package import Server
import Synchronization

/// The accounts at the edge of a world.
package struct WorldAccess: Access {
    private let finder: CallerFinder

    package init(finder: CallerFinder) {
        self.finder = finder
    }

    package func caller(of claim: AccessClaim) async throws(AccessError) -> Caller {
        do throws(CallerFinder.Refusal) {
            return try await finder.caller(
                token: claim.bearer, organization: claim.organization, address: claim.address,
                requestID: claim.requestID)
        } catch {
            switch error {
            case .unauthenticated: throw .unauthenticated
            case .forbidden(let message): throw .forbidden(message)
            case .tooManyRequests(let delay): throw .tooManyRequests(retryAfter: delay)
            case .unavailable: throw .unavailable
            }
        }
    }

    package func knownCaller(of claim: AccessClaim) -> Caller? {
        var last = claim.memo?.kept as? KnownBearer
        defer { claim.memo?.kept = last }
        return finder.knownCaller(
            token: claim.bearer, organization: claim.organization, address: claim.address, requestID: claim.requestID,
            last: &last)
    }

    package func admit(_ caller: Caller) -> Bool { finder.admit(caller) }

    package func standing(of caller: Caller) async -> Standing {
        do {
            return try await finder.isStillValid(caller) ? .valid : .revoked
        } catch {
            return .unknown
        }
    }

    package func noteDenied(_ caller: Caller) async { await finder.noteDenied(caller) }
}

/// Keeps password resets instead of delivering them.
package final class TestOutbox: PasswordResetDelivery {
    private let kept = Mutex<[(email: String, token: String)]>([])

    package func deliver(token: String, to email: String, expiresAt: Date) async throws {
        kept.withLock { $0.append((email, token)) }
    }

    package func token(for email: String) -> String? { kept.withLock { $0.last { $0.email == email }?.token } }
    package var count: Int { kept.withLock { $0.count } }
}

extension World {
    /// The world's edge, without a slash at its end.
    package var url: String { hooks.publicURL }

    /// A request to the world's edge over HTTP, answered as a stream of events.
    package func stream(_ body: [UInt8], token: String) async throws -> HTTPStream {
        try await transport.stream(
            HTTPRequest(
                .post, hooks.publicURL + "/graphql",
                headers: [
                    "Content-Type": "application/json", "Accept": "text/event-stream",
                    "Authorization": "Bearer \(token)",
                ], body: body))
    }
}
