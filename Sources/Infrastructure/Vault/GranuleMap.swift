/// Which granules of an arena are taken: a pure bitmap, one bit a granule, that finds the first run that fits.
///
/// Neighbouring free runs join by themselves, so an arena whose secrets have all ended is whole again.
struct GranuleMap: Sendable {
    private var words: [UInt64]
    private let granules: Int
    /// No granule in a word before this one is free.
    private var firstOpenWord = 0
    private(set) var taken = 0

    init(granules: Int) {
        self.granules = granules
        words = [UInt64](repeating: 0, count: (granules + 63) / 64)
        // Bits past the end count as taken for ever.
        for index in granules..<(words.count * 64) { words[index / 64] |= 1 << UInt64(index % 64) }
    }

    /// The first granule of a free run of `count`, now taken, or nil when no run is that long.
    mutating func take(_ count: Int) -> Int? {
        while firstOpenWord < words.count, words[firstOpenWord] == .max { firstOpenWord += 1 }
        var start = firstOpenWord * 64
        var run = 0
        var index = start
        while index < granules {
            let word = words[index / 64]
            if word == .max {
                index = (index / 64 + 1) * 64
                run = 0
                continue
            }
            if word & (1 << UInt64(index % 64)) == 0 {
                if run == 0 { start = index }
                run += 1
                if run == count {
                    mark(start, count)
                    return start
                }
            } else {
                run = 0
            }
            index += 1
        }
        return nil
    }

    /// Gives back what ``take(_:)`` gave.
    mutating func give(_ start: Int, _ count: Int) {
        for index in start..<(start + count) {
            precondition(isTaken(index), "a granule was given back twice")
            words[index / 64] &= ~(1 << UInt64(index % 64))
        }
        taken -= count
        firstOpenWord = min(firstOpenWord, start / 64)
    }

    func isTaken(_ index: Int) -> Bool { words[index / 64] & (1 << UInt64(index % 64)) != 0 }

    private mutating func mark(_ start: Int, _ count: Int) {
        for index in start..<(start + count) { words[index / 64] |= 1 << UInt64(index % 64) }
        taken += count
    }
}
