import CCurl
import Foundation
import Synchronization

/// The one thread that owns libcurl's multi handle. Everybody else leaves commands in the inbox and wakes it.
///
/// `@unchecked Sendable`: the inbox is behind a lock; all else is touched by the thread only, but for `multi.wake`.
@safe final class TransferLoop: @unchecked Sendable {
    private struct Inbox {
        var starts: [Transfer] = []
        var aborts: [Transfer] = []
        var isStopping = false
        /// From here on the thread is gone.
        var hasStopped = false
        var waitingForStop: [CheckedContinuation<Void, Never>] = []

        var isEmpty: Bool { starts.isEmpty && aborts.isEmpty }
    }

    private let inbox = Mutex(Inbox())
    private let multi: MultiHandle
    private let configuration: TransportConfiguration

    // The thread's own.
    private var active: [Transfer] = []
    private var pools: ConnectionPools

    init(configuration: TransportConfiguration) throws(TransportError) {
        guard Self.globalInit == CURLE_OK, let multi = MultiHandle() else {
            throw TransportError(kind: .unavailable, delivery: .notSent, detail: "libcurl could not be initialized")
        }
        self.multi = multi
        self.configuration = configuration
        pools = ConnectionPools(multi.sockets, longestIdle: configuration.longestIdle)
    }

    private static let globalInit: CURLcode = curl_global_init(Int(switchboard_global_default))

    /// Starts the thread, which holds on to the loop until it is stopped.
    func startThread() {
        let thread = Thread { self.run() }
        thread.name = "curl"
        thread.start()
    }

    // MARK: From any thread

    /// At most once for a transfer.
    func start(_ transfer: Transfer, for receiver: Receiver) {
        transfer.tell(receiver)
        let isFirst: Bool? = inbox.withLock { inbox in
            guard !inbox.isStopping else { return nil }
            defer { inbox.starts.append(transfer) }
            return inbox.isEmpty
        }
        guard let isFirst else { return transfer.fail(.shutDown, "the transport was shut down") }
        // The thread empties the whole inbox once it is awake: the first command wakes it for all.
        if isFirst { multi.wake() }
    }

    /// Ends a transfer whenever that comes: before its start, during it, or too late.
    func abort(_ transfer: Transfer) {
        transfer.isCancelled.store(true, ordering: .releasing)
        let isFirst = inbox.withLock { inbox in
            guard !inbox.hasStopped else { return false }
            defer { inbox.aborts.append(transfer) }
            return inbox.isEmpty
        }
        if isFirst { multi.wake() }
    }

    func stop() {
        inbox.withLock { $0.isStopping = true }
        multi.wake()
    }

    func stopAndWait() async {
        stop()
        await withCheckedContinuation { continuation in
            let already = inbox.withLock { inbox in
                if !inbox.hasStopped { inbox.waitingForStop.append(continuation) }
                return inbox.hasStopped
            }
            if already { continuation.resume() }
        }
    }

    // MARK: On the thread

    private func run() {
        blockSignals()
        while takeCommands() {
            // What was taken goes out before the wait.
            multi.callWhenDue()
            collect()
            pools.dropIdle()
            multi.work(timeout: pools.hasIdle ? 1_000 : 60_000)
            collect()
        }
        finishAll()
    }

    /// A broken connection must not end the process: libcurl leaves SIGPIPE to us when told not to use signals.
    private func blockSignals() {
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    }

    /// False when it is time to stop.
    private func takeCommands() -> Bool {
        let (starts, aborts, isStopping) = inbox.withLock { inbox in
            defer {
                inbox.starts.removeAll(keepingCapacity: true)
                inbox.aborts.removeAll(keepingCapacity: true)
            }
            return (inbox.starts, inbox.aborts, inbox.isStopping)
        }
        for transfer in starts { begin(transfer) }
        for transfer in aborts where transfer.easy != nil {
            release(transfer)
            transfer.fail(.cancelled, "the caller gave up")
        }
        return !isStopping
    }

    private func begin(_ transfer: Transfer) {
        guard !transfer.isCancelled.load(ordering: .acquiring) else {
            return transfer.fail(.cancelled, "the caller gave up before the start")
        }
        guard let pool = pools.enter(transfer.label) else { return transfer.fail(.unavailable, "out of memory") }
        // A call that names no pool leaves no handle behind either: anybody might be the next.
        guard let easy = transfer.request.reusePool == nil ? pool.newHandle() : pool.takeHandle() else {
            pools.leave(pool)
            return transfer.fail(.unavailable, "out of memory")
        }
        easy.prepare(for: transfer, configuration)
        guard easy.refusal == CURLE_OK, unsafe curl_multi_add_handle(multi.pointer, easy.pointer) == CURLM_OK else {
            let kind: TransportError.Kind = easy.refusal == CURLE_OK ? .unavailable : .init(easy.refusal)
            transfer.fail(kind, easy.explanation(of: easy.refusal))
            return pools.leave(pool)
        }
        transfer.easy = easy
        transfer.pool = pool
        transfer.place = active.count
        active.append(transfer)
    }

    private func collect() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi.pointer, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let easy = unsafe EasyHandle.from(pointer: handle), let transfer = easy.transfer
            else { continue }
            // The message is gone once its handle is removed.
            let result = unsafe switchboard_message_result(message)
            let detail = result == CURLE_OK ? "" : easy.explanation(of: result)
            release(transfer, keepsHandle: transfer.leavesHandleClean(result))
            transfer.finish(result, detail: detail)
        }
    }

    /// Takes the transfer out of libcurl's hands, and frees its handle or keeps it for the next of its pool.
    private func release(_ transfer: Transfer, keepsHandle: Bool = false) {
        guard let easy = transfer.easy, let pool = transfer.pool else { return }
        let removed = unsafe curl_multi_remove_handle(multi.pointer, easy.pointer)
        // The last one takes its place.
        active.swapAt(transfer.place, active.count - 1)
        active[transfer.place].place = transfer.place
        active.removeLast()
        if keepsHandle, removed == CURLM_OK { pool.giveBack(easy) }
        transfer.easy = nil
        transfer.pool = nil
        pools.leave(pool)
    }

    private func finishAll() {
        for transfer in active {
            release(transfer)
            transfer.fail(.shutDown, "the transport was shut down")
        }
        pools = ConnectionPools(multi.sockets, longestIdle: configuration.longestIdle)
        let waiting = inbox.withLock { inbox in
            inbox.hasStopped = true
            defer { inbox.waitingForStop = [] }
            return inbox.waitingForStop
        }
        for continuation in waiting { continuation.resume() }
    }
}

extension Transfer {
    /// What may reach the public internet only does not use a connection that something else opened.
    fileprivate var label: String {
        let pool = request.reusePool ?? ""
        return request.reach == .publicOnly ? pool + "\0public" : pool
    }
}
