import CLibPQ
import Sockets

extension PostgresConnection {
    /// Puts a unit on the wire: whatever must be prepared first, its commands, one Sync.
    func send(_ next: Flight) {
        guard let handle else {
            next.complete(.failure(ending))
            return
        }
        next.steps = prepared.steps(for: next.commands)
        flight = next
        put(next, on: handle)
    }

    /// Puts a read on the wire behind another read, unless that one changes what is prepared.
    func sendBehind(_ next: Flight) -> Bool {
        guard next.pace != nil, takesReads, let flight, flight.isPlain, let handle else { return false }
        next.steps = prepared.steps(for: next.commands)
        follower = next
        put(next, on: handle)
        return true
    }

    private func put(_ next: Flight, on handle: ConnectionHandle) {
        next.results.reserveCapacity(next.commands.count)
        for step in next.steps {
            guard send(step, of: next, over: handle) else { return die(lastError(of: handle)) }
        }
        guard unsafe PQpipelineSync(handle.pointer) == 1 else { return die(lastError(of: handle)) }
        flush()
    }

    private func send(_ step: PreparedStatements.Step, of flight: Flight, over handle: ConnectionHandle) -> Bool {
        let pointer = unsafe handle.pointer
        switch step {
        case .deallocate(let name):
            // Names are ours: letters and digits.
            return unsafe PQsendQueryParams(pointer, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1
        case .prepare(let statement):
            return unsafe PQsendPrepare(pointer, statement.name, statement.text, 0, nil) == 1
        case .execute(let index):
            let command = flight.commands[index]
            if let encoded = command.encoded {
                return unsafe encoded.withPointers { unsafe execute(command, $0, over: pointer) }
            }
            return unsafe parameters.withEncoded(command.values) { unsafe execute(command, $0, over: pointer) }
        }
    }

    private func execute(_ command: Command, _ values: ParameterPointers, over pointer: OpaquePointer) -> Bool {
        if command.isPrepared {
            return unsafe PQsendQueryPrepared(
                pointer, command.statement.name, values.count, values.values, values.lengths, values.formats, 0) == 1
        }
        return unsafe PQsendQueryParams(
            pointer, command.statement.text, values.count, nil, values.values, values.lengths, values.formats, 0) == 1
    }

    /// Sends what libpq holds back, and asks the reactor to say when the socket takes more.
    func flush() {
        guard let handle, let socket else { return }
        let status = unsafe PQflush(handle.pointer)
        // A failed write is not the end: the server's last words may be waiting to be read.
        let isBlocked = status == 1
        guard isBlocked != wantsToWrite else { return }
        wantsToWrite = isBlocked
        Reactor.shared.setInterest(socket, reading: true, writing: isBlocked)
    }

    func lastError(of handle: ConnectionHandle) -> PostgresError {
        PostgresError(handle.isBroken ? .connectionLost : .protocolViolation, handle.lastMessage)
    }
}
