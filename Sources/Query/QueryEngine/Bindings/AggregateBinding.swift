/// `@aggregate`: which rows are counted and added up, and what tells them into groups.
package struct AggregateBinding: Sendable, Hashable {
    /// Named by the aggregate's own type; it has no IDs, so its prefix is empty.
    package let table: TableBinding
    /// The column that holds the parent's id; `nil` at the root.
    package let key: String?
    /// The instant whose bucket a row falls into; `nil` where rows are not told apart by time.
    package let bucket: String?
}

/// `@measure`: a number over the rows of one group.
package struct MeasureBinding: Sendable, Hashable {
    package enum Function: String, Sendable, Hashable {
        /// Of rows.
        case count = "COUNT"
        /// 0 over no row.
        case sum = "SUM"
        /// Null over no row.
        case min = "MIN"
        case max = "MAX"
    }

    package let function: Function
    /// `nil` for `count`.
    package let column: String?
    /// Only rows whose column of this name has one of these values.
    package let only: Selection?
    package let form: ColumnForm

    package struct Selection: Sendable, Hashable {
        package let column: String
        package let values: [String]
    }
}

/// `@bucket`: a length of time on the calendar, as `date_trunc` names it.
package enum TimeUnit: String, Sendable, Hashable, CaseIterable {
    case hour = "HOUR"
    case day = "DAY"
    case week = "WEEK"
    case month = "MONTH"
    case quarter = "QUARTER"
    case year = "YEAR"

    var sqlName: String { rawValue.lowercased() }
}
