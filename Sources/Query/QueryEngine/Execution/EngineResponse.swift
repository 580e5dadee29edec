package import GraphQL
import Postgres

/// The JSON of a response, in pieces: what PostgreSQL built stays where libpq put it until it is written out.
///
/// PostgreSQL puts line feeds between the rows of an array, so the JSON may span lines: one who frames it by lines, as
/// Server-Sent Events do, begins each line anew.
package struct EngineResponse: Sendable {
    /// Why nothing was executed. The edge makes the HTTP status of it.
    package enum Failure: Sendable, Hashable {
        /// The document does not parse or validate, exceeds a limit, its operation cannot be determined, variables or
        /// arguments do not fit: everything that is known before execution.
        case request
        /// The caller's role may not ask this. Code `FORBIDDEN`.
        case forbidden
        /// The caller has not signed in, and what was asked is not for everybody. Code `UNAUTHENTICATED`.
        case unauthenticated
        /// A mutation where `allowsMutation` was false.
        case mutationNotAllowed
        /// A subscription given to `execute`, or something else given to `subscribe`.
        case wrongOperationType
    }

    enum Segment: Sendable {
        case bytes([UInt8])
        /// A value as PostgreSQL printed it.
        case value(PostgresResult, row: Int, column: Int)
    }

    /// `nil` when the operation was executed, also when fields of it failed.
    package let failure: Failure?
    /// The errors inside the response.
    package let errors: [GraphQLError]
    /// What was asked, once it was known.
    package let operationType: OperationType?
    /// Whether the plan came from the cache.
    package let isCached: Bool
    let segments: [Segment]
    /// The JSON instead of `bytes`, where it is handed out as it comes from the database.
    package var export: Export?

    /// The length of the JSON in bytes.
    package var byteCount: Int {
        segments.reduce(0) { sum, segment in sum + segment.byteCount }
    }

    /// Hands out the JSON piece by piece, in order, without copying.
    package func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for segment in segments { try segment.withBytes(body) }
    }

    /// The whole JSON, copied once.
    package var bytes: [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(byteCount)
        forEachPiece { all.append(contentsOf: $0) }
        return all
    }
}

extension EngineResponse.Segment {
    func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        switch self {
        case .bytes(let bytes): try bytes.withUnsafeBytes(body)
        case .value(let result, let row, let column):
            try result.withBytes(row: row, column: column) { bytes in
                if let bytes { try body(bytes) }
            }
        }
    }

    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .value(let result, let row, let column): result.withBytes(row: row, column: column) { $0?.count ?? 0 }
        }
    }
}
