extension Parameter {
    /// The argument that sizes a page.
    static func pageSize(_ page: Page) -> Parameter {
        .pageSize(set: page.argumentSet, argument: page.isBackward ? "last" : "first")
    }
}

/// Pages of Relay connections, by keyset: where a page begins is a comparison with (order column, id), which the index
/// answers, and never an offset.
extension SQLCompiler {
    mutating func connection(_ read: ConnectionRead, parent: String?) -> String {
        let needs = Needs(read)
        return needs.isOneList ? oneList(read, parent: parent) : parts(read, needs, parent: parent)
    }

    // MARK: One list

    /// The usual case: the page's rows go straight into `json_agg`.
    private mutating func oneList(_ read: ConnectionRead, parent: String?) -> String {
        ObjectSQL(
            read.parts.map { part in
                let expression: String
                switch part.value {
                case .typename(let name): expression = SQLWriter.text(name)
                case .nodes(let object):
                    let table = writer.alias()
                    let source = page(read, table, parent: parent, extra: false, displayOrder: true)
                    expression = self.object(object, table).list(from: source)
                case .edges(let parts):
                    let table = writer.alias()
                    let source = page(read, table, parent: parent, extra: false, displayOrder: true)
                    expression = edge(parts, read, table).list(from: source)
                case .pageInfo(let parts): expression = pageInfo(parts, read, parent: parent)
                case .totalCount: expression = totalCount(read, parent: parent)
                }
                return (part.key, expression)
            }
        ).inPlace
    }

    /// A row for each node or edge, whichever is asked for.
    mutating func rows(of read: ConnectionRead) -> String {
        let table = writer.alias()
        let source = page(read, table, parent: nil, extra: false, displayOrder: true)
        for part in read.parts {
            switch part.value {
            case .nodes(let object): return self.object(object, table).rows(from: source)
            case .edges(let parts): return edge(parts, read, table).rows(from: source)
            case .typename, .pageInfo, .totalCount: continue
            }
        }
        return "SELECT NULL::json LIMIT 0"
    }

    /// FROM and what follows: the rows of the page, and one more when `extra`.
    private mutating func page(
        _ read: ConnectionRead, _ table: String, parent: String?, extra: Bool, displayOrder: Bool
    ) -> String {
        let conditions = rowConditions(read, table, parent: parent) + cursorConditions(read, table)
        let order = Self.orderBy(read.order, table)
        let pageOrder = pageOrder(read, table)
        var rows =
            "\(from(read.table, table, conditions)) ORDER BY \(pageOrder) LIMIT \(hintedLimit(read, extra: extra))"
        if case .argument = read.page.size {
            let size = writer.bind(.pageSize(read.page))
            let limit = extra ? "\(size)::int8 + 1" : "\(size)::int8"
            rows = "(SELECT * FROM \(rows)) \(table) ORDER BY \(pageOrder) LIMIT \(limit)"
        }
        guard read.page.isBackward else { return rows }
        let inner = "(SELECT * FROM \(rows)) \(table)"
        return displayOrder ? "\(inner) ORDER BY \(order)" : inner
    }

    /// A number known when the statement is planned: the page's size itself, or the step that it falls under.
    private func hintedLimit(_ read: ConnectionRead, extra: Bool) -> Int {
        switch read.page.size {
        case .constant(let size): size + (extra ? 1 : 0)
        case .argument(_, _, let atMost): atMost + (extra ? 1 : 0)
        }
    }

    /// The page's size as SQL, for comparisons.
    private mutating func size(_ read: ConnectionRead) -> String {
        switch read.page.size {
        case .constant(let size): "\(size)"
        case .argument: "\(writer.bind(.pageSize(read.page)))::int8"
        }
    }

    // MARK: Several parts over one page

    /// The page is read once, in a sub-select that makes each part's JSON for each row and numbers the rows from where
    /// the page begins; above it these are aggregated, without the extra row that tells whether more follows.
    private mutating func parts(_ read: ConnectionRead, _ needs: Needs, parent: String?) -> String {
        let size = needs.extraRow ? size(read) : ""
        var columns: [String] = []
        var aggregates: [String] = []
        var pairs: [(key: String, expression: String)] = []
        var pageInfos: [(index: Int, parts: [(key: String, part: PageInfoPart)])] = []
        let table = writer.alias()
        let kept = needs.extraRow ? " FILTER (WHERE p.i <= \(size))" : ""
        for (index, part) in read.parts.enumerated() {
            switch part.value {
            case .typename(let name): pairs.append((part.key, SQLWriter.text(name)))
            case .nodes(let object):
                columns.append("\(self.object(object, table).inPlace) AS j\(index)")
                aggregates.append("coalesce(json_agg(p.j\(index))\(kept), '[]'::json) AS j\(index)")
                pairs.append((part.key, "a.j\(index)"))
            case .edges(let parts):
                columns.append("\(edge(parts, read, table).inPlace) AS j\(index)")
                aggregates.append("coalesce(json_agg(p.j\(index))\(kept), '[]'::json) AS j\(index)")
                pairs.append((part.key, "a.j\(index)"))
            case .pageInfo(let parts):
                pageInfos.append((pairs.count, parts))
                pairs.append((part.key, ""))
            case .totalCount: pairs.append((part.key, totalCount(read, parent: parent)))
            }
        }
        if needs.cursors {
            columns.append("\(cursor(read, table)) AS c")
            aggregates.append("array_agg(p.c)\(kept) AS c")
        }
        if needs.extraRow {
            columns.append("row_number() OVER (ORDER BY \(pageOrder(read, table))) AS i")
            aggregates.append("count(*) > \(size) AS more")
        }
        for info in pageInfos {
            pairs[info.index].expression = pageInfo(info.parts, read, parent: parent)
        }
        let object = ObjectSQL(pairs)
        let order = needs.extraRow ? (read.page.isBackward ? " ORDER BY i DESC" : " ORDER BY i") : ""
        let source = page(read, table, parent: parent, extra: needs.extraRow, displayOrder: !needs.extraRow)
        let numbered =
            needs.extraRow && !read.page.isBackward
            ? "(SELECT * FROM \(source)) \(table)" : source
        return object.single(
            from: "(SELECT \(aggregates.joined(separator: ", ")) FROM "
                + "(SELECT \(columns.joined(separator: ", ")) FROM \(numbered)\(order)) p) a")
    }

    /// What the selected parts demand of the page.
    private struct Needs {
        var cursors = false
        var extraRow = false
        private var lists = 0

        /// Nothing but one list, or none, is made of the page.
        var isOneList: Bool { !cursors && !extraRow && lists <= 1 }

        init(_ read: ConnectionRead) {
            let forward: PageInfoPart = read.page.isBackward ? .hasPreviousPage : .hasNextPage
            for part in read.parts {
                switch part.value {
                case .nodes, .edges: lists += 1
                case .pageInfo(let infos):
                    for info in infos {
                        if info.part == .startCursor || info.part == .endCursor { cursors = true }
                        if info.part == forward { extraRow = true }
                    }
                case .typename, .totalCount: break
                }
            }
        }
    }

    private mutating func edge(
        _ parts: [(key: String, part: EdgePart)], _ read: ConnectionRead, _ table: String
    ) -> ObjectSQL {
        ObjectSQL(
            parts.map { part in
                switch part.part {
                case .typename(let name): (part.key, SQLWriter.text(name))
                case .cursor: (part.key, cursor(read, table))
                case .node(let object): (part.key, self.object(object, table).inPlace)
                }
            })
    }

    // MARK: PageInfo

    /// By the Relay specification: in the direction of the page, whether the extra row came; in the other, where a cursor
    /// was given, whether there is a row at or beyond it, which is one probe of the index.
    private mutating func pageInfo(
        _ parts: [(key: String, part: PageInfoPart)], _ read: ConnectionRead, parent: String?
    ) -> String {
        ObjectSQL(
            parts.map { part in
                let expression: String =
                    switch part.part {
                    case .typename(let name): SQLWriter.text(name)
                    case .startCursor: "a.c[1]"
                    case .endCursor: "a.c[cardinality(a.c)]"
                    case .hasNextPage:
                        if read.page.isBackward {
                            read.page.hasBefore ? beyond("before", read, parent: parent) : "false"
                        } else if read.page.isImplicit && read.page.hasBefore {
                            "a.more OR \(beyond("before", read, parent: parent))"
                        } else {
                            "a.more"
                        }
                    case .hasPreviousPage:
                        if read.page.isBackward {
                            "a.more"
                        } else {
                            read.page.hasAfter ? beyond("after", read, parent: parent) : "false"
                        }
                    }
                return (part.key, expression)
            }
        ).inPlace
    }

    private mutating func beyond(_ argument: String, _ read: ConnectionRead, parent: String?) -> String {
        let table = writer.alias()
        let isAfter = argument == "after"
        let comparison = (read.order.direction == .ascending) == isAfter ? "<=" : ">="
        let conditions =
            rowConditions(read, table, parent: parent) + [keyset(read, table, argument, comparison)]
        return "EXISTS (SELECT FROM \(from(read.table, table, conditions)))"
    }

    private mutating func totalCount(_ read: ConnectionRead, parent: String?) -> String {
        let table = writer.alias()
        return
            "(SELECT \(narrowed("count(*)")) FROM \(from(read.table, table, rowConditions(read, table, parent: parent))))"
    }

    // MARK: Conditions

    /// What belongs to the connection, whatever the page.
    private mutating func rowConditions(_ read: ConnectionRead, _ table: String, parent: String?) -> [String] {
        tenantCondition(read.table, table) + keyCondition(read.key, table, parent)
            + read.conditions.map { predicate($0, table) }
    }

    private mutating func cursorConditions(_ read: ConnectionRead, _ table: String) -> [String] {
        let ascending = read.order.direction == .ascending
        var conditions: [String] = []
        if read.page.hasAfter { conditions.append(keyset(read, table, "after", ascending ? ">" : "<")) }
        if read.page.hasBefore { conditions.append(keyset(read, table, "before", ascending ? "<" : ">")) }
        return conditions
    }

    private mutating func keyset(
        _ read: ConnectionRead, _ table: String, _ argument: String, _ comparison: String
    ) -> String {
        let id = writer.bind(.cursorID(set: read.page.argumentSet, argument: argument, read.cursor))
        guard let kind = read.cursor.kind else { return "\(table).id \(comparison) \(id)::uuid" }
        let key = writer.bind(.cursorKey(set: read.page.argumentSet, argument: argument, read.cursor))
        return "(\(table).\(read.order.column), \(table).id) \(comparison) (\(key)::\(kind.sqlType), \(id)::uuid)"
    }

    private func pageOrder(_ read: ConnectionRead, _ table: String) -> String {
        let direction = read.page.isBackward ? read.order.direction.reversed : read.order.direction
        return Self.orderBy(OrderBinding(column: read.order.column, direction: direction), table)
    }

    /// Base64url of mark, key and id. The key is PostgreSQL's own text of it, so no microsecond is lost.
    private mutating func cursor(_ read: ConnectionRead, _ table: String) -> String {
        let mark = writer.bind(.cursorMark(read.cursor))
        let key = read.cursor.kind == nil ? "" : "\(table).\(read.order.column)::text || '~' || "
        let text = "\(mark)::text || \(key)\(table).id::text"
        return "translate(encode(convert_to(\(text), 'UTF8'), 'base64'), E'+/=\\n', '-_')"
    }
}
