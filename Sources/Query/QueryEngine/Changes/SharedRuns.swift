import Foundation
import Postgres
import Synchronization

/// What the answer to a change depends on: who asks the same thing gets the same rows. Whatever depends on the viewer is one
/// of the values.
struct RunKey: Hashable, Sendable {
    let organization: OrganizationID
    let role: Role
    let statement: Statement
    let values: [PostgresValue]
}

/// The runs that subscriptions share, for as long as one of them holds them.
final class SharedRuns: Sendable {
    private struct Reference {
        weak var run: SharedRun?
    }

    private let runs = Mutex<[RunKey: Reference]>([:])

    /// The run of this key; the same for all who ask while somebody holds it.
    func run(_ key: RunKey, _ read: @escaping SharedRun.Read) -> SharedRun {
        runs.withLock { runs in
            if let run = runs[key]?.run { return run }
            let run = SharedRun(read) { [weak self] in self?.forget(key) }
            runs[key] = Reference(run: run)
            return run
        }
    }

    private func forget(_ key: RunKey) {
        runs.withLock { if $0[key]?.run == nil { $0[key] = nil } }
    }

    var count: Int { runs.withLock { $0.count } }
}

/// One statement over changed rows, executed once for each batch of changes however many listen.
actor SharedRun {
    typealias Read = @Sendable ([UUID]) async throws -> PostgresResult
    /// `nil` inside: the row is gone, or does not pass the filter.
    typealias Answer = Result<EngineResponse.Segment?, any Error>

    private let read: Read
    private let onEnd: @Sendable () -> Void
    private var answers: [ChangePosition: Answer] = [:]
    /// In the order in which they were made; the oldest is forgotten first.
    private var order: [ChangePosition] = []
    private var isReading = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Enough for those that read a little later than the first, and for every change of a batch.
    private static let remembered = 400

    init(_ read: @escaping Read, onEnd: @escaping @Sendable () -> Void) {
        self.read = read
        self.onEnd = onEnd
    }

    deinit {
        onEnd()
    }

    /// An answer for each change, in order; those that nobody asked for yet in one statement.
    ///
    /// - Throws: what waiting may mend. What cannot be read for good is an answer.
    func answers(to changes: [ChangeReader.Change]) async throws -> [Answer] {
        while true {
            let missing = changes.filter { answers[$0.position] == nil }
            guard !missing.isEmpty else { return changes.compactMap { answers[$0.position] } }
            guard !isReading else {
                await withCheckedContinuation { waiting.append($0) }
                continue
            }
            isReading = true
            defer { finishReading() }
            for (change, answer) in try await answer(missing) { remember(answer, change.position) }
        }
    }

    private func answer(
        _ changes: [ChangeReader.Change]
    ) async throws -> [(ChangeReader.Change, Answer)] {
        do {
            let result = try await read(changes.map(\.subject))
            var rows: [UUID: Int] = [:]
            for (index, row) in result.rows.enumerated() { rows[try row.requireUUID(0)] = index }
            return changes.map { change in
                (change, .success(rows[change.subject].map { .value(result, row: $0, column: 1) }))
            }
        } catch {
            guard error.isLasting else { throw error }
            guard changes.count > 1 else { return changes.map { ($0, .failure(error)) } }
            // One of them cannot be read; the others are not held up by it.
            var answers: [(ChangeReader.Change, Answer)] = []
            for change in changes { answers += try await answer([change]) }
            return answers
        }
    }

    private func remember(_ answer: Answer, _ position: ChangePosition) {
        if answers.updateValue(answer, forKey: position) == nil { order.append(position) }
        guard order.count > 2 * Self.remembered else { return }
        for old in order.prefix(Self.remembered) { answers[old] = nil }
        order.removeFirst(Self.remembered)
    }

    private func finishReading() {
        isReading = false
        let resumed = waiting
        waiting = []
        for continuation in resumed { continuation.resume() }
    }
}

extension Error {
    /// Whether trying the same again would fail the same way.
    var isLasting: Bool {
        switch (self as? PostgresError)?.code {
        case .connectionLost, .cannotConnect, .poolExhausted, .timedOut, .cancelled, .closed: false
        case .server(sqlState: "57014"): false
        case .server, .protocolViolation, nil: !(self is CancellationError)
        }
    }
}
