package import FoundationEssentials

/// What a sandbox is started with.
package struct SandboxConfiguration: Sendable {
    /// The address that is listened on. `/_control` answers callers on loopback only, whatever stands here.
    package var host: String
    /// The port, 0 for a free one (see ``SandboxServer/waitUntilListening()``).
    package var port: Int
    /// Makes SIDs, idempotency tokens and chances repeatable. Secrets never come from it.
    package var seed: UInt64
    package var accounts: [SandboxAccount]
    package var timings: SandboxTimings
    package var clock: Clock
    /// How many received requests, and how many webhook calls, are remembered (newest win).
    package var historyLimit: Int

    /// Where the carrier's time comes from.
    package enum Clock: Sendable, Equatable {
        /// Follows the machine's clock; `POST /_control/clock` adds to it.
        case real
        /// Stands still at an instant until `POST /_control/clock` moves it.
        case stopped(at: Date)
    }

    package init(
        host: String = "127.0.0.1", port: Int = 0, seed: UInt64 = 1, accounts: [SandboxAccount] = [],
        timings: SandboxTimings = SandboxTimings(), clock: Clock = .real, historyLimit: Int = 200_000
    ) {
        self.host = host
        self.port = port
        self.seed = seed
        self.accounts = accounts
        self.timings = timings
        self.clock = clock
        self.historyLimit = historyLimit
    }

    /// Reads the accounts of a `--config` file: `{"accounts": [{"sid", "authToken", "numbers": [...]}, ...]}`.
    ///
    /// - Throws: a `DecodingError` that names the wrong field, or what reading the file threw.
    package static func accounts(fromFile file: URL) throws -> [SandboxAccount] {
        struct File: Decodable { let accounts: [SandboxAccount] }
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: file)).accounts
    }
}

/// How long the carrier takes. `apiLatency` is real time, the others follow the carrier's clock.
package struct SandboxTimings: Sendable, Equatable {
    /// Between accepting an API request and answering it.
    package var apiLatency: Duration
    /// From the creation of a message to `sent`.
    package var sent: Duration
    /// From the creation of a message to `delivered`, `undelivered` or `failed`.
    package var delivered: Duration
    /// How long a second of a call takes: less than a second lets calls pass faster than they say.
    package var callSecond: Duration

    package init(
        apiLatency: Duration = .milliseconds(40), sent: Duration = .milliseconds(400),
        delivered: Duration = .seconds(1), callSecond: Duration = .seconds(1)
    ) {
        self.apiLatency = apiLatency
        self.sent = sent
        self.delivered = delivered
        self.callSecond = callSecond
    }

    /// Nothing waits, but calls, which pass a hundred times as fast: for tests.
    package static let immediate = SandboxTimings(
        apiLatency: .zero, sent: .zero, delivered: .zero, callSecond: .milliseconds(10))
}
