import GraphQL
import OrderedCollections

/// A validated operation, resolved for one role, one combination of `@skip`/`@include` and one set of optional inputs: what
/// to read, and what else to ask, as plain data.
struct OperationPlan: Sendable {
    let operationType: OperationType
    /// In the order of the response.
    let roots: [RootPlan]
    let argumentSets: [ArgumentSet]
    /// Every cursor that was given, also where nothing of its page is asked for.
    let cursors: [Parameter]
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
    /// A page above the maximum: its rows are handed on one by one.
    case export(ConnectionRead)
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
    case aggregate(AggregateRead)
    /// At most one of these finds a row: an ID names its type.
    case rows([RowRead])
}

/// One row, and the object made of it.
struct RowRead: Sendable {
    let object: RowObject
    let conditions: [Predicate]
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
    case aggregate(AggregateRead)
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
    let conditions: [Predicate]
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
    /// Larger than a page may be.
    let isExport: Bool
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

/// Numbers over rows: one object for each group, in the order of the groups, or a single object over all rows.
struct AggregateRead: Sendable {
    let coordinate: String
    let key: String?
    let table: TableBinding
    let conditions: [Predicate]
    /// In this order; without any, all rows are one group.
    let groups: [Group]
    let isList: Bool
    let members: [(key: String, value: AggregateValue)]

    enum Group: Sendable {
        case column(String)
        /// The start of the bucket that the instant falls into, on the calendar of a time zone.
        case bucket(column: String, TimeUnit, timeZone: Parameter)
    }
}

enum AggregateValue: Sendable {
    case typename(String)
    case measure(MeasureBinding)
    /// By the group's place in `groups`.
    case group(Int, ColumnForm)
    /// Not grouped by it.
    case ungrouped
}

/// What a row must fulfil. A comparison with a column that is null does not hold; `not` is its opposite, so that every row
/// fulfils either a predicate or its opposite.
indirect enum Predicate: Sendable {
    case condition(Condition)
    /// Of none: every row.
    case all([Predicate])
    /// Of none: no row.
    case any([Predicate])
    case not(Predicate)
}

/// A comparison of a column with a value.
struct Condition: Sendable {
    let column: String
    let comparison: WhereBinding.Comparison
    let parameter: Parameter
}

/// The arguments of one field. Constant where no variable stands in them.
///
/// A class, as each request of the plan holds all of them.
final class ArgumentSet: Sendable {
    let coordinate: String
    let arguments: [Argument]
    let definitions: OrderedDictionary<String, InputValueDefinition>
    let location: SourceLocation
    /// Already coerced, when the same for every request.
    let constant: OrderedDictionary<String, JSONValue>?
    /// Whether they say how large a page is.
    let isOfPage: Bool

    init(
        coordinate: String, arguments: [Argument], definitions: OrderedDictionary<String, InputValueDefinition>,
        location: SourceLocation, constant: OrderedDictionary<String, JSONValue>?
    ) {
        self.coordinate = coordinate
        self.arguments = arguments
        self.definitions = definitions
        self.location = location
        self.constant = constant
        isOfPage = definitions["first"] != nil
    }
}
