import Sockets

extension PostgresConnection {
    /// How long a unit may go on after the server was asked to stop it; then the connection is given up.
    private static let patience = Duration.seconds(5)
    /// A request that comes between two statements of a unit is ignored by the server, so it is repeated.
    private static let repetition = Duration.milliseconds(100)

    func cancel(_ id: UInt64) {
        if let flight = withdraw(id) {
            flight.complete(.failure(PostgresError(.cancelled, "before it was sent")))
            return
        }
        if let follower, follower.id == id {
            follower.cancel = .wanted
            return
        }
        guard let flight, flight.id == id, !flight.wasCancelled else { return }
        stop(flight)
    }

    /// Of the unit that the server is at.
    func stop(_ flight: Flight) {
        let id = flight.id
        ask(flight)
        Reactor.shared.schedule(after: Self.patience) { [weak self] in
            Turn.assumed { self?.giveUp(id) }
        }
    }

    private func giveUp(_ id: UInt64) {
        guard flight?.id == id else { return }
        die(PostgresError(.connectionLost, "the server did not stop a cancelled statement"))
    }

    private func ask(_ flight: Flight) {
        guard let handle, !flight.isDrained, let request = CancelRequest(handle) else { return }
        flight.cancel = .asking
        follower?.mayBeHit = true
        let id = flight.id
        BlockingThread.start { [weak self] in
            request.send()
            Reactor.shared.submit { [weak self] in Turn.assumed { self?.cancelWasSent(id) } }
        }
    }

    private func cancelWasSent(_ id: UInt64) {
        guard let flight, flight.id == id else { return }
        flight.cancel = .asked
        if flight.isDrained {
            land(flight)
            // Of the next one, all may have come.
            if let handle { takeArrived(from: handle) }
            return
        }
        Reactor.shared.schedule(after: Self.repetition) { [weak self] in
            Turn.assumed { self?.askAgain(id) }
        }
    }

    private func askAgain(_ id: UInt64) {
        guard let flight, flight.id == id, flight.cancel == .asked else { return }
        ask(flight)
    }
}
