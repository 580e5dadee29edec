import Accounts
import QueryEngine
import Server

/// The edge's question of who asks, answered by the accounts.
struct AccountAccess: Access {
    let finder: CallerFinder

    nonisolated(nonsending) func caller(of claim: AccessClaim) async throws(AccessError) -> Caller {
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

    func knownCaller(of claim: AccessClaim) -> Caller? {
        var last = claim.memo?.kept as? KnownBearer
        defer { claim.memo?.kept = last }
        return finder.knownCaller(
            token: claim.bearer, organization: claim.organization, address: claim.address, requestID: claim.requestID,
            last: &last)
    }

    func admit(_ caller: Caller) -> Bool { finder.admit(caller) }

    func standing(of caller: Caller) async -> Standing {
        do {
            return try await finder.isStillValid(caller) ? .valid : .revoked
        } catch {
            return .unknown
        }
    }

    func noteDenied(_ caller: Caller) async { await finder.noteDenied(caller) }
}
