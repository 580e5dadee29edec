import Credentials
import Foundation
import Postgres
import QueryEngine
import Twilio

/// What Twilio is asked for before a bulk's next messages are made, outside of any transaction: for a few seconds at most,
/// so that a bulk whose account gets no answers goes on, and holds up nobody else's. What Twilio did not tell is not asked
/// for again for some minutes, and the messages are made without.
struct BulkInquiry: Sendable {
    struct Questions: Sendable {
        let bulk: UUID
        let credential: UUID
        /// Numbers whose lines are to be asked for, in the order of the recipients.
        let phones: [String]
        /// Whether a trial account is to be asked for its verified numbers.
        let asksForRecipients: Bool

        var isEmpty: Bool { phones.isEmpty && !asksForRecipients }
    }

    private struct Number: Hashable {
        let organization: OrganizationID
        let phone: String
    }

    private struct Account: Hashable {
        let organization: OrganizationID
        let credential: UUID
    }

    /// How long an account is not asked for its verified numbers again, for the same bulk.
    private static let pause: Duration = .seconds(VerifiedRecipients.freshness)

    private let lines: LineTypes
    private let recipients: VerifiedRecipients
    private let clock: any TrafficClock
    private let untold = ShortMemory<Number>(limit: 20_000)
    private let silent = ShortMemory<Account>(limit: 5_000)
    private let asked = ShortMemory<UUID>(limit: 5_000)

    init(database: Database, credentials: CredentialManager, clock: any TrafficClock) {
        lines = LineTypes(database: database, credentials: credentials)
        recipients = VerifiedRecipients(database: database, credentials: credentials)
        self.clock = clock
    }

    /// What is to be asked for before these numbers are texted. `unknown` are those of them whose lines are not known.
    func questions(
        of bulk: UUID, about phones: [String], unknown: [String], credential: UUID, in transaction: Transaction
    ) async throws(PostgresError) -> Questions {
        guard let organization = transaction.organization else {
            return Questions(bulk: bulk, credential: credential, phones: [], asksForRecipients: false)
        }
        let now = clock.now
        let isSilent = silent.holds(Account(organization: organization, credential: credential), at: now)
        let open =
            isSilent ? [] : unknown.filter { !untold.holds(Number(organization: organization, phone: $0), at: now) }
        var asksForRecipients = false
        if !asked.holds(bulk, at: now) {
            asksForRecipients = try await VerifiedRecipients.mayHaveChanged(
                among: phones, bulk: bulk, credential: credential, in: transaction)
        }
        return Questions(bulk: bulk, credential: credential, phones: open, asksForRecipients: asksForRecipients)
    }

    func ask(_ questions: Questions, of organization: OrganizationID) async throws {
        async let recipients: Void = askForRecipients(questions, of: organization)
        async let lines: Void = askForLines(questions, of: organization)
        _ = try await (recipients, lines)
    }

    private func askForLines(_ questions: Questions, of organization: OrganizationID) async throws {
        guard !questions.phones.isEmpty else { return }
        let survey = try await lines.learn(questions.phones, by: questions.credential, of: organization)
        // A worker that ends has learnt nothing.
        guard !Task.isCancelled else { return }
        let now = clock.now
        untold.keep(
            survey.untold.map { Number(organization: organization, phone: $0) }, for: LineSurvey.longestSilence, at: now
        )
        if let silence = survey.silence {
            silent.keep([Account(organization: organization, credential: questions.credential)], for: silence, at: now)
        }
    }

    private func askForRecipients(_ questions: Questions, of organization: OrganizationID) async throws {
        guard questions.asksForRecipients else { return }
        asked.keep([questions.bulk], for: Self.pause, at: clock.now)
        try await within(LineSurvey.patience) {
            try await recipients.learn(.init(credential: questions.credential), of: organization)
        }
    }

    /// Ends what takes longer; what it throws then is no matter.
    private func within(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            let isDone = try await group.next()
            group.cancelAll()
            if isDone == false { _ = await group.nextResult() }
        }
    }
}
