import CLibPQ
import Glibc

/// Owns a `PGconn`, and finishes it.
///
/// `@unchecked Sendable`: a `PGconn` may be used by one thread at a time. The thread that dials hands it over when it
/// is done and keeps nothing; from then on it is touched in the reactor's turn alone.
@safe final class ConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(taking pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQfinish(pointer)
    }

    var socket: Int32 { unsafe PQsocket(pointer) }

    /// Whether the server has said, while nothing was asked of it, that it is about to hang up.
    private var hasHeardFarewell = false

    var isBroken: Bool { unsafe PQstatus(pointer) == CONNECTION_BAD || hasHeardFarewell }

    /// Whether no transaction is open, nor a statement under way.
    var isIdle: Bool { unsafe PQtransactionStatus(pointer) == PQTRANS_IDLE }

    var isInFailedTransaction: Bool { unsafe PQtransactionStatus(pointer) == PQTRANS_INERROR }

    /// libpq's last words on this connection; never a value, since values only go out.
    var lastMessage: String {
        guard let message = unsafe PQerrorMessage(pointer) else { return "" }
        return unsafe String(cString: message).split(separator: "\n").joined(separator: " ")
    }

    /// Notices would go to stderr, and may quote rows. All that matters of them is a FATAL one on an idle connection.
    private func receiveNotices() {
        // Unretained: this object owns the connection, and so outlives it.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe PQsetNoticeReceiver(
            pointer,
            { context, notice in
                guard let context = unsafe context,
                    let severity = unsafe PQresultErrorField(notice, DiagnosticField.severity),
                    ["FATAL", "PANIC"].contains(unsafe String(cString: severity))
                else { return }
                unsafe Unmanaged<ConnectionHandle>.fromOpaque(context).takeUnretainedValue().hasHeardFarewell = true
            }, context)
    }

    /// Connects, blocking: name resolution (for each host in turn), TLS and the password's key stretching all take
    /// their time. Call it on a `BlockingThread`.
    static func dial(_ parameters: ConnectionParameters) -> Result<ConnectionHandle, PostgresError> {
        let ordered = parameters.values.sorted { $0.key < $1.key }
        let started = unsafe withCStrings(ordered.map(\.key)) { keywords in
            unsafe withCStrings(ordered.map(\.value)) { values in
                unsafe PQconnectStartParams(keywords, values, 0)
            }
        }
        guard let started = unsafe started else { return .failure(PostgresError(.cannotConnect, "out of memory")) }
        let handle = unsafe ConnectionHandle(taking: started)
        handle.receiveNotices()
        let deadline = ContinuousClock.now.advanced(by: parameters.connectTimeout)
        var status = PGRES_POLLING_WRITING
        while !handle.isBroken {
            if status == PGRES_POLLING_OK { return .success(handle) }
            if status == PGRES_POLLING_FAILED { break }
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else {
                return .failure(PostgresError(.cannotConnect, "no connection within \(parameters.connectTimeout)"))
            }
            let direction = status == PGRES_POLLING_READING ? POLLIN : POLLOUT
            var descriptor = pollfd(fd: handle.socket, events: Int16(direction), revents: 0)
            guard unsafe poll(&descriptor, 1, Int32(clamping: remaining.wholeMilliseconds)) > 0 else { continue }
            status = unsafe PQconnectPoll(started)
        }
        return .failure(PostgresError(.cannotConnect, handle.lastMessage))
    }
}

/// What it takes to ask the server to stop a connection's statement.
///
/// `@unchecked Sendable`: a `PGcancel` is a copy of its own, made to be used from any thread (34.7).
@safe final class CancelRequest: @unchecked Sendable {
    private let pointer: OpaquePointer

    init?(_ handle: ConnectionHandle) {
        guard let pointer = unsafe PQgetCancel(handle.pointer) else { return nil }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// Blocks until the server has passed the request on. Whether it met a running statement, nobody says.
    func send() {
        var buffer = [CChar](repeating: 0, count: 256)
        _ = unsafe PQcancel(pointer, &buffer, Int32(buffer.count))
    }
}
