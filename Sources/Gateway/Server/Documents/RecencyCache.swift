/// Values by key, in the order of their last use. Every step takes constant time.
struct RecencyCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node: Sendable {
        let key: Key
        let value: Value
        var older: Int?
        var newer: Int?
    }

    private var places: [Key: Int] = [:]
    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var oldest: Int?
    private var newest: Int?

    var count: Int { places.count }

    /// The value, which is now the one that was used last.
    mutating func use(_ key: Key) -> Value? {
        guard let place = places[key], let node = unlink(place) else { return nil }
        link(node, at: place)
        return node.value
    }

    /// Puts a value in that is not there yet.
    mutating func insert(_ value: Value, for key: Key) {
        let place = free.popLast() ?? nodes.count
        if place == nodes.count { nodes.append(nil) }
        places[key] = place
        link(Node(key: key, value: value), at: place)
    }

    /// Takes out the value that was not used for the longest time.
    mutating func removeOldest() -> Value? {
        guard let place = oldest, let node = unlink(place) else { return nil }
        places[node.key] = nil
        free.append(place)
        return node.value
    }

    private mutating func unlink(_ place: Int) -> Node? {
        guard let node = nodes[place] else { return nil }
        nodes[place] = nil
        if let older = node.older { nodes[older]?.newer = node.newer } else { oldest = node.newer }
        if let newer = node.newer { nodes[newer]?.older = node.older } else { newest = node.older }
        return node
    }

    private mutating func link(_ node: Node, at place: Int) {
        var node = node
        (node.older, node.newer) = (newest, nil)
        nodes[place] = node
        if let newest { nodes[newest]?.newer = place } else { oldest = place }
        newest = place
    }
}
