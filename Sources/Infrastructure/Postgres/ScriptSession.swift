import CLibPQ
import Glibc
import Sockets
import Synchronization

/// A conversation that blocks, on a thread of its own: for migrations, whose files hold many statements. Those can only
/// go by the simple protocol, which pipeline mode does not have.
@safe final class ScriptSession {
    private let handle: ConnectionHandle
    private let interruption: Interruption

    private init(_ handle: ConnectionHandle, _ interruption: Interruption) {
        self.handle = handle
        self.interruption = interruption
    }

    /// Connects, runs `body` with the session on that thread, and closes. Cancelling the task stops the server.
    static func converse<R: Sendable>(
        _ parameters: ConnectionParameters,
        _ body: @escaping @Sendable (ScriptSession) throws(MigrationError) -> R
    ) async throws(MigrationError) -> R {
        let interruption = Interruption()
        return try await withTaskCancellationHandler {
            await BlockingThread.run { () -> Result<R, MigrationError> in
                defer { interruption.finish() }
                return Result { () throws(MigrationError) in
                    let handle = try ConnectionHandle.dial(parameters)
                        .mapError { MigrationError.cannotConnect(reason: $0.logDetail) }.get()
                    interruption.begin(handle)
                    return try body(ScriptSession(handle, interruption))
                }
            }
        } onCancel: {
            interruption.interrupt()
        }.get()
    }

    /// 150000 for 15.0.
    var serverVersion: Int { unsafe Int(PQserverVersion(handle.pointer)) }

    var databaseName: String {
        guard let name = unsafe PQdb(handle.pointer) else { return "" }
        return unsafe String(cString: name)
    }

    var isInTransaction: Bool { unsafe PQtransactionStatus(handle.pointer) == PQTRANS_INTRANS }

    /// Any number of statements, without parameters.
    func run(_ script: String) throws(ScriptFailure) {
        try unsafe check(script) { unsafe PQexec(handle.pointer, script) }
    }

    func query(
        _ statement: Statement, _ values: [PostgresValue] = []
    ) throws(ScriptFailure) -> PostgresResult {
        let encoded: EncodedValues
        do throws(PostgresError) {
            encoded = try EncodedValues(values)
        } catch {
            throw ScriptFailure(error: error, line: nil)
        }
        return try unsafe check(statement.text) {
            unsafe encoded.withPointers { values in
                unsafe PQexecParams(
                    handle.pointer, statement.text, values.count, nil, values.values, values.lengths, values.formats, 0)
            }
        }
    }

    /// Blocks this thread; the next statement tells when the task was cancelled meanwhile.
    func pause(milliseconds: UInt32) {
        usleep(milliseconds * 1000)
    }

    @discardableResult
    private func check(_ sql: String, _ execute: () -> OpaquePointer?) throws(ScriptFailure) -> PostgresResult {
        guard !interruption.isInterrupted else {
            throw ScriptFailure(error: PostgresError(.cancelled, "before a statement"), line: nil)
        }
        guard let pointer = unsafe execute() else {
            throw ScriptFailure(error: PostgresError(.connectionLost, handle.lastMessage), line: nil)
        }
        let result = unsafe PostgresResult(taking: pointer)
        switch unsafe PQresultStatus(pointer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return result
        case PGRES_FATAL_ERROR:
            var error = unsafe PostgresError(result: pointer, isOurScript: true)
            if interruption.isInterrupted { error = PostgresError(.cancelled, error.logDetail) }
            throw ScriptFailure(error: error, line: unsafe Self.line(of: pointer, in: sql))
        default:
            throw ScriptFailure(error: PostgresError(.protocolViolation, "COPY cannot be in a script"), line: nil)
        }
    }

    /// The line at which the server points, from 1 on.
    private static func line(of result: OpaquePointer, in sql: String) -> Int? {
        guard let text = unsafe PQresultErrorField(result, DiagnosticField.statementPosition),
            let position = unsafe Int(String(cString: text))
        else { return nil }
        return sql.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" } + 1
    }
}

struct ScriptFailure: Error {
    let error: PostgresError
    let line: Int?

    var reason: String { (line.map { "line \($0), " } ?? "") + error.logDetail }
}

/// Carries a task's cancellation to the thread that blocks.
private final class Interruption: Sendable {
    private struct State {
        var request: CancelRequest?
        var isInterrupted = false
        var isFinished = false
    }

    private let state = Mutex(State())

    var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    func begin(_ handle: ConnectionHandle) {
        let mustAsk = state.withLock { state in
            state.request = CancelRequest(handle)
            return state.isInterrupted
        }
        if mustAsk { ask() }
    }

    func finish() {
        state.withLock { $0.isFinished = true }
    }

    func interrupt() {
        state.withLock { $0.isInterrupted = true }
        ask()
    }

    /// Asks until the conversation is over: a request that meets no running statement is ignored by the server.
    private func ask() {
        BlockingThread.start { [self] in
            while let request = state.withLock({ $0.isFinished ? nil : $0.request }) {
                request.send()
                usleep(100_000)
            }
        }
    }
}
