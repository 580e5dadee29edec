import Sockets

/// Units of work on their way to a connection, alone or, where they are quick reads, to a place on one.
extension ConnectionPool {
    func start(_ errand: Errand) {
        guard !errand.isCancelled else { return errand.end(Errand.cancelled) }
        let isQuick = errand.attempts == 0 && errand.pace?.isQuick == true
        let wish: PoolStateMachine.Wish = errand.isFresh ? .fresh : isQuick ? .place : .whole
        if let loan = loan(wish, isLookedAt: errand.isLookedAt) { return send(errand, over: loan) }
        let deadline = ContinuousClock.now.advanced(by: errand.timeout)
        wait(for: errand, wish, until: deadline)
    }

    private func wait(for errand: Errand, _ wish: PoolStateMachine.Wish, until deadline: ContinuousClock.Instant) {
        lastWaiter += 1
        let waiter = lastWaiter
        errand.stage = .waiting(waiter)
        wait(waiter, until: deadline, wish) { [self] lease in
            switch lease {
            case .failure(let error): errand.end(.failure(error))
            case .success(let loan):
                if isAlive(loan, wish, isLookedAt: errand.isLookedAt) { return send(errand, over: loan) }
                // It died on its way here. Nothing was sent, so the next one will do.
                machine.stopSharing(loan.id)
                release(loan)
                wait(for: errand, wish, until: deadline)
            }
        }
    }

    private func send(_ errand: Errand, over loan: Loan) {
        if errand.pace != nil { keepTime() }
        errand.attempts += 1
        let attempt = errand.attempts
        let id = loan.connection.begin(errand.commands, for: errand) { [self] result in
            release(loan)
            if errand.attempts == attempt { errand.end(result) }
        }
        if let id, !errand.isOver { errand.stage = .sent(loan.connection, id) }
    }

    /// Nobody comes to a connection whose read takes long, and who is there already goes elsewhere: what is on the wire is
    /// answered to nobody.
    private func avoid(_ id: PoolStateMachine.ConnectionID, _ connection: PostgresConnection) {
        machine.stopSharing(id)
        for flight in connection.company {
            guard let errand = flight.errand else { continue }
            flight.errand = nil
            errand.attempts += 1
            connection.withdraw(flight.id)?.complete(Errand.cancelled)
            start(errand)
        }
    }

    func cancel(_ errand: Errand) {
        errand.isCancelled = true
        switch errand.stage {
        case .new: break
        case .waiting(let waiter): forget(waiter)
        case .sent(let connection, let id): connection.cancel(id)
        case .over: break
        }
    }

    /// While reads are under way, looks now and then for those that take long. The next ones of their kind have connections
    /// of their own.
    private func keepTime() {
        guard !isKeepingTime else { return }
        isKeepingTime = true
        Reactor.shared.schedule(after: quickRead) { [weak self] in
            Turn.assumed { self?.lookForSlowReads() }
        }
    }

    private func lookForSlowReads() {
        isKeepingTime = false
        var isReading = false
        for (id, connection) in connections where connection.isReading {
            isReading = true
            if connection.hasReadForLong() { avoid(id, connection) }
        }
        handle(.nothing)
        if isReading { keepTime() }
    }
}
