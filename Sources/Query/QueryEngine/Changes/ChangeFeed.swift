import Foundation
import Postgres
import ServiceLifecycle
import Synchronization

/// Wakes subscriptions when their organization announces changes. Announcements may be lost: whoever waits also looks by
/// itself after a while.
final class ChangeFeed: Sendable {
    /// A subscription's place at the feed, for as long as it lasts.
    struct Seat: Sendable, Hashable {
        let organization: OrganizationID
        let number: UInt64
    }

    private struct Occupant {
        var isSignalled = false
        var waiting: CheckedContinuation<Void, Never>?

        mutating func takeWaiting() -> CheckedContinuation<Void, Never>? {
            defer { waiting = nil }
            return waiting
        }
    }

    private struct State {
        var occupants: [OrganizationID: [UInt64: Occupant]] = [:]
        var nextNumber: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let listener: NotificationListener?

    init(listener: NotificationListener?) {
        self.listener = listener
    }

    /// Passes announcements on until graceful shutdown or cancellation, then lets everyone go.
    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            guard let listener else {
                while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
                return
            }
            for await event in listener.subscribe(to: Changes.channel) {
                switch event {
                case .notification(_, let payload):
                    if let organization = OrganizationID(payload) { signal(organization) }
                case .listening: signalAll()
                case .lost: break
                }
            }
        }
        close()
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func takeSeat(_ organization: OrganizationID) -> Seat {
        state.withLock { state in
            state.nextNumber += 1
            state.occupants[organization, default: [:]][state.nextNumber] = Occupant()
            return Seat(organization: organization, number: state.nextNumber)
        }
    }

    func leave(_ seat: Seat) {
        let waiting = state.withLock { state in
            let occupant = state.occupants[seat.organization]?.removeValue(forKey: seat.number)
            if state.occupants[seat.organization]?.isEmpty == true { state.occupants[seat.organization] = nil }
            return occupant?.waiting
        }
        waiting?.resume()
    }

    /// Returns at a signal that came since the last return, at the limit, on cancellation, or when the feed closes.
    func wait(_ seat: Seat, atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.signalled(seat) }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    private func signalled(_ seat: Seat) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    guard var occupant = state.occupants[seat.organization]?[seat.number], !state.isClosed,
                        !Task.isCancelled, !occupant.isSignalled
                    else {
                        state.occupants[seat.organization]?[seat.number]?.isSignalled = false
                        return true
                    }
                    occupant.waiting = continuation
                    state.occupants[seat.organization]?[seat.number] = occupant
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.occupants[seat.organization]?[seat.number]?.takeWaiting()
            }
            waiting?.resume()
        }
    }

    func signal(_ organization: OrganizationID) {
        let waiting = state.withLock { state in Self.signal(&state.occupants[organization, default: [:]]) }
        for continuation in waiting { continuation.resume() }
    }

    private func signalAll() {
        let waiting = state.withLock { state in
            state.occupants.keys.flatMap { Self.signal(&state.occupants[$0, default: [:]]) }
        }
        for continuation in waiting { continuation.resume() }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        signalAll()
    }

    private static func signal(_ occupants: inout [UInt64: Occupant]) -> [CheckedContinuation<Void, Never>] {
        var waiting: [CheckedContinuation<Void, Never>] = []
        for number in occupants.keys {
            if let continuation = occupants[number]?.takeWaiting() {
                waiting.append(continuation)
            } else {
                occupants[number]?.isSignalled = true
            }
        }
        return waiting
    }
}
