import Foundation

/// Lets a script's thread wait for the test, one step at a time.
final class Permission: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    init(_ steps: AsyncStream<Void>) {
        Task { [semaphore] in
            for await _ in steps { semaphore.signal() }
        }
    }

    func wait() {
        semaphore.wait()
    }
}
