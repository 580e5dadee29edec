import CLibPQ
import Glibc

/// What one statement answered. Values are kept as the server's text, undecoded.
///
/// `@unchecked Sendable`: libpq never changes a `PGresult` after `PQgetResult` handed it out, reading it takes no
/// lock, and it does not refer to its connection.
@safe package final class PostgresResult: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Takes ownership of a result.
    init(taking pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQclear(pointer)
    }

    /// What it occupies in memory, in bytes.
    package var memorySize: Int { unsafe PQresultMemorySize(pointer) }

    /// Rows.
    package var count: Int { unsafe Int(PQntuples(pointer)) }

    package var columnCount: Int { unsafe Int(PQnfields(pointer)) }

    package var columnNames: [String] {
        (0..<columnCount).map { column in
            guard let name = unsafe PQfname(pointer, Int32(column)) else { return "" }
            return unsafe String(cString: name)
        }
    }

    /// The rows that INSERT, UPDATE, DELETE, MERGE or SELECT touched; 0 for what touches none.
    package var affectedRows: Int {
        guard let text = unsafe PQcmdTuples(pointer) else { return 0 }
        return unsafe Int(String(cString: text)) ?? 0
    }

    /// The command tag, such as `COMMIT` or `INSERT 0 1`.
    package var commandTag: String {
        guard let text = unsafe PQcmdStatus(pointer) else { return "" }
        return unsafe String(cString: text)
    }

    package subscript(row: Int) -> PostgresRow {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        return PostgresRow(result: self, index: row)
    }

    package var rows: PostgresRows { PostgresRows(result: self) }

    /// The value as the server printed it, without a copy; `nil` for NULL. The bytes live as long as the result.
    package func withBytes<R>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        precondition(row >= 0 && row < count && column >= 0 && column < columnCount, "no such value")
        guard unsafe PQgetisnull(pointer, Int32(row), Int32(column)) == 0,
            let start = unsafe PQgetvalue(pointer, Int32(row), Int32(column))
        else { return try body(nil) }
        let length = Int(unsafe PQgetlength(pointer, Int32(row), Int32(column)))
        return try unsafe body(UnsafeRawBufferPointer(start: start, count: length))
    }

    /// The first column of that (exact) name.
    package func column(named name: String) -> Int? {
        var name = name
        return name.withUTF8 { name in
            (0..<columnCount).first { column in
                guard let text = unsafe PQfname(pointer, Int32(column)) else { return false }
                guard unsafe strlen(text) == name.count else { return false }
                return unsafe name.baseAddress.map { unsafe memcmp(text, $0, name.count) == 0 } ?? true
            }
        }
    }
}

/// The rows of a result, in the server's order.
package struct PostgresRows: RandomAccessCollection, Sendable {
    let result: PostgresResult
    package var startIndex: Int { 0 }
    package var endIndex: Int { result.count }
    package subscript(position: Int) -> PostgresRow { result[position] }
}
