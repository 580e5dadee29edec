import Synchronization

/// Keeps whoever guesses hook tokens from asking the database as fast as the network allows.
///
/// A hook token is an identifier and not a secret, but each guess costs a look-up. A token is spent only when a hook
/// turned out to be unknown; while the bucket is empty, hooks that were not known a while ago are refused unasked. Hooks
/// that were found lately pass always, so the guesses of one never delay the messages of another.
package final class HookThrottle: Sendable {
    /// How many unknown hooks may be asked for.
    package struct Rates: Sendable {
        /// Over all hooks, a second.
        package var overall = 20.0
        package var overallBurst = 100.0
        /// Over hooks that begin with the same characters, a second.
        package var perPrefix = 1.0
        package var perPrefixBurst = 10.0
        /// Hooks remembered as known, and prefixes remembered with a bucket that is not full.
        package var remembered = 4_096

        package init() {}
    }

    private struct State {
        var overall: TokenBucket
        var prefixes: [String: TokenBucket] = [:]
        /// Known hooks of now and of before: when `recent` is full it becomes `earlier`, and what was not used since is
        /// forgotten.
        var recent: Set<String> = []
        var earlier: Set<String> = []
    }

    private let rates: Rates
    private let state: Mutex<State>

    package init(rates: Rates = Rates(), now: ContinuousClock.Instant = .now) {
        self.rates = rates
        state = Mutex(State(overall: TokenBucket(rate: rates.overall, burst: rates.overallBurst, now: now)))
    }

    /// Whether a hook may be looked up now.
    package func admits(_ hook: String, at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            if state.recent.contains(hook) { return true }
            if state.earlier.contains(hook) {
                remember(hook, in: &state)
                return true
            }
            guard state.overall.hasToken(at: now) else { return false }
            return state.prefixes[Self.prefix(of: hook)]?.hasToken(at: now) ?? true
        }
    }

    /// The look-up found it.
    package func found(_ hook: String) {
        state.withLock { remember(hook, in: &$0) }
    }

    /// The look-up did not find it.
    package func missed(_ hook: String, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.recent.remove(hook)
            state.earlier.remove(hook)
            state.overall.spend(at: now)
            if state.prefixes.count >= rates.remembered { forgetFullPrefixes(in: &state, at: now) }
            // Still too many: the overall bucket alone holds them.
            guard state.prefixes.count < rates.remembered else { return }
            let fresh = TokenBucket(rate: rates.perPrefix, burst: rates.perPrefixBurst, now: now)
            state.prefixes[Self.prefix(of: hook), default: fresh].spend(at: now)
        }
    }

    private func remember(_ hook: String, in state: inout State) {
        if state.recent.count >= rates.remembered {
            state.earlier = state.recent
            state.recent = []
        }
        state.recent.insert(hook)
    }

    private func forgetFullPrefixes(in state: inout State, at now: ContinuousClock.Instant) {
        state.prefixes = state.prefixes.filter { _, bucket in
            var bucket = bucket
            return !bucket.isFull(at: now)
        }
    }

    /// What guesses of one campaign have in common.
    private static func prefix(of hook: String) -> String {
        String(hook.prefix(6))
    }
}
