import CLibPQ

extension PostgresError {
    /// The error that a result carries.
    /// - Parameter isOurScript: whether what is raised in it is raised by a migration, and worth reading.
    init(result: OpaquePointer, isOurScript: Bool = false) {
        func field(_ code: Int32) -> String? {
            guard let text = unsafe PQresultErrorField(result, code) else { return nil }
            return unsafe String(cString: text)
        }
        let sqlState = field(DiagnosticField.sqlState) ?? ""
        let message = field(DiagnosticField.primaryMessage) ?? ""
        let severity = field(DiagnosticField.severity) ?? ""
        let constraint = field(DiagnosticField.constraint)
        let code: Code
        if sqlState.isEmpty || severity == "FATAL" || severity == "PANIC" {
            // libpq's own, or the server's last words before it hangs up.
            code = .connectionLost
        } else if sqlState == "57014" && !message.contains("user request") {
            code = .timedOut
        } else {
            code = .server(sqlState: sqlState)
        }
        var detail = sqlState.isEmpty ? "" : "SQLSTATE \(sqlState)"
        if Self.mayQuoteValues(sqlState) && !(isOurScript && sqlState.hasPrefix("P0")) {
            detail += field(DiagnosticField.sourceFunction).map { " in \($0)" } ?? ""
        } else {
            detail += detail.isEmpty ? message : ": \(message)"
        }
        if let constraint { detail += " (constraint \(constraint))" }
        self.init(
            code, detail, constraint: constraint, table: field(DiagnosticField.table),
            column: field(DiagnosticField.column))
    }

    /// Data exceptions quote what they could not read (`invalid input syntax for type uuid: "…"`), and functions
    /// raise what they like. Of those classes only the SQLSTATE is kept (PostgreSQL 15, appendix A).
    private static func mayQuoteValues(_ sqlState: String) -> Bool {
        ["21", "22", "44", "P0", "HV"].contains(String(sqlState.prefix(2)))
    }

    /// A prepared plan that a migration made invalid.
    var isStalePlan: Bool { sqlState == "0A000" }

    /// A prepared statement that the server does not have.
    var isMissingStatement: Bool { sqlState == "26000" }
}

/// The field codes of an error (`postgres_ext.h`); C has them as characters, which Swift does not import.
enum DiagnosticField {
    static let severity = Int32(UInt8(ascii: "V"))
    static let sqlState = Int32(UInt8(ascii: "C"))
    static let primaryMessage = Int32(UInt8(ascii: "M"))
    static let statementPosition = Int32(UInt8(ascii: "P"))
    static let table = Int32(UInt8(ascii: "t"))
    static let column = Int32(UInt8(ascii: "c"))
    static let constraint = Int32(UInt8(ascii: "n"))
    static let sourceFunction = Int32(UInt8(ascii: "R"))
}
