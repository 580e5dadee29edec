import GraphQL
import OrderedCollections

/// What an operation could read: one for each object, page sizes multiplied down the tree. Known once the page sizes are.
indirect enum Cost: Sendable {
    case fixed(Int)
    case sum([Cost])
    /// At most one of them comes to pass.
    case largest([Cost])
    /// So many times the other, and one for the page itself.
    case page(PageSize, Cost)

    /// Never overflows: what is too much stays too much.
    func total(_ pageSize: (PageSize) -> Int) -> Int {
        switch self {
        case .fixed(let cost): cost
        case .sum(let costs): costs.reduce(0) { Self.add($0, $1.total(pageSize)) }
        case .largest(let costs): costs.reduce(0) { max($0, $1.total(pageSize)) }
        case .page(let size, let cost): Self.add(1, Self.multiply(pageSize(size), cost.total(pageSize)))
        }
    }

    /// The same for every request of a plan in whose page sizes no variable stands; `nil` otherwise.
    func fixedTotal(_ sets: [ArgumentSet]) -> Int? {
        var isFixed = true
        let total = total { size in
            switch size {
            case .constant(let count): return count
            case .argument(let set, let name, _):
                guard let constant = sets[set].constant else {
                    isFixed = false
                    return 0
                }
                return Int(constant[name]?.intValue ?? 0)
            }
        }
        return isFixed ? total : nil
    }

    private static func add(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private static func multiply(_ left: Int, _ right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}
