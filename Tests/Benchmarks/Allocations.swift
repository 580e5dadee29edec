import AllocationCount

/// How often one run of a body asks for memory: the least of several, since the first ones fill caches.
func allocations(_ body: () throws -> Void) rethrows -> Int {
    var least = UInt64.max
    for _ in 0..<5 {
        let before = allocations_of_this_thread()
        try body()
        least = min(least, allocations_of_this_thread() - before)
    }
    return Int(least)
}
