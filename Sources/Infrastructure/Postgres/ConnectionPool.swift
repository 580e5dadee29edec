import Logging
import Sockets

/// The connections of one role: a thin driver of `PoolStateMachine`, in the reactor's turn like they are. It opens
/// them when they are needed and needs no task of its own.
@Turn final class ConnectionPool {
    typealias Lease = Result<Loan, PostgresError>

    private let name: String
    private let parameters: ConnectionParameters
    let quickRead: Duration
    private let acquireTimeout: Duration
    private let logger: Logger
    var machine: PoolStateMachine
    var connections: [PoolStateMachine.ConnectionID: PostgresConnection] = [:]
    private var waiters: [PoolStateMachine.WaiterID: (Lease) -> Void] = [:]
    var lastWaiter: PoolStateMachine.WaiterID = 0
    private var waiterTimer: (token: TimerToken, deadline: ContinuousClock.Instant)?
    /// Why the last attempt to connect failed; `nil` once one succeeds.
    private var lastFailure: PostgresError?
    private var drained: [CheckedContinuation<Void, Never>] = []
    var isKeepingTime = false

    /// A connection on loan: give it back with `release`.
    struct Loan {
        let id: PoolStateMachine.ConnectionID
        let connection: PostgresConnection
    }

    nonisolated init(
        name: String, parameters: ConnectionParameters, limit: Int, readers: Int, quickRead: Duration,
        maxWaiters: Int, acquireTimeout: Duration, logger: Logger
    ) {
        self.name = name
        self.parameters = parameters
        self.quickRead = quickRead
        self.acquireTimeout = acquireTimeout
        self.logger = logger
        self.machine = PoolStateMachine(limit: limit, maxWaiters: maxWaiters, readers: readers)
    }

    /// One unit of work on some connection.
    /// - Parameter isRetried: once, on a fresh connection, when the connection died before the answer. For what only
    ///   reads.
    nonisolated(nonsending) func run(
        _ commands: [Command], isRetried: Bool = false, acquireTimeout: Duration? = nil
    ) async throws(PostgresError) -> [PostgresResult] {
        // What is tried once more need not be looked at first.
        let errand = Errand(commands, isLookedAt: !isRetried, timeout: acquireTimeout ?? self.acquireTimeout)
        do throws(PostgresError) {
            return try await run(errand)
        } catch {
            guard isRetried, error.code == .connectionLost, !Task.isCancelled else { throw error }
        }
        return try await run(Errand(commands, isFresh: true, timeout: acquireTimeout ?? self.acquireTimeout))
    }

    /// The caller waits once, for the result: everything before it happens in the reactor's turn, without a task.
    private nonisolated(nonsending) func run(_ errand: Errand) async throws(PostgresError) -> [PostgresResult] {
        if Task.isCancelled { throw PostgresError(.cancelled, "before it had a connection") }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Errand.Outcome, Never>) in
                errand.onEnd = { continuation.resume(returning: $0) }
                Reactor.shared.perform { Turn.assumed { self.start(errand) } }
            }
        } onCancel: {
            // Even if the task is cancelled right now: an errand that has not been started hears of it when it is.
            cancelSoon(errand)
        }.get()
    }

    /// One unit of work for somebody who waits with a closure, called once in the reactor's turn. It is for what only reads,
    /// and tried once.
    /// - Parameter pace: of all reads like it; where they are quick, it may share a connection with another one.
    nonisolated func begin(
        _ commands: [Command], pace: ReadPace, done: @escaping @Sendable (Errand.Outcome) -> Void
    ) -> Errand {
        let errand = Errand(commands, pace: pace, isLookedAt: false, timeout: acquireTimeout)
        errand.onEnd = done
        if Reactor.shared.hasTurn {
            Turn.assumed { start(errand) }
        } else {
            Reactor.shared.perform { Turn.assumed { self.start(errand) } }
        }
        return errand
    }

    nonisolated func cancelSoon(_ errand: Errand) {
        Reactor.shared.submit { Turn.assumed { self.cancel(errand) } }
    }

    /// A unit of work whose last command's rows come one by one. What fails before the first row is tried once more where
    /// that helps.
    func stream(_ commands: [Command]) async throws(PostgresError) -> RowStream {
        var isSecond = false
        while true {
            let loan = try await acquire(timeout: nil, isFresh: isSecond)
            do throws(PostgresError) {
                let id = try loan.connection.beginRows(commands)
                let first = try await loan.connection.nextRows(id)
                return RowStream(pool: self, loan: loan, id: id, first: first)
            } catch {
                release(loan)
                let helps = error.code == .connectionLost || error.isStalePlan || error.isMissingStatement
                guard helps, !isSecond, !Task.isCancelled else { throw error }
                isSecond = true
            }
        }
    }

    /// Stops what is still under way of a stream, and takes its connection back when it is in order again.
    func abandonRows(_ loan: Loan, _ id: UInt64, done: @escaping @Sendable () -> Void) {
        let over: @Sendable () -> Void = { [self] in
            // Later: the connection calls this while it is still busy with its own bookkeeping.
            Reactor.shared.submit { [self] in
                Turn.assumed { release(loan) }
                done()
            }
        }
        loan.connection.abandonRows(id, over: over)
    }

    func begin(
        _ scope: Scope, isolation: TransactionIsolation
    ) async throws(PostgresError) -> TransactionSession {
        TransactionSession(try await acquire(timeout: nil), scope: scope, isolation: isolation)
    }

    /// Commits or rolls back, and takes the connection back whatever happens.
    func end(_ session: TransactionSession, commit: Bool) async throws(PostgresError) {
        defer { release(session.loan) }
        try await session.end(commit: commit)
    }

    // MARK: Leases

    private func acquire(timeout: Duration?, isFresh: Bool = false) async throws(PostgresError) -> Loan {
        if Task.isCancelled { throw PostgresError(.cancelled, "before it had a connection") }
        // The common way, without a continuation.
        if !isFresh, let loan = loan(.whole, isLookedAt: true) { return loan }
        let deadline = ContinuousClock.now.advanced(by: timeout ?? acquireTimeout)
        while true {
            let loan = try await wait(until: deadline, isFresh: isFresh)
            if isAlive(loan, .whole, isLookedAt: true) { return loan }
            // It died on its way here. Nothing was sent, so the next one will do.
            release(loan)
        }
    }

    private func wait(until deadline: ContinuousClock.Instant, isFresh: Bool) async throws(PostgresError) -> Loan {
        lastWaiter += 1
        let waiter = lastWaiter
        let lease = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(waiter, until: deadline, isFresh ? .fresh : .whole) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            Reactor.shared.submit { Turn.assumed { self.forget(waiter) } }
        }
        return try lease.get()
    }

    /// Calls `then` once, in turn.
    func wait(
        _ waiter: PoolStateMachine.WaiterID, until deadline: ContinuousClock.Instant, _ wish: PoolStateMachine.Wish,
        then: @escaping (Lease) -> Void
    ) {
        waiters[waiter] = then
        handle(machine.acquire(waiter, deadline: deadline, wish))
        armTimer()
    }

    func isAlive(_ loan: Loan, _ wish: PoolStateMachine.Wish, isLookedAt: Bool) -> Bool {
        if wish == .place { return loan.connection.takesReads }
        return isLookedAt ? loan.connection.isStillThere() : loan.connection.isReusable
    }

    /// What can be had at once: a connection that is alive, or a place on one; dead ones are dropped on the way.
    func loan(_ wish: PoolStateMachine.Wish, isLookedAt: Bool) -> Loan? {
        guard wish != .fresh else { return nil }
        while let id = wish == .place ? machine.takePlace() : machine.takeIdle() {
            if let connection = connections[id] {
                let loan = Loan(id: id, connection: connection)
                if isAlive(loan, wish, isLookedAt: isLookedAt) { return loan }
            }
            machine.stopSharing(id)
            handle(machine.release(id, isReusable: false))
        }
        return nil
    }

    func release(_ loan: Loan) {
        handle(machine.release(loan.id, isReusable: loan.connection.isReusable))
    }

    func forget(_ waiter: PoolStateMachine.WaiterID) {
        machine.forget(waiter)
        handle(.nothing)
        resume(waiter, .failure(PostgresError(.cancelled, "while it waited for a connection")))
    }

    private func resume(_ waiter: PoolStateMachine.WaiterID, _ lease: Lease) {
        waiters.removeValue(forKey: waiter)?(lease)
    }

    /// One timer serves all waiters: it is set for the first deadline.
    private func armTimer() {
        guard let deadline = machine.nextDeadline else { return }
        if let waiterTimer {
            guard deadline < waiterTimer.deadline else { return }
            Reactor.shared.cancel(waiterTimer.token)
        }
        let token = Reactor.shared.schedule(after: ContinuousClock.now.duration(to: deadline)) { [weak self] in
            Turn.assumed { self?.expireWaiters() }
        }
        waiterTimer = (token, deadline)
    }

    private func expireWaiters() {
        waiterTimer = nil
        handle(machine.expire(at: .now))
        armTimer()
    }

    // MARK: What the state machine says

    func handle(_ action: PoolStateMachine.Action) {
        perform(action)
        while true {
            let demand = machine.demand { connections[$0]?.takesReads ?? false }
            if demand == .nothing { break }
            perform(demand)
        }
        if machine.isDrained {
            for continuation in drained { continuation.resume() }
            drained = []
        }
    }

    private func perform(_ action: PoolStateMachine.Action) {
        switch action {
        case .nothing: break
        case .lease(let id, let waiter):
            guard let connection = connections[id] else { return }
            resume(waiter, .success(Loan(id: id, connection: connection)))
        case .open(let id): open(id)
        case .close(let ids): for id in ids { close(id) }
        case .replace(let old, let new):
            close(old)
            open(new)
        case .fail(let refused, let refusal):
            for waiter in refused { resume(waiter, .failure(error(for: refusal))) }
        case .retry(let delay):
            Reactor.shared.schedule(after: delay) { [weak self] in
                Turn.assumed {
                    self?.machine.retry()
                    self?.handle(.nothing)
                }
            }
        }
    }

    private func open(_ id: PoolStateMachine.ConnectionID) {
        let parameters = parameters
        BlockingThread.start {
            let result = ConnectionHandle.dial(parameters)
            Reactor.shared.submit { Turn.assumed { self.dialled(id, result) } }
        }
    }

    private func dialled(_ id: PoolStateMachine.ConnectionID, _ result: Result<ConnectionHandle, PostgresError>) {
        do throws(PostgresError) {
            let connection = PostgresConnection(try result.get()) { [weak self] error in
                self?.lost(id, error)
            }
            try connection.open().get()
            connections[id] = connection
            lastFailure = nil
            handle(machine.opened(id))
        } catch {
            if lastFailure == nil {
                logger.warning("cannot connect", metadata: ["pool": "\(name)", "reason": "\(error.logDetail)"])
            }
            lastFailure = error
            handle(machine.openingFailed(id))
        }
    }

    private func lost(_ id: PoolStateMachine.ConnectionID, _ error: PostgresError) {
        logger.debug("connection lost", metadata: ["pool": "\(name)", "reason": "\(error.logDetail)"])
        handle(machine.lost(id))
    }

    private func close(_ id: PoolStateMachine.ConnectionID) {
        connections.removeValue(forKey: id)?.close()
    }

    private func error(for refusal: PoolStateMachine.Refusal) -> PostgresError {
        switch refusal {
        case .closed:
            return PostgresError(.closed, "the pool \(name) is closed")
        case .tooManyWaiters:
            return PostgresError(
                .poolExhausted,
                "\(machine.maxWaiters) callers wait already for one of the \(machine.limit) connections of the pool \(name)."
            )
        case .timedOut:
            if let lastFailure { return lastFailure }
            return PostgresError(
                .poolExhausted,
                "none of the \(machine.limit) connections of the pool \(name) became free in time.")
        }
    }

    // MARK: The end

    /// Refuses new work, waits for what is under way, and closes everything; what takes longer than `grace` is cut off.
    func close(grace: Duration) async {
        let actions = machine.close()
        handle(actions.refused)
        handle(actions.closed)
        guard !machine.isDrained else { return }
        Reactor.shared.schedule(after: grace) { [weak self] in
            Turn.assumed { self?.closeAll() }
        }
        await withCheckedContinuation { drained.append($0) }
    }

    private func closeAll() {
        for id in Array(connections.keys) { close(id) }
    }
}
