import Curl
import Twilio
import Vault

/// The Twilio client beside a bare libcurl loop, on the same sandbox, with as many requests at once.
///
/// The client does more: it writes and reads typed values, keeps an account's limits, and says what is known after
/// every failure. The loop does what cannot be done without.
struct TwilioSuite: BenchmarkSuite {
    static let name = "twilio"

    private static let concurrency = 32
    /// Seconds for which either goes on before it is counted: so long is the sandbox busy with a message after its creation
    /// (400 ms until it is sent, 1 s more until it is delivered), and each is to pay for its own.
    private static let lead = 1.5
    private static let text = "Your appointment is tomorrow at ten"

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        let transport = try HTTPTransport()
        do {
            try await SandboxProcess.with { try await measure(turns, $0, transport, &figures) }
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
    }

    private func measure(
        _ turns: Turns, _ sandbox: SandboxProcess, _ transport: HTTPTransport, _ figures: inout Figures
    ) async throws {
        guard let account = AccountSid(SandboxProcess.account) else {
            throw Program.Failure(description: "\(SandboxProcess.account) is no SID.")
        }
        let client = TwilioClient(
            account: account, authentication: .authToken(SharedSecret(try Secret(SandboxProcess.token))),
            endpoints: try TwilioEndpoints(base: sandbox.url), transport: transport, userAgent: "switchboard-benchmarks"
        )
        let bare = try BareCurl(
            url: sandbox.messages,
            body: "To=%2B14155550123&From=%2B12125550100&Body=Your+appointment+is+tomorrow+at+ten",
            username: SandboxProcess.account, password: SandboxProcess.token, concurrency: Self.concurrency)
        let work = try await turns.take([
            { turns in try await Self.creates(client, turns.seconds) },
            { turns in try bare.creates(seconds: turns.seconds, after: Self.lead) },
        ])
        let note = "messages a second, \(Self.concurrency) requests at once"
        figures.add("twilio.client.creates_per_s", median(work[0]), note)
        figures.add("twilio.client.bare_libcurl_per_s", median(work[1]), note)
        figures.add(
            "twilio.client.ratio", median(zip(work[0], work[1]).map { $0 / $1 }), "of what a bare libcurl loop reaches",
            target: .atLeast(0.8))
    }

    /// Messages made a second, for that many seconds after the lead.
    private static func creates(_ client: TwilioClient, _ seconds: Double) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now + .seconds(lead)
        let end = start + .seconds(seconds)
        let made = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<concurrency {
                group.addTask {
                    var made = 0
                    while clock.now < end {
                        let outcome = await client.messages.create(
                            .init(to: "+14155550123", sender: .from(SandboxProcess.own), body: text))
                        guard case .accepted = outcome else {
                            throw Program.Failure(description: "A message was not taken: \(outcome)")
                        }
                        if clock.now >= start { made += 1 }
                    }
                    return made
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(made) / ((clock.now - start) / .seconds(1))
    }
}
