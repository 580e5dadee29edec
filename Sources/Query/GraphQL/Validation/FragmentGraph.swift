import OrderedCollections

/// How fragments spread each other, by index.
struct FragmentOrder {
    /// Each fragment after all that it spreads.
    fileprivate(set) var finished: [Int] = []
    /// The spreads that lead back into a fragment they stand in, each as the way from that fragment to itself.
    fileprivate(set) var cycles: [[Int]] = []
}

/// Which fragments spread which, by index. Walked without recursion: a chain may be as long as the document.
struct FragmentGraph {
    let targets: [[Int]]

    var order: FragmentOrder {
        enum State { case new, open, done }
        var states = [State](repeating: .new, count: targets.count)
        var order = FragmentOrder()
        order.finished.reserveCapacity(targets.count)
        for start in targets.indices where states[start] == .new {
            var path = [start]
            var pending = [targets[start][...]]
            states[start] = .open
            while var next = pending.popLast() {
                guard let target = next.popFirst() else {
                    if let fragment = path.popLast() {
                        states[fragment] = .done
                        order.finished.append(fragment)
                    }
                    continue
                }
                pending.append(next)
                switch states[target] {
                case .done: break
                case .open:
                    // Only the first few are told; finding the beginning of each of very many would not be linear.
                    if order.cycles.count < 100, let index = path.lastIndex(of: target) {
                        order.cycles.append(Array(path[index...]))
                    }
                case .new:
                    states[target] = .open
                    path.append(target)
                    pending.append(targets[target][...])
                }
            }
        }
        return order
    }
}

extension TypedDocument {
    /// The scopes that an operation reaches: its own, then those of fragments in the order met. `nil` if that took too
    /// many steps.
    func reachableScopes(of operation: Int, _ report: inout ValidationReport) -> [Scope]? {
        if let known = report.reachableScopes[operation] { return known }
        var scopes = [scopes[operation]]
        var seen: OrderedSet<Int> = []
        var next = 0
        while next < scopes.count {
            for spread in scopes[next].spreads {
                guard report.spend() else { return nil }
                guard let fragment = spreads[spread].fragment, seen.append(fragment).inserted else { continue }
                scopes.append(fragmentScope(fragment))
            }
            next += 1
        }
        report.reachableScopes[operation] = scopes
        return scopes
    }
}
