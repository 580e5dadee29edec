import Glibc

/// A lock whose waiters sleep at once. `Mutex` spins before it does, which takes the processor from the one who has the
/// lock where there are few of them and much to do.
///
/// `@unchecked Sendable`: a mutex is made to be used from any thread, and its memory lives as long as the object.
@safe final class SleepingLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    func withLock<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// `nil`, and nothing done, while somebody has the lock.
    func withLockIfAvailable<Result>(_ body: () -> Result) -> Result? {
        guard unsafe pthread_mutex_trylock(mutex) == 0 else { return nil }
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }
}
