/// What went wrong between us and PostgreSQL. `description` may reach a caller and says little; `logDetail` is for
/// the log, and never holds a value: PostgreSQL's DETAIL and CONTEXT, which quote rows and parameters, are not kept.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The server refused, with this five-character SQLSTATE.
        case server(sqlState: String)
        /// The connection died before the answer was complete. Whether a COMMIT took effect is then unknown.
        case connectionLost
        /// No connection could be made.
        case cannotConnect
        /// No connection became free in time, or too many callers wait already.
        case poolExhausted
        /// The task was cancelled; the server was told to stop.
        case cancelled
        /// The statement ran into its time limit, and the server stopped it.
        case timedOut
        /// The answer does not fit what was asked: a missing or malformed column, COPY, a NUL in a statement.
        case protocolViolation
        /// The pool, connection or transaction was closed before this call.
        case closed
    }

    package let code: Code
    /// For logs: no values, no secrets.
    package let logDetail: String
    /// Names that the server gave for a constraint violation and some others.
    package let constraint: String?
    package let table: String?
    package let column: String?

    package init(
        _ code: Code, _ logDetail: String, constraint: String? = nil, table: String? = nil, column: String? = nil
    ) {
        self.code = code
        self.logDetail = logDetail
        self.constraint = constraint
        self.table = table
        self.column = column
    }

    /// The SQLSTATE, when the server gave one.
    package var sqlState: String? {
        if case .server(let sqlState) = code { sqlState } else { nil }
    }

    /// The server refused a statement, or stopped it: nothing of its transaction has happened.
    package var isRefusal: Bool { sqlState != nil || code == .timedOut }

    package var isUniqueViolation: Bool { sqlState == "23505" }
    package var isForeignKeyViolation: Bool { sqlState == "23503" }
    /// 40001 or 40P01: the whole transaction may be tried again.
    package var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }

    package var description: String {
        switch code {
        case .server(let sqlState): "The database refused a statement (SQLSTATE \(sqlState))."
        case .connectionLost: "The connection to the database was lost."
        case .cannotConnect: "The database cannot be reached."
        case .poolExhausted: "The database is busy: \(logDetail)"
        case .cancelled: "The statement was cancelled."
        case .timedOut: "The statement took longer than it may."
        case .protocolViolation: "The database gave an unexpected answer."
        case .closed: "The database connection is closed."
        }
    }
}
