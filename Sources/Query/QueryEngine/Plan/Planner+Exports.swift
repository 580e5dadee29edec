import GraphQL
import OrderedCollections

/// Exports: a connection of which more is asked for than a page may hold is answered row by row, as long as that is all that
/// is asked for.
extension Planner {
    /// - Parameter roots: all of the operation.
    func exported(_ roots: [RootPlan]) throws(Refusal) -> [RootPlan] {
        guard
            let root = roots.first(where: {
                if case .table(.connection(let read)) = $0.source { read.page.isExport } else { false }
            }), case .table(.connection(let read)) = root.source
        else { return roots }
        let lists = read.parts.count { part in
            switch part.value {
            case .nodes, .edges: true
            default: false
            }
        }
        let others = read.parts.contains { part in
            switch part.value {
            case .pageInfo, .totalCount: true
            default: false
            }
        }
        guard roots.count == 1, lists == 1, !others else {
            throw Refusal(
                GraphQLError(
                    "“first” of \(read.coordinate) is above \(configuration.maximumPageSize), so the answer is an export: "
                        + "ask for this one field alone, with either nodes or edges, and without pageInfo and totalCount.",
                    code: .badPageSize, locations: [root.location],
                    extensions: ["limit": .int(Int64(configuration.maximumPageSize))]))
        }
        return [
            RootPlan(
                key: root.key, fieldName: root.fieldName, type: root.type, location: root.location,
                source: .export(read))
        ]
    }
}
