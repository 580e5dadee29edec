/// How often may be tried what an attacker would try often.
package struct AccountLimits: Sendable {
    /// Sign-in and every other place where a password is asked: from one address, and for one account.
    package var signInByAddress = RateLimit(burst: 50, step: .seconds(6))
    package var signInByAccount = RateLimit(burst: 10, step: .seconds(60))
    package var resetByAddress = RateLimit(burst: 20, step: .seconds(60))
    package var resetByAccount = RateLimit(burst: 3, step: .seconds(600))
    /// Tokens of resets, invitations and refreshes, which cannot be guessed: this bounds what guessing costs us.
    package var tokensByAddress = RateLimit(burst: 300, step: .seconds(1))
    package var invitationsByOrganization = RateLimit(burst: 100, step: .seconds(60))
    /// Requests to the API, by address, by account and by organization alike; `nil` for as many as there come.
    package var api: RateLimit? = RateLimit(burst: 100_000, step: .microseconds(100))
    /// Denied attempts that are written into the audit: from one address, and from all together, for tokens that nobody
    /// knows and for everything else apart.
    package var denialsByAddress = RateLimit(burst: 20, step: .seconds(30))
    package var denials = RateLimit(burst: 1_000, step: .seconds(5))
    /// How long it is remembered what a token stands for, if nothing is heard of a revocation meanwhile.
    package var tokenMemory: Duration = .seconds(60)

    package init() {}
}
