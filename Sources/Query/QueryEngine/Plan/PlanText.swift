import GraphQL
import OrderedCollections

/// A plan as an indented tree, for people.
struct PlanText {
    private var lines: [String] = []
    private var depth = 0

    static func describe(_ plan: OperationPlan) -> String {
        var text = PlanText()
        text.add("\(plan.operationType.rawValue)")
        text.inside { text in
            for root in plan.roots { text.root(root) }
        }
        for (index, set) in plan.argumentSets.enumerated() where !set.definitions.isEmpty {
            text.add("arguments #\(index): \(set.coordinate)\(set.constant == nil ? "" : ", constant")")
        }
        return text.lines.joined(separator: "\n")
    }

    private mutating func add(_ line: String) {
        lines.append(String(repeating: "  ", count: depth) + line)
    }

    private mutating func inside(_ body: (inout PlanText) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    private mutating func root(_ root: RootPlan) {
        let head = "\(root.key): \(root.type)"
        switch root.source {
        case .typename(let name): add("\(head) = \(name)")
        case .table(let read): self.read(head, read)
        case .export(let read): connection("\(head), export", read)
        case .namespace(let members):
            add("\(head), namespace of the platform")
            self.members(members)
        case .resolver(let name, _, _): add("\(head), resolver \(name)")
        case .introspection: add("\(head), introspection")
        case .feed(let kind, let row):
            add("\(head), feed of \(kind)")
            inside { $0.row(row) }
        case .command(let command):
            add("\(head), command \(command.name)")
            inside { text in
                for member in command.members { text.payload(member) }
            }
        }
    }

    private mutating func payload(_ member: PayloadMember) {
        let head = "\(member.key): \(member.type)"
        switch member.source {
        case .typename(let name): add("\(head) = \(name)")
        case .row(let row):
            add(head)
            inside { $0.row(row) }
        case .value, .userErrors: add("\(head), from the command")
        }
    }

    private mutating func read(_ head: String, _ read: TableRead) {
        switch read {
        case .connection(let connection): self.connection(head, connection)
        case .list(let list): self.list(head, list)
        case .aggregate(let aggregate): self.aggregate(head, aggregate)
        case .rows(let rows):
            add(head)
            inside { text in
                for row in rows { text.row(row) }
            }
        }
    }

    private mutating func row(_ row: RowRead) {
        let conditions = row.conditions.map(Self.predicate).joined(separator: " and ")
        add("row of \(row.object.table.name)" + (conditions.isEmpty ? "" : " where \(conditions)"))
        members(row.object.members)
    }

    private mutating func list(_ head: String, _ list: ListRead) {
        let key = list.key.map { " by \($0)" } ?? ""
        add("\(head): rows of \(list.object.table.name)\(key), ordered by \(Self.order(list.order))")
        members(list.object.members)
    }

    private mutating func connection(_ head: String, _ read: ConnectionRead) {
        let key = read.key.map { " by \($0)" } ?? ""
        add("\(head): page of \(read.table.name)\(key), ordered by \(Self.order(read.order))")
        inside { text in
            let end = read.page.isBackward ? "last" : "first"
            let cursors = [read.page.hasAfter ? "after" : nil, read.page.hasBefore ? "before" : nil]
            text.add(([end + " \(read.page.size)"] + cursors.compactMap { $0 }).joined(separator: ", "))
            for condition in read.conditions { text.add("where \(Self.predicate(condition))") }
            for part in read.parts { text.part(part) }
        }
    }

    private mutating func part(_ part: ConnectionPart) {
        switch part.value {
        case .typename(let name): add("\(part.key) = \(name)")
        case .nodes(let object):
            add("\(part.key): nodes")
            members(object.members)
        case .edges(let parts):
            add("\(part.key): edges")
            inside { text in
                for edge in parts {
                    switch edge.part {
                    case .typename(let name): text.add("\(edge.key) = \(name)")
                    case .cursor: text.add("\(edge.key): cursor")
                    case .node(let object):
                        text.add("\(edge.key): node")
                        text.members(object.members)
                    }
                }
            }
        case .pageInfo(let parts): add("\(part.key): pageInfo \(parts.map(\.key).joined(separator: ", "))")
        case .totalCount: add("\(part.key): totalCount")
        }
    }

    private mutating func members(_ members: [Member]) {
        inside { text in
            for member in members { text.member(member) }
        }
    }

    private mutating func member(_ member: Member) {
        switch member.value {
        case .typename(let name): add("\(member.key) = \(name)")
        case .column(let column, .plain): add("\(member.key): \(column)")
        case .column(let column, .int): add("\(member.key): \(column), 32 bits")
        case .column(let column, .id(let prefix)): add("\(member.key): \(column) as \(prefix)_…")
        case .money(let micros, let currency, _): add("\(member.key): money of \(micros), \(currency)")
        case .embedded(let members):
            add("\(member.key): of the same row")
            self.members(members)
        case .one(let key, let object):
            add("\(member.key): row of \(object.table.name) by \(key)")
            members(object.members)
        case .connection(let read): connection(member.key, read)
        case .list(let read): list(member.key, read)
        case .aggregate(let read): aggregate(member.key, read)
        }
    }

    private mutating func aggregate(_ head: String, _ read: AggregateRead) {
        let key = read.key.map { " by \($0)" } ?? ""
        add("\(head): numbers over \(read.table.name)\(key)")
        inside { text in
            for condition in read.conditions { text.add("where \(Self.predicate(condition))") }
            for group in read.groups {
                switch group {
                case .column(let column): text.add("group by \(column)")
                case .bucket(let column, let unit, let zone):
                    text.add("group by \(unit.rawValue) of \(column) in \(zone)")
                }
            }
            for member in read.members {
                switch member.value {
                case .typename(let name): text.add("\(member.key) = \(name)")
                case .group(let place, _): text.add("\(member.key): group \(place)")
                case .ungrouped: text.add("\(member.key) = null")
                case .measure(let measure):
                    let only = measure.only.map { " where \($0.column) in \($0.values.joined(separator: ", "))" } ?? ""
                    text.add("\(member.key): \(measure.function.rawValue) of \(measure.column ?? "rows")\(only)")
                }
            }
        }
    }

    private static func predicate(_ predicate: Predicate) -> String {
        switch predicate {
        case .condition(let condition): self.condition(condition)
        case .all(let parts): parts.isEmpty ? "true" : "(\(parts.map(Self.predicate).joined(separator: " and ")))"
        case .any(let parts): parts.isEmpty ? "false" : "(\(parts.map(Self.predicate).joined(separator: " or ")))"
        case .not(let part): "not (\(Self.predicate(part)))"
        }
    }

    private static func condition(_ condition: Condition) -> String {
        "\(condition.column) \(condition.comparison.rawValue) \(condition.parameter)"
    }

    private static func order(_ order: OrderBinding) -> String {
        "\(order.column) \(order.direction.rawValue)"
    }
}
