import CLibPQ
import Sockets

/// One connection, always in pipeline mode, in the reactor's turn.
///
/// A unit of work is N commands and one Sync: one round trip, and one implicit transaction unless the commands say
/// BEGIN. Units run one after another, in the order in which they were asked for. A read may be sent behind another read,
/// so that the server has it when it is done with that one; it has its own Sync, so what becomes of the one says nothing
/// of the other. What must stay true:
/// - a unit's caller hears of it only when its Sync is answered (or the connection is dead), so that the next unit
///   finds the connection in order;
/// - while a request to cancel is on its way to the server, no next unit starts: it would be the one to be stopped. A read
///   that the server had already may be: it is sent once more.
@Turn final class PostgresConnection {
    /// Everything below that is set to `nil` when the connection dies.
    var handle: ConnectionHandle?
    var socket: SocketToken?
    var wantsToWrite = false
    /// The unit whose results come next.
    var flight: Flight?
    /// A read that was sent behind it.
    var follower: Flight?
    private var waiting: [Flight] = []
    /// Why it is dead, once it is.
    private(set) var ending = PostgresError(.closed, "the connection is closed")
    private var lastFlightID: UInt64 = 0
    /// Of the units whose rows come one by one, by the unit's id, until their reader has seen the end.
    var rowQueues: [UInt64: RowQueue] = [:]
    var prepared: PreparedStatements
    var parameters = ParameterBuffer()
    /// Once, when the connection dies by itself.
    private var onLost: LostHandler?
    private var onNotification: NotificationHandler?

    typealias LostHandler = @Turn (PostgresError) -> Void
    typealias NotificationHandler = @Turn (_ channel: String, _ payload: String) -> Void

    /// Connects on a thread of its own. Both closures are called in the reactor's turn.
    /// - Parameters:
    ///   - lost: once, when the connection dies by itself; never after `close()`.
    ///   - notification: for each notification on a channel that it listens to.
    static func connect(
        _ parameters: ConnectionParameters,
        lost: @escaping LostHandler = { _ in },
        notification: @escaping NotificationHandler = { _, _ in }
    ) async throws(PostgresError) -> PostgresConnection {
        let handle = try await BlockingThread.run { ConnectionHandle.dial(parameters) }.get()
        let connection = PostgresConnection(handle, lost: lost, notification: notification)
        try connection.open().get()
        return connection
    }

    /// Follow with `open()`.
    /// - Parameter statementCapacity: how many prepared statements it keeps.
    init(
        _ handle: ConnectionHandle, statementCapacity: Int = 256,
        lost: @escaping LostHandler, notification: @escaping NotificationHandler = { _, _ in }
    ) {
        self.handle = handle
        self.prepared = PreparedStatements(capacity: statementCapacity)
        self.onLost = lost
        self.onNotification = notification
    }

    func open() -> Result<Void, PostgresError> {
        guard let handle else { return .failure(PostgresError(.closed, "the connection is closed")) }
        guard unsafe PQsetnonblocking(handle.pointer, 1) == 0, unsafe PQenterPipelineMode(handle.pointer) == 1 else {
            return .failure(PostgresError(.cannotConnect, handle.lastMessage))
        }
        // Not `self` strongly: the pool, or whoever opened it, keeps a connection.
        socket = watch(handle)
        guard socket != nil else { return .failure(PostgresError(.cannotConnect, "the socket cannot be watched")) }
        return .success(())
    }

    func watch(_ handle: ConnectionHandle) -> SocketToken? {
        Reactor.shared.watch(handle.socket) { [weak self] events in
            Turn.assumed { self?.socketIsReady(events.isReadable) }
        }
    }

    /// Whether the next caller can have it: alive, nothing under way, no transaction left open.
    var isReusable: Bool {
        guard let handle else { return false }
        return flight == nil && waiting.isEmpty && !handle.isBroken && handle.isIdle
    }

    /// Whether a quick read can have it: alive, and nothing under way, or one read that it can be sent behind.
    var takesReads: Bool {
        guard let flight else { return isReusable }
        guard let handle, !handle.isBroken else { return false }
        return flight.pace != nil && !flight.wasCancelled && follower == nil && waiting.isEmpty
    }

    var isReading: Bool { flight?.pace != nil }

    /// Whether the read that is under way was so when this was asked before; asked every `DatabaseConfiguration.quickRead`.
    func hasReadForLong() -> Bool {
        guard let flight, let pace = flight.pace else { return false }
        flight.isSlow = flight.wasSeen
        flight.wasSeen = true
        if flight.isSlow { pace.isSlow() }
        return flight.isSlow
    }

    /// Units that have to wait for the one that is under way.
    var company: [Flight] { [follower].compactMap(\.self) + waiting }

    var isInTransaction: Bool { handle.map { !$0.isIdle } ?? false }

    /// Runs a unit of work. A plan that a migration made invalid is prepared anew once, when nothing came before this
    /// unit in its transaction.
    /// - Parameter isCancellable: whether the task's cancellation reaches the server; not for COMMIT and ROLLBACK.
    func run(
        _ commands: [Command], isCancellable: Bool = true
    ) async throws(PostgresError) -> [PostgresResult] {
        let isWhole = isReusable
        do throws(PostgresError) {
            return try await perform(commands, isCancellable)
        } catch  where isWhole && (error.isStalePlan || error.isMissingStatement) {
            guard let handle else { throw error }
            // One unit, so that nobody's statement comes between the old transaction and the new one.
            guard handle.isInFailedTransaction else { return try await perform(commands, isCancellable) }
            let results = try await perform([Command(.rollback, prepared: false)] + commands, isCancellable)
            return Array(results.dropFirst())
        }
    }

    /// Like `run`, of a connection that is reusable, or takes reads; `complete` is called once, in turn, and maybe before
    /// this returns.
    /// - Parameter errand: whose it is. Where that has a pace it only reads, and its first command, whose values must be
    ///   encoded, answers with the first of them, as the one does that opens a tenant's scope: by that the connection knows
    ///   whose answer it is.
    /// - Returns: what to cancel it by, also when it is prepared anew.
    func begin(
        _ commands: [Command], for errand: Errand? = nil, complete: @escaping Flight.Completion
    ) -> UInt64? {
        do throws(PostgresError) {
            let id = try nextID(for: commands)
            let first = Flight(id: id, commands: commands, errand: errand) { [self] result in
                guard case .failure(let error) = result, error.isStalePlan || error.isMissingStatement, let handle
                else { return complete(result) }
                let mustRollBack = handle.isInFailedTransaction
                let again = (mustRollBack ? [Command(.rollback, prepared: false)] : []) + commands
                start(
                    Flight(id: id, commands: again) { result in
                        complete(mustRollBack ? result.map { Array($0.dropFirst()) } : result)
                    })
            }
            start(first)
            return id
        } catch {
            complete(.failure(error))
            return nil
        }
    }

    private func perform(
        _ commands: [Command], _ isCancellable: Bool
    ) async throws(PostgresError) -> [PostgresResult] {
        let id = try nextID(for: commands)
        guard isCancellable else {
            return try await withCheckedContinuation { continuation in
                start(Flight(id: id, commands: commands) { continuation.resume(returning: $0) })
            }.get()
        }
        if Task.isCancelled { throw PostgresError(.cancelled, "before it was sent") }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                start(Flight(id: id, commands: commands) { continuation.resume(returning: $0) })
            }
        } onCancel: {
            // Even if the task is cancelled right now, this comes after the start above.
            Reactor.shared.submit { Turn.assumed { self.cancel(id) } }
        }.get()
    }

    /// - Throws: when the connection is dead, or a value cannot be sent.
    func nextID(for commands: [Command]) throws(PostgresError) -> UInt64 {
        guard handle != nil else { throw ending }
        for command in commands where command.encoded == nil { try ParameterBuffer.check(command.values) }
        lastFlightID += 1
        return lastFlightID
    }

    func start(_ next: Flight) {
        if flight == nil { send(next) } else if !sendBehind(next) { waiting.append(next) }
    }

    /// The flight's Sync was answered, and no request to cancel is on its way.
    func land(_ landed: Flight) {
        flight = follower
        follower = nil
        if let flight, flight.cancel == .wanted { stop(flight) }
        if landed.wasHit, landed.errand != nil {
            landed.reset()
            waiting.insert(landed, at: 0)
        } else {
            if let pace = landed.pace, landed.isTelling { pace.wasQuick() }
            landed.complete(landed.outcome)
        }
        if flight == nil, handle != nil, !waiting.isEmpty { send(waiting.removeFirst()) }
    }

    /// Takes back a unit that was not sent yet.
    func withdraw(_ id: UInt64) -> Flight? {
        waiting.firstIndex { $0.id == id }.map { waiting.remove(at: $0) }
    }

    /// Closes it; whatever is under way fails with `.closed`.
    func close() {
        onLost = nil
        die(PostgresError(.closed, "the connection was closed"))
    }

    /// The connection is of no more use.
    func die(_ error: PostgresError) {
        guard handle != nil else { return }
        if let socket { Reactor.shared.unwatch(socket) }
        socket = nil
        handle = nil
        ending = error
        let failed = [flight].compactMap(\.self) + company
        flight = nil
        follower = nil
        waiting = []
        for flight in failed {
            let isOurDoing = flight.wasCancelled && error.code == .connectionLost
            let reason = isOurDoing ? PostgresError(.cancelled, error.logDetail) : error
            flight.complete(.failure(reason))
        }
        onLost?(error)
        onLost = nil
        onNotification = nil
    }

    func deliverNotifications(of handle: ConnectionHandle) {
        while let notification = unsafe PQnotifies(handle.pointer) {
            defer { unsafe PQfreemem(notification) }
            guard let channel = unsafe notification.pointee.relname else { continue }
            let payload = unsafe notification.pointee.extra.map { unsafe String(cString: $0) } ?? ""
            unsafe onNotification?(String(cString: channel), payload)
        }
    }
}
