package import Postgres

/// The columns of the bound tables, as the database has them.
package struct DatabaseColumns: Sendable {
    package struct Column: Sendable, Hashable {
        /// As `format_type` says: `timestamp with time zone`.
        package let type: String
        package let isNotNull: Bool
        /// Of a view, of whose columns PostgreSQL does not know whether they can be null.
        package let isView: Bool
        /// The scopes whose role may read it.
        package let readable: Set<Scope>

        package init(type: String, isNotNull: Bool, isView: Bool, readable: Set<Scope>) {
            self.type = type
            self.isNotNull = isNotNull
            self.isView = isView
            self.readable = readable
        }
    }

    /// By table, then column.
    package let tables: [String: [String: Column]]

    package init(tables: [String: [String: Column]]) {
        self.tables = tables
    }

    private static let statement = Statement(
        """
        SELECT c.relname, a.attname, format_type(a.atttypid, NULL), a.attnotnull, c.relkind IN ('v', 'm'),
               has_column_privilege('switchboard_tenant', c.oid, a.attnum, 'SELECT'),
               has_column_privilege('switchboard_platform', c.oid, a.attnum, 'SELECT')
        FROM unnest($1::text[]) AS bound(name)
        JOIN pg_catalog.pg_class c ON c.oid = to_regclass(bound.name)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        """)

    /// Asks the database, once.
    package static func read(of tables: Set<String>, from database: Database) async throws -> DatabaseColumns {
        let result = try await database.query(as: .tenant, statement, [.texts(tables.sorted())])
        var columns: [String: [String: Column]] = [:]
        for row in result.rows {
            var readable: Set<Scope> = []
            if try row.requireBool(5) { readable.insert(.tenant) }
            if try row.requireBool(6) { readable.insert(.platform) }
            columns[try row.requireString(0), default: [:]][try row.requireString(1)] = Column(
                type: try row.requireString(2), isNotNull: try row.requireBool(3), isView: try row.requireBool(4),
                readable: readable)
        }
        return DatabaseColumns(tables: columns)
    }
}
