import FuzzInputs
import Postgres
import Testing

/// A pool's rules, without a database.
struct PoolStateMachineTests {
    private let now = ContinuousClock.now
    private var later: ContinuousClock.Instant { now.advanced(by: .seconds(1)) }

    @Test func `a caller gets a connection opened for it, and the next one the same`() {
        var pool = PoolStateMachine(limit: 2, maxWaiters: 8)
        #expect(pool.acquire(1, deadline: later) == .nothing)
        #expect(pool.demand() == .open(1))
        #expect(pool.demand() == .nothing)
        #expect(pool.opened(1) == .lease(1, to: 1))
        #expect(pool.release(1, isReusable: true) == .nothing)
        #expect(pool.acquire(2, deadline: later) == .lease(1, to: 2))
        #expect(pool.connectionCount == 1)
    }

    @Test func `no more connections than the limit, and waiters are served in the order they came`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 8)
        for waiter in 1...3 { #expect(pool.acquire(UInt64(waiter), deadline: later) == .nothing) }
        #expect(pool.demand() == .open(1))
        #expect(pool.demand() == .nothing)
        #expect(pool.opened(1) == .lease(1, to: 1))
        #expect(pool.demand() == .nothing)
        #expect(pool.release(1, isReusable: true) == .lease(1, to: 2))
        #expect(pool.release(1, isReusable: true) == .lease(1, to: 3))
        #expect(pool.release(1, isReusable: true) == .nothing)
        #expect(pool.idleCount == 1)
    }

    @Test func `one waiter too many is refused at once`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 1)
        #expect(pool.acquire(1, deadline: later) == .nothing)
        #expect(pool.acquire(2, deadline: later) == .fail([2], .tooManyWaiters))
        #expect(pool.waiterCount == 1)
    }

    @Test func `who waits past the deadline is told, and the others wait on`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 8)
        _ = pool.acquire(1, deadline: now)
        _ = pool.acquire(2, deadline: later)
        #expect(pool.nextDeadline == now)
        #expect(pool.expire(at: now) == .fail([1], .timedOut))
        #expect(pool.expire(at: now) == .nothing)
        #expect(pool.nextDeadline == later)
        #expect(pool.demand() == .open(1))
        #expect(pool.opened(1) == .lease(1, to: 2))
    }

    @Test func `a connection opened for a caller that has gone serves the next`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 8)
        _ = pool.acquire(1, deadline: later)
        #expect(pool.demand() == .open(1))
        pool.forget(1)
        #expect(pool.opened(1) == .nothing)
        #expect(pool.acquire(2, deadline: later) == .lease(1, to: 2))
    }

    @Test func `a broken connection is closed and another is opened for who waits`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 8)
        _ = pool.acquire(1, deadline: later)
        _ = pool.demand()
        _ = pool.opened(1)
        _ = pool.acquire(2, deadline: later)
        #expect(pool.release(1, isReusable: false) == .close([1]))
        #expect(pool.demand() == .open(2))
        #expect(pool.opened(2) == .lease(2, to: 2))
    }

    @Test func `an idle connection that dies is dropped at once, a leased one when it comes back`() {
        var pool = PoolStateMachine(limit: 2, maxWaiters: 8)
        _ = pool.acquire(1, deadline: later)
        _ = pool.demand()
        _ = pool.opened(1)
        #expect(pool.lost(1) == .nothing)
        #expect(pool.release(1, isReusable: true) == .nothing)
        #expect(pool.lost(1) == .close([1]))
        #expect(pool.connectionCount == 0)
    }

    @Test func `who needs a fresh connection does not get an idle one`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 8)
        _ = pool.acquire(1, deadline: later)
        _ = pool.demand()
        _ = pool.opened(1)
        _ = pool.release(1, isReusable: true)
        #expect(pool.acquire(2, deadline: later, .fresh) == .nothing)
        #expect(pool.demand() == .replace(1, with: 2))
        #expect(pool.opened(2) == .lease(2, to: 2))
    }

    @Test func `when connecting fails the pool waits longer each time, then opens for all who wait`() {
        var pool = PoolStateMachine(limit: 2, maxWaiters: 8)
        _ = pool.acquire(1, deadline: later)
        _ = pool.acquire(2, deadline: later)
        #expect(pool.demand() == .open(1))
        #expect(pool.demand() == .open(2))
        #expect(pool.openingFailed(1) == .retry(after: .milliseconds(50)))
        #expect(pool.openingFailed(2) == .nothing)
        #expect(pool.isBackingOff)
        #expect(pool.demand() == .nothing)
        pool.retry()
        #expect(pool.demand() == .open(3))
        #expect(pool.openingFailed(3) == .retry(after: .milliseconds(100)))
        pool.retry()
        #expect(pool.demand() == .open(4))
        #expect(pool.demand() == .open(5))
        #expect(pool.opened(4) == .lease(4, to: 1))
        #expect(pool.opened(5) == .lease(5, to: 2))
    }

    @Test func `a closing pool refuses waiters and callers and is drained when the last connection is back`() {
        var pool = PoolStateMachine(limit: 1, maxWaiters: 8)
        _ = pool.acquire(1, deadline: later)
        _ = pool.demand()
        _ = pool.opened(1)
        _ = pool.acquire(2, deadline: later)
        let actions = pool.close()
        #expect(actions.refused == .fail([2], .closed))
        #expect(actions.closed == .nothing)
        #expect(pool.acquire(3, deadline: later) == .fail([3], .closed))
        #expect(!pool.isDrained)
        #expect(pool.release(1, isReusable: true) == .close([1]))
        #expect(pool.isDrained)
    }

    // MARK: Places

    /// A pool with so many connections, all idle.
    private func pool(_ count: Int, readers: Int, limit: Int? = nil) -> PoolStateMachine {
        var pool = PoolStateMachine(limit: limit ?? count, maxWaiters: 64, readers: readers)
        for number in 0..<count { _ = pool.acquire(UInt64(1000 + number), deadline: later) }
        for number in 0..<count { #expect(pool.demand() == .open(UInt64(number + 1))) }
        for number in 0..<count { _ = pool.opened(UInt64(number + 1)) }
        for number in (0..<count).reversed() { _ = pool.release(UInt64(number + 1), isReusable: true) }
        #expect(pool.idleCount == count)
        return pool
    }

    @Test func `reads take connections until enough are shared, then the second places`() {
        var pool = pool(4, readers: 2)
        #expect((0..<4).map { _ in pool.takePlace() } == [1, 2, 1, 2])
        #expect(pool.takePlace() == nil)
        // Others are left to those who want one for themselves.
        #expect(pool.idleCount == 2)
        #expect(pool.acquire(1, deadline: later, .place) == .nothing)
        #expect(pool.demand() == .nothing)
        #expect(pool.takeIdle() == 3)
        // A place that becomes free goes to who waits for one, unless nobody may come to that connection.
        #expect(pool.release(1, isReusable: false) == .nothing)
        #expect(pool.demand { $0 != 1 } == .nothing)
        #expect(pool.release(2, isReusable: false) == .nothing)
        #expect(pool.demand { $0 != 1 } == .lease(2, to: 1))
        #expect(pool.release(2, isReusable: false) == .nothing)
        #expect(pool.release(2, isReusable: true) == .nothing)
        #expect(pool.idleCount == 2)
    }

    @Test func `for a read that finds no connection one is opened, and until it is there a second place will do`() {
        var pool = pool(1, readers: 2, limit: 2)
        #expect(pool.takePlace() == 1)
        #expect(pool.takePlace() == nil)
        #expect(pool.acquire(1, deadline: later, .place) == .nothing)
        #expect(pool.demand() == .open(2))
        #expect(pool.demand() == .lease(1, to: 1))
        #expect(pool.acquire(2, deadline: later, .place) == .nothing)
        #expect(pool.demand() == .nothing)
        #expect(pool.opened(2) == .lease(2, to: 2))
        #expect(pool.acquire(3, deadline: later, .place) == .lease(2, to: 3))
        #expect(pool.acquire(4, deadline: later, .place) == .nothing)
        #expect(pool.demand() == .nothing)
    }

    @Test func `who waits for a place gets a second one, too, however the connections became free`() {
        var pool = pool(2, readers: 2)
        #expect([pool.takeIdle(), pool.takeIdle()] == [1, 2])
        for waiter in 1...5 { #expect(pool.acquire(UInt64(waiter), deadline: later, .place) == .nothing) }
        #expect(pool.demand() == .nothing)
        #expect(pool.release(1, isReusable: true) == .lease(1, to: 1))
        #expect(pool.demand() == .lease(1, to: 2))
        #expect(pool.release(2, isReusable: true) == .lease(2, to: 3))
        #expect(pool.demand() == .lease(2, to: 4))
        #expect(pool.demand() == .nothing)
        // And again, when all of a connection's reads are over at once.
        #expect(pool.release(1, isReusable: false) == .nothing)
        #expect(pool.demand() == .lease(1, to: 5))
    }

    @Test func `no read comes before somebody who waits for a whole connection`() {
        var pool = pool(1, readers: 1)
        #expect(pool.takePlace() == 1)
        #expect(pool.acquire(1, deadline: later) == .nothing)
        #expect(pool.takePlace() == nil)
        #expect(pool.acquire(2, deadline: later, .place) == .nothing)
        #expect(pool.release(1, isReusable: true) == .lease(1, to: 1))
        #expect(pool.release(1, isReusable: true) == .lease(1, to: 2))
        // While two reads are on it, it is kept from the third until whoever came first has had it.
        #expect(pool.takePlace() == 1)
        #expect(pool.acquire(3, deadline: later) == .nothing)
        #expect(pool.acquire(4, deadline: later, .place) == .nothing)
        #expect(pool.release(1, isReusable: false) == .nothing)
        #expect(pool.release(1, isReusable: true) == .lease(1, to: 3))
    }

    @Test func `a connection that is no longer shared is kept by who has it, and another one takes its part`() {
        var pool = pool(2, readers: 1)
        #expect(pool.takePlace() == 1)
        #expect(pool.takePlace() == 1)
        #expect(pool.acquire(1, deadline: later, .place) == .nothing)
        #expect(pool.demand() == .nothing)
        pool.stopSharing(1)
        #expect(pool.demand() == .lease(2, to: 1))
        #expect(pool.takePlace() == 2)
        #expect(pool.release(1, isReusable: false) == .nothing)
        #expect(pool.takePlace() == nil)
        #expect(pool.release(1, isReusable: true) == .nothing)
        #expect(pool.idleCount == 1)
    }

    @Test func `a read that waits does not keep others from connections that it may not have`() {
        var pool = pool(2, readers: 1)
        #expect(pool.takePlace() == 1)
        #expect(pool.takePlace() == 1)
        #expect(pool.takeIdle() == 2)
        #expect(pool.acquire(1, deadline: later, .place) == .nothing)
        #expect(pool.acquire(2, deadline: later) == .nothing)
        #expect(pool.release(2, isReusable: true) == .lease(2, to: 2))
        #expect(pool.release(2, isReusable: true) == .nothing)
        #expect(pool.waiterCount == 1)
        // Nor is one opened, or an idle one replaced, for it.
        #expect(pool.demand() == .nothing)
    }

    /// What anybody may do, in any order: the rules hold after each step, and in the end all who waited were served.
    @Test(arguments: 1...60) func `whatever comes, the rules hold and nobody is forgotten`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (limit, readers) = (1 + random.number(below: 5), 1 + random.number(below: 4))
        var pool = PoolStateMachine(limit: limit, maxWaiters: 1000, readers: readers)
        var opening: [UInt64] = []
        var users: [UInt64: [Bool]] = [:]
        var waiting: [UInt64: Bool] = [:]
        var (last, served, forgotten) = (UInt64(0), 0, 0)
        var unshared: Set<UInt64> = []
        func note(_ action: PoolStateMachine.Action, _ pool: inout PoolStateMachine) {
            var action = action
            while true {
                switch action {
                case .lease(let id, let waiter):
                    let isRead = waiting.removeValue(forKey: waiter)
                    #expect(isRead != nil)
                    users[id, default: []].append(isRead ?? false)
                    served += 1
                case .open(let id): opening.append(id)
                case .replace(_, let id): opening.append(id)
                case .close, .nothing, .retry: break
                case .fail: Issue.record("nobody was to be refused")
                }
                action = pool.demand()
                if action == .nothing { break }
            }
            #expect(pool.connectionCount <= limit)
            for (id, kinds) in users {
                #expect(kinds.count <= 2)
                #expect(kinds.count < 2 || !kinds.contains(false), "\(id) is shared by one who wanted it whole")
            }
            let shared = users.filter { $0.value == [true] || $0.value == [true, true] }.keys
            #expect(shared.count { !unshared.contains($0) } <= readers)
        }
        for step in 0..<900 {
            // In the last third nobody comes any more.
            switch step < 600 ? random.number(below: 10) : 4 + random.number(below: 6) {
            case 0, 1, 2:
                last += 1
                let wishes: [PoolStateMachine.Wish] = [.whole, .place, .place, .fresh]
                let wish = random.element(of: wishes)
                waiting[last] = wish == .place
                note(pool.acquire(last, deadline: later, wish), &pool)
            case 3:
                if let id = pool.takePlace() { users[id, default: []].append(true) }
                note(.nothing, &pool)
            case 4, 5:
                guard let id = opening.popLast() else { continue }
                if random.number(below: 5) == 0 {
                    note(pool.openingFailed(id), &pool)
                    pool.retry()
                    note(.nothing, &pool)
                } else {
                    note(pool.opened(id), &pool)
                }
            case 6 where step < 600:
                guard !users.isEmpty else { continue }
                let id = random.element(of: users.keys.sorted())
                pool.stopSharing(id)
                unshared.insert(id)
                note(.nothing, &pool)
            case 7 where step < 600:
                guard !waiting.isEmpty else { continue }
                let waiter = random.element(of: waiting.keys.sorted())
                waiting[waiter] = nil
                forgotten += 1
                pool.forget(waiter)
            default:
                guard !users.isEmpty else { continue }
                let id = random.element(of: users.keys.sorted())
                users[id]?.removeFirst()
                let isLast = users[id]?.isEmpty == true
                if isLast {
                    users[id] = nil
                    unshared.remove(id)
                }
                let isWell = random.number(below: 10) > 0
                note(pool.release(id, isReusable: isLast && isWell), &pool)
            }
        }
        while let id = opening.popLast() { note(pool.opened(id), &pool) }
        while let id = users.keys.min() {
            users[id]?.removeFirst()
            if users[id]?.isEmpty == true { users[id] = nil }
            note(pool.release(id, isReusable: users[id] == nil), &pool)
            while let id = opening.popLast() { note(pool.opened(id), &pool) }
        }
        #expect(waiting.isEmpty && pool.waiterCount == 0)
        #expect(served > 50)
    }
}
