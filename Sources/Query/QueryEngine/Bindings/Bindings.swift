/// Where rows come from: as whom a statement runs, and whether in a tenant's scope.
package enum Scope: String, Sendable, Hashable {
    /// As `switchboard_tenant`, with the tenant set and `$1` the organization.
    case tenant = "TENANT"
    /// As `switchboard_platform`, without a tenant.
    case platform = "PLATFORM"
}

package enum Direction: String, Sendable, Hashable {
    case ascending = "ASC"
    case descending = "DESC"

    var reversed: Direction { self == .ascending ? .descending : .ascending }
}

/// `@table`: the rows that answer an object type.
package struct TableBinding: Sendable, Hashable {
    package let typeName: String
    package let name: String
    /// Of opaque IDs, before the underscore.
    package let prefix: String
    package let scope: Scope
    /// The column that holds the organization; of no meaning under the platform's scope.
    package let tenantColumn: String
}

/// How SQL turns a column into the field's JSON.
package enum ColumnForm: Sendable, Hashable {
    /// As `row_to_json` prints it.
    case plain
    /// A uuid as an opaque ID.
    case id(prefix: String)
    /// A whole number that must fit GraphQL's 32 bits; PostgreSQL refuses with 22003 where it does not, and then
    /// `WholeNumbers` finds out which.
    case int
}

/// What answers a field.
package enum FieldBinding: Sendable, Hashable {
    case column(name: String, form: ColumnForm)
    case money(micros: String, currency: String)
    case embedded
    case one(key: String)
    case many(ManyBinding)
    /// At the root: a row by the opaque ID in this argument.
    case byID(argument: String)
    /// At the root: the tenant's one row.
    case tenant
    case namespace(Scope)
    case resolver(name: String)
    case command(name: String)
    case feed(kind: String)
    /// Numbers over the rows of a table, for each group of them.
    case aggregate(AggregateBinding)
    /// In an aggregate: one of its numbers.
    case measure(MeasureBinding)
    /// In an aggregate: what the rows of the group have in common.
    case group(column: String, form: ColumnForm)
}

package struct ManyBinding: Sendable, Hashable {
    /// The column that holds the parent's id; `nil` at the root.
    package let key: String?
    package let orderBy: String
    package let direction: Direction
}

package struct OrderBinding: Sendable, Hashable {
    package let column: String
    package let direction: Direction
}

/// How a value from outside becomes a value for PostgreSQL.
package enum ValueKind: Sendable, Hashable {
    case text
    case int
    case bool
    /// RFC 3339 to `timestamptz`.
    case timestamp
    /// An opaque ID to `uuid`; with another prefix, or malformed, it becomes null, which equals nothing.
    case id(prefix: String)

    /// For people.
    var name: String {
        if case .id(let prefix) = self { "\(prefix)_… to uuid" } else { sqlType }
    }

    /// The type of `$n`.
    var sqlType: String {
        switch self {
        case .text: "text"
        case .int: "int8"
        case .bool: "bool"
        case .timestamp: "timestamptz"
        case .id: "uuid"
        }
    }
}

/// `@where`: the condition that an input field sets.
package struct WhereBinding: Sendable, Hashable {
    package enum Comparison: String, Sendable, Hashable {
        case equals = "EQUALS"
        case isIn = "IN"
        case greaterOrEqual = "GREATER_OR_EQUAL"
        case less = "LESS"
        case contains = "CONTAINS"
        case startsWith = "STARTS_WITH"
        /// The column is an array with this element.
        case has = "HAS"
    }

    package let inputField: String
    package let column: String
    package let comparison: Comparison
    package let kind: ValueKind
}

/// What a field of a filter stands for.
package enum FilterField: Sendable, Hashable {
    case condition(WhereBinding)
    /// `@combine`: filters of the same type inside this one.
    case combination(inputField: String, Combination)

    package enum Combination: String, Sendable, Hashable {
        case all = "AND"
        case any = "OR"
        case not = "NOT"
    }
}

/// A Relay connection type: what its parts are called is fixed, which node it holds is not.
package struct ConnectionType: Sendable, Hashable {
    package let name: String
    package let edgeType: String
    package let nodeType: String
}

/// All that is wrong with the bindings, each a sentence that names type and field.
package struct BindingErrors: Error, Sendable, CustomStringConvertible {
    /// At least one.
    package let errors: [String]

    package var description: String { errors.joined(separator: "\n") }
}
