/// Finds the route of a path: a tree of segments in which a literal goes before a name in braces.
struct Router: Sendable {
    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// By method.
        var routes: [String: Route] = [:]
    }

    private var nodes = [Node()]

    init(_ routes: [Route]) {
        for route in routes {
            var node = 0
            for segment in Router.split(route.template.split(separator: "/").map(String.init)) {
                if segment.hasPrefix("{") {
                    let next = nodes[node].parameter ?? nodes.count
                    if next == nodes.count { nodes.append(Node()) }
                    nodes[node].parameter = next
                    node = next
                } else {
                    let next = nodes[node].literals[segment] ?? nodes.count
                    if next == nodes.count { nodes.append(Node()) }
                    nodes[node].literals[segment] = next
                    node = next
                }
            }
            nodes[node].routes[route.method] = route
        }
    }

    /// The extension of the last segment stands for itself, so that `{Sid}.json` and `{Sid}.wav` are two paths.
    private static func split(_ segments: [String]) -> [String] {
        guard segments.first == "2010-04-01", let last = segments.last else { return segments }
        for suffix in [".json", ".wav", ".mp3"] where last.hasSuffix(suffix) {
            return segments.dropLast() + [String(last.dropLast(suffix.utf8.count)), suffix]
        }
        return segments
    }

    /// - Returns: the routes of a path by method, and what stands in the places of its names; nil for an unknown path.
    func match(_ segments: [String]) -> (routes: [String: Route], values: [String])? {
        var values: [String] = []
        guard let node = find(Router.split(segments)[...], from: 0, &values) else { return nil }
        return (nodes[node].routes, values)
    }

    private func find(_ rest: ArraySlice<String>, from node: Int, _ values: inout [String]) -> Int? {
        guard let segment = rest.first else { return nodes[node].routes.isEmpty ? nil : node }
        if let next = nodes[node].literals[segment], let found = find(rest.dropFirst(), from: next, &values) {
            return found
        }
        guard let next = nodes[node].parameter else { return nil }
        values.append(segment)
        if let found = find(rest.dropFirst(), from: next, &values) { return found }
        values.removeLast()
        return nil
    }
}
