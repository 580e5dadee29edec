import Synchronization

/// What all clients of one process share about traffic: for each account a cap on calls at once, a pause after 429, and
/// a circuit for each of Twilio's products.
package final class TwilioTraffic: Sendable {
    package struct Limits: Sendable {
        /// Calls of one account at once. Twilio refuses above about 100 (unconfirmed, so leave room).
        package var concurrency = 80
        /// How many more may wait. With the total timeout of 15 s, none waits longer than 30 s.
        package var longestQueue = 160
        /// Of those whose call is looked at once more just before it goes (`Messages.create(_:lastLook:)`), how many may be
        /// between that look and their place: so few that their places become free within `lookValidity` while all goes well.
        package var looksAtOnce = 16
        /// From the beginning of such a look to the call; who had to wait longer for a place looks again.
        package var lookValidity: Duration = .milliseconds(25)
        package var backOff = BackOff.Limits(
            first: .milliseconds(500), longest: .seconds(30), patience: .seconds(5))
        /// For each account and product: 5xx in a row.
        package var server = Circuit.Limits(failures: 10, firstPause: .seconds(1), longestPause: .seconds(30))
        /// For each client: 401 in a row.
        package var credential = Circuit.Limits(failures: 3, firstPause: .seconds(60), longestPause: .seconds(900))

        package init() {}
    }

    let limits: Limits
    let clock: any TrafficClock
    private let gates = Mutex<[AccountSid: AccountGate]>([:])

    package init(_ limits: Limits = Limits(), clock: any TrafficClock = SystemTrafficClock()) {
        self.limits = limits
        self.clock = clock
    }

    func gate(of account: AccountSid) -> AccountGate {
        gates.withLock { gates in
            if let gate = gates[account] { return gate }
            let gate = AccountGate(limits, clock: clock)
            gates[account] = gate
            return gate
        }
    }
}
