#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How contestants take turns: all of them in each round, one after the other, so that what slows the machine for a
/// while slows them all.
struct Turns {
    let rounds: Int
    let seconds: Double
    /// How large a database is filled, of its full size.
    var scale = 1.0
    /// Whether what takes many minutes is measured as well.
    var isFull = false

    /// - Parameter contestants: what each does with its turn; the result is any figure, such as operations a second.
    /// - Returns: the figures of each contestant, one for each round.
    func take<Figure>(_ contestants: [(Turns) async throws -> Figure]) async throws -> [[Figure]] {
        var figures = Array(repeating: [Figure](), count: contestants.count)
        for _ in 0..<rounds {
            for (index, contestant) in contestants.enumerated() { figures[index].append(try await contestant(self)) }
        }
        return figures
    }

    /// Operations a second of CPU time, in the best of many short batches: what other processes take from the machine does
    /// not count. The reference programs reckon in the same way, with the CPU time of their process.
    func best(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        func elapsed(_ count: Int) throws -> Double {
            let start = Self.threadSeconds
            for _ in 0..<count { try body() }
            return Self.threadSeconds - start
        }
        var count = 1
        while try elapsed(count) < 0.02 { count *= 2 }
        let end = clock.now + .seconds(seconds)
        var fastest = Double.infinity
        repeat { fastest = min(fastest, try elapsed(count) / Double(count)) } while clock.now < end
        return 1 / fastest
    }

    /// CPU time that this thread has used.
    private static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The middle one; of an even number the lower of the two in the middle.
func median(_ figures: [Double]) -> Double {
    let sorted = figures.sorted()
    return sorted.isEmpty ? .nan : sorted[(sorted.count - 1) / 2]
}

/// Makes the compiler believe that a result is used.
@inline(never)
func use<Result>(_ result: Result) {
    withExtendedLifetime(result) {}
}
