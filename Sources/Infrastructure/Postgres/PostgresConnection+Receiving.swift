import CLibPQ
import Glibc

extension PostgresConnection {
    /// The reactor's call: the socket can be read or written, or is broken.
    func socketIsReady(_ isReadable: Bool) {
        guard let handle else { return }
        if wantsToWrite { flush() }
        guard isReadable else { return }
        let isOpen = unsafe PQconsumeInput(handle.pointer) == 1
        // What came before the end still counts.
        takeArrived(from: handle)
        deliverNotifications(of: handle)
        if wantsToWrite { flush() }
        if !isOpen || handle.isBroken {
            let said = flight?.error.map { "\($0.logDetail); " } ?? ""
            die(PostgresError(.connectionLost, said + handle.lastMessage))
        }
    }

    /// Looks at the socket before an idle connection is used: the server may have ended it just now, and the reactor not
    /// have come to it yet. A system call well spent, since what writes is never tried twice.
    func isStillThere() -> Bool {
        while let handle {
            var descriptor = pollfd(fd: handle.socket, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&descriptor, 1, 0) > 0 else { break }
            socketIsReady(true)
        }
        return isReusable
    }

    /// Takes all that has arrived, of as many units as were sent.
    func takeArrived(from handle: ConnectionHandle) {
        while let flight {
            takeResults(of: flight, from: handle)
            guard self.flight !== flight else { return }
        }
    }

    /// Takes all that has arrived of a unit's results, without waiting.
    private func takeResults(of flight: Flight, from handle: ConnectionHandle) {
        var hasEndedCommand = false
        while self.flight === flight, !flight.isDrained {
            // Whoever reads the rows is slow: the rest waits in the socket, and the server for it.
            if let rows = flight.rows, rows.isFull { return pauseReading() }
            guard unsafe PQisBusy(handle.pointer) == 0 else { return }
            guard let result = unsafe PQgetResult(handle.pointer) else {
                // NULL ends a command's results. Two in a row: nothing more is there.
                if hasEndedCommand { return }
                hasEndedCommand = true
                flight.position += 1
                // It must be said before anything of that command's results is looked at. After an error there are none:
                // the rest of the unit is aborted.
                if flight.isBeforeRows, flight.error == nil, unsafe PQsetSingleRowMode(handle.pointer) == 0 {
                    return die(lastError(of: handle))
                }
                continue
            }
            hasEndedCommand = false
            unsafe take(result, of: flight)
        }
    }

    private func take(_ result: OpaquePointer, of flight: Flight) {
        let status = unsafe PQresultStatus(result)
        switch status {
        case PGRES_PIPELINE_SYNC:
            unsafe PQclear(result)
            flight.isDrained = true
            if flight.cancel != .asking { land(flight) }
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            let step = flight.position < flight.steps.count ? flight.steps[flight.position] : nil
            switch step {
            case .execute:
                flight.results.append(unsafe PostgresResult(taking: result))
                if !flight.isAnswered { die(PostgresError(.protocolViolation, "the answer is another's")) }
            case .prepare(_)?, .deallocate(_)?:
                unsafe PQclear(result)
                if let step { prepared.succeeded(step) }
            case nil:
                unsafe PQclear(result)
                die(PostgresError(.protocolViolation, "a result that nobody asked for"))
            }
        case PGRES_SINGLE_TUPLE:
            guard let rows = flight.rows else {
                unsafe PQclear(result)
                return die(PostgresError(.protocolViolation, "a row that nobody asked for"))
            }
            rows.append(unsafe PostgresResult(taking: result))
        case PGRES_PIPELINE_ABORTED:
            unsafe PQclear(result)
        case PGRES_FATAL_ERROR, PGRES_NONFATAL_ERROR, PGRES_BAD_RESPONSE:
            let error = unsafe PostgresError(result: result)
            unsafe PQclear(result)
            note(error, of: flight)
        default:
            unsafe PQclear(result)
            die(PostgresError(.protocolViolation, "COPY is not for this connection"))
        }
    }

    private func note(_ error: PostgresError, of flight: Flight) {
        if flight.error == nil { flight.error = error }
        guard flight.position < flight.steps.count else { return }
        switch flight.steps[flight.position] {
        case .execute(let index) where flight.commands[index].isPrepared:
            let statement = flight.commands[index].statement
            if error.isStalePlan { prepared.wentStale(statement) }
            if error.isMissingStatement { prepared.wentMissing(statement.name) }
        case .deallocate(let name):
            if error.isMissingStatement { prepared.wentMissing(name) }
        default: break
        }
    }
}
