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
        #expect(pool.acquire(2, deadline: later, isFresh: true) == .nothing)
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
}
