package import Foundation

/// Names a column of a row: its position, or its name.
package protocol ColumnReference: Sendable {
    func index(in result: PostgresResult) -> Int?
}

extension Int: ColumnReference {
    package func index(in result: PostgresResult) -> Int? {
        self >= 0 && self < result.columnCount ? self : nil
    }
}

extension String: ColumnReference {
    package func index(in result: PostgresResult) -> Int? {
        result.column(named: self)
    }
}

/// One row. The plain accessors answer `nil` for NULL, for a column that is not there, and for a value that does
/// not read as the type; the `require…` ones throw `.protocolViolation` with the column's name instead.
package struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int

    package subscript(_ column: some ColumnReference) -> String? { string(column) }

    package func isNull(_ column: some ColumnReference) -> Bool {
        unsafe withBytes(column) { bytes in unsafe bytes == nil }
    }

    package func string(_ column: some ColumnReference) -> String? {
        unsafe withBytes(column) { bytes in unsafe bytes.map { unsafe String(decoding: $0, as: UTF8.self) } }
    }

    package func int(_ column: some ColumnReference) -> Int? {
        string(column).flatMap { Int($0) }
    }

    package func bool(_ column: some ColumnReference) -> Bool? {
        unsafe withBytes(column) { bytes in
            guard let bytes = unsafe bytes, bytes.count == 1 else { return nil }
            return switch unsafe bytes[0] {
            case UInt8(ascii: "t"): true
            case UInt8(ascii: "f"): false
            default: nil
            }
        }
    }

    package func uuid(_ column: some ColumnReference) -> UUID? {
        unsafe withBytes(column) { bytes in unsafe bytes.flatMap { unsafe UUIDText.decode($0) } }
    }

    /// The decoded bytes of a `bytea`.
    package func bytes(_ column: some ColumnReference) -> [UInt8]? {
        unsafe withBytes(column) { bytes in unsafe bytes.flatMap { unsafe ByteaText.decode($0) } }
    }

    /// A `timestamptz`, to the microsecond; `nil` for `infinity` and for years before Christ.
    package func timestamp(_ column: some ColumnReference) -> Date? {
        unsafe withBytes(column) { bytes in unsafe bytes.flatMap { unsafe TimestampText.decode(Array($0)) } }
    }

    package func requireString(_ column: some ColumnReference) throws(PostgresError) -> String {
        try require(string(column), column, "text")
    }

    package func requireInt(_ column: some ColumnReference) throws(PostgresError) -> Int {
        try require(int(column), column, "integer")
    }

    package func requireBool(_ column: some ColumnReference) throws(PostgresError) -> Bool {
        try require(bool(column), column, "boolean")
    }

    package func requireUUID(_ column: some ColumnReference) throws(PostgresError) -> UUID {
        try require(uuid(column), column, "uuid")
    }

    package func requireBytes(_ column: some ColumnReference) throws(PostgresError) -> [UInt8] {
        try require(bytes(column), column, "bytea")
    }

    package func requireTimestamp(_ column: some ColumnReference) throws(PostgresError) -> Date {
        try require(timestamp(column), column, "timestamptz")
    }

    private func require<Value>(
        _ value: Value?, _ column: some ColumnReference, _ type: String
    ) throws(PostgresError) -> Value {
        if let value { return value }
        throw PostgresError(.protocolViolation, "column \(column) of a result is missing, NULL or no \(type)")
    }

    private func withBytes<R>(_ column: some ColumnReference, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        guard let column = column.index(in: result) else { return body(nil) }
        return unsafe result.withBytes(row: index, column: column, body)
    }
}
