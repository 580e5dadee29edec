import FoundationEssentials
import Glibc
import Subprocess
import Synchronization

/// Our end of the supervising shell: starts it, holds the pipe that keeps the server alive, knows how it ended.
final class Supervisor: Sendable {
    private enum Order: Sendable { case restart }

    /// What the shell has told so far.
    private struct Account {
        var server: pid_t?
        var complaints: [String] = []
        var stopWasAsked = false
        var ending: Ending?
    }

    struct Ending: Sendable, Hashable {
        /// Of the server, or one of `SupervisorScript`'s; nil when a signal ended the shell, or it never ran.
        let status: Int32?
        /// What the shell printed beside process ids: its own troubles.
        let complaint: String
        let wasAsked: Bool
    }

    /// Shared with the task, so that the task does not keep the supervisor itself alive.
    private final class Shared: Sendable {
        let account = Mutex(Account())
    }

    private let shared = Shared()
    private let orders: AsyncStream<Order>.Continuation
    /// Not structured, because it outlives the call that starts the cluster; it ends when the pipe is closed, at the
    /// latest with this object, and `ended()` awaits it.
    private let task: Task<Ending, Never>

    init(_ arguments: SupervisorScript.Arguments, user: ClusterUser) {
        let (stream, orders) = AsyncStream.makeStream(of: Order.self)
        self.orders = orders
        task = Task { [shared] in
            let status = await Self.supervise(arguments, user: user, stream: stream, orders: orders, shared: shared)
            return shared.account.withLock { account in
                let ending = Ending(
                    status: status, complaint: account.complaints.joined(separator: " "), wasAsked: account.stopWasAsked
                )
                account.ending = ending
                return ending
            }
        }
    }

    deinit { orders.finish() }

    /// The process that accepts connections, once it has been started; another one after a restart.
    var server: pid_t? { shared.account.withLock(\.server) }

    /// How it ended, if it has.
    var ending: Ending? { shared.account.withLock(\.ending) }

    /// Asks for a fast shutdown. Does not wait.
    func stop() {
        shared.account.withLock { $0.stopWasAsked = true }
        orders.finish()
    }

    /// Asks for a fast shutdown and a new start. Does not wait.
    func restart() { orders.yield(.restart) }

    /// Waits until the server and the shell are gone.
    func ended() async -> Ending { await task.value }

    private static func supervise(
        _ arguments: SupervisorScript.Arguments, user: ClusterUser, stream: AsyncStream<Order>,
        orders: AsyncStream<Order>.Continuation, shared: Shared
    ) async -> Int32? {
        do {
            let result = try await Subprocess.run(
                Tool.command(
                    "/bin/sh", ["-c", SupervisorScript.text, "switchboard-postgres"] + arguments.list, as: user),
                input: .inputWriter, output: .sequence, error: .combinedWithOutput
            ) { execution in
                async let told: Void = listen(to: execution.standardOutput, orders: orders, shared: shared)
                for await order in stream {
                    switch order {
                    case .restart: _ = try await execution.standardInputWriter.write("restart\n")
                    }
                }
                // The end of the pipe is the signal.
                try await execution.standardInputWriter.finish()
                try await told
            }
            guard case .exited(let status) = result.terminationStatus else { return nil }
            return status
        } catch {
            shared.account.withLock { $0.complaints.append("\(error)") }
            return nil
        }
    }

    /// Until the shell ends, which ends the orders too.
    private static func listen(
        to output: SubprocessOutputSequence, orders: AsyncStream<Order>.Continuation, shared: Shared
    ) async throws {
        defer { orders.finish() }
        for try await line in output.strings() {
            shared.account.withLock { account in
                if let process = pid_t(line) {
                    account.server = process
                } else if account.complaints.count < 10 {
                    account.complaints.append(line)
                }
            }
        }
    }
}
