import Logging
import ServiceLifecycle

/// Services that run together, and stop the other way round when the body has ended.
struct RunningServices: Sendable {
    private let group: ServiceGroup

    init(_ services: [any Service], logger: Logger) {
        group = ServiceGroup(configuration: .init(services: services, logger: logger))
    }

    func during<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        let group = group
        let running = Task { try await group.run() }
        let outcome: Result<R, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return try outcome.get()
    }
}

/// Lets a few in at a time: each world holds connections, and the cluster has only so many.
package actor Turnstile {
    static let worlds = Turnstile(places: 4)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { free = places }

    func pass<R: Sendable>(_ body: @Sendable () async throws -> R) async throws -> R {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
        defer { if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() } }
        return try await body()
    }
}
