import GraphQL
import Postgres

/// The response to a query whose every value one statement gives: all of its bytes but those values.
struct ResponseEnvelope: Sendable {
    /// One more than there are values: each stands between two of them.
    private var pieces: [[UInt8]] = []
    /// Of the statement, in the order of the response.
    private var columns: [Int] = []

    /// - Parameter columns: for each root, its column in the statement.
    init?(_ plan: OperationPlan, _ columns: [Int?]) {
        guard plan.operationType == .query else { return nil }
        var text = Array("{\"data\":{".utf8)
        for (root, column) in zip(plan.roots, columns) {
            JSONValue.write(root.key, to: &text)
            text.append(UInt8(ascii: ":"))
            switch (root.source, column) {
            case (.table, let column?):
                pieces.append(text)
                self.columns.append(column)
                text = []
            case (.typename(let name), _): text.append(contentsOf: "\"\(name)\"".utf8)
            default: return nil
            }
            text.append(UInt8(ascii: ","))
        }
        guard !self.columns.isEmpty else { return nil }
        text.removeLast()
        pieces.append(text + Array("}}".utf8))
    }

    /// The response around the values of `result`; `nil` where one of them is null, or not there.
    func response(_ result: PostgresResult) -> EngineResponse? {
        guard result.count == 1 else { return nil }
        var segments: [EngineResponse.Segment] = []
        segments.reserveCapacity(pieces.count + columns.count)
        for (piece, column) in zip(pieces, columns) {
            guard column < result.columnCount, result.withBytes(row: 0, column: column, { $0 != nil }) else {
                return nil
            }
            segments.append(.bytes(piece))
            segments.append(.value(result, row: 0, column: column))
        }
        segments.append(.bytes(pieces[columns.count]))
        return EngineResponse(
            failure: nil, errors: [], operationType: .query, isCached: true, segments: segments)
    }
}
