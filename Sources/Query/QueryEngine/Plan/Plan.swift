import GraphQL
import OrderedCollections

/// A validated operation, resolved for one role, one combination of `@skip`/`@include` and one set of optional inputs: what
/// to read, and what else to ask, as plain data.
struct OperationPlan: Sendable {
    let operationType: OperationType
    /// In the order of the response.
    let roots: [RootPlan]
    let argumentSets: [ArgumentSet]
    let cost: Cost
}

struct RootPlan: Sendable {
    let key: String
    let fieldName: String
    let type: TypeReference
    let location: SourceLocation
    let source: RootSource
}

enum RootSource: Sendable {
    case typename(String)
    /// From tables, in the tenant's scope.
    case table(TableRead)
    /// From tables, in the platform's scope.
    case namespace([Member])
    case resolver(name: String, arguments: Int, [Field])
    /// `__schema` and `__type`, given to the language module as they stand.
    case introspection([Field])
    case command(CommandPlan)
    case feed(kind: String, RowRead)
}

struct CommandPlan: Sendable {
    let name: String
    let arguments: Int
    let payloadType: String
    /// In the order of the response.
    let members: [PayloadMember]
}

struct PayloadMember: Sendable {
    let key: String
    let fieldName: String
    let type: TypeReference
    let source: PayloadSource
}

enum PayloadSource: Sendable {
    case typename(String)
    /// A row by the id that the command gives.
    case row(RowRead)
    /// A value that the command gives.
    case value([Field])
    case userErrors([Field])
}

/// A root field that tables answer.
enum TableRead: Sendable {
    case connection(ConnectionRead)
    case list(ListRead)
    /// At most one of these finds a row: an ID names its type.
    case rows([RowRead])
}

/// One row, and the object made of it.
struct RowRead: Sendable {
    let object: RowObject
    let conditions: [Condition]
}

/// An object made of one row of a table.
struct RowObject: Sendable {
    let table: TableBinding
    let members: [Member]
}

/// A response key and its value.
struct Member: Sendable {
    let key: String
    let value: MemberValue
}

indirect enum MemberValue: Sendable {
    case typename(String)
    case column(String, ColumnForm)
    case money(micros: String, currency: String, [(key: String, part: MoneyPart)])
    case embedded([Member])
    case one(key: String, RowObject)
    case connection(ConnectionRead)
    case list(ListRead)
}

enum MoneyPart: Sendable, Hashable {
    case amount, currency
    case typename(String)
}

/// A plain list: all rows, in order.
struct ListRead: Sendable {
    let coordinate: String
    /// The column that holds the parent's id; `nil` at the root.
    let key: String?
    let order: OrderBinding
    let object: RowObject
}

/// A Relay connection: one page of rows.
struct ConnectionRead: Sendable {
    let coordinate: String
    let key: String?
    let table: TableBinding
    let order: OrderBinding
    let cursor: CursorOrder
    let page: Page
    let conditions: [Condition]
    let parts: [ConnectionPart]
}

struct Page: Sendable {
    let argumentSet: Int
    let size: PageSize
    /// From the end, by `last`.
    let isBackward: Bool
    /// Neither `first` nor `last` was given.
    let isImplicit: Bool
    let hasAfter: Bool
    let hasBefore: Bool
}

struct ConnectionPart: Sendable {
    let key: String
    let value: ConnectionPartValue
}

enum ConnectionPartValue: Sendable {
    case typename(String)
    case nodes(RowObject)
    case edges([(key: String, part: EdgePart)])
    case pageInfo([(key: String, part: PageInfoPart)])
    case totalCount
}

enum EdgePart: Sendable {
    case typename(String)
    case cursor
    case node(RowObject)
}

enum PageInfoPart: Sendable, Hashable {
    case typename(String)
    case hasNextPage, hasPreviousPage, startCursor, endCursor
}

/// A condition on a row.
struct Condition: Sendable {
    let column: String
    let comparison: WhereBinding.Comparison
    let parameter: Parameter
}

/// The arguments of one field. Constant where no variable stands in them.
struct ArgumentSet: Sendable {
    let coordinate: String
    let arguments: [Argument]
    let definitions: OrderedDictionary<String, InputValueDefinition>
    let location: SourceLocation
    /// Already coerced, when the same for every request.
    let constant: OrderedDictionary<String, JSONValue>?
}
