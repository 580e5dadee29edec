/// SplitMix64: the same numbers for the same seed, everywhere and in every version.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to the bound, which is not among them. The library's own choice may differ between versions.
    package mutating func number(below bound: Int) -> Int {
        bound > 1 ? Int(next() >> 1) % bound : 0
    }

    mutating func chance(_ percent: Int) -> Bool {
        number(below: 100) < percent
    }

    /// The list must not be empty.
    package mutating func element<Elements: RandomAccessCollection>(of list: Elements) -> Elements.Element {
        list[list.index(list.startIndex, offsetBy: number(below: list.count))]
    }
}
