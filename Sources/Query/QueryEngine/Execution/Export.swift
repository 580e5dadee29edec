import GraphQL
import Postgres

/// What stands around the rows of an export in the response.
struct ExportEnvelope: Sendable {
    let before: [UInt8]
    let after: [UInt8]

    init(key: String, _ read: ConnectionRead) {
        var text = Array("{\"data\":{".utf8)
        JSONValue.write(key, to: &text)
        text += Array(":{".utf8)
        var before: [UInt8]?
        for (index, part) in read.parts.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            JSONValue.write(part.key, to: &text)
            text.append(UInt8(ascii: ":"))
            if case .typename(let name) = part.value {
                JSONValue.write(name, to: &text)
            } else {
                text.append(UInt8(ascii: "["))
                before = text
                text = [UInt8(ascii: "]")]
            }
        }
        self.before = before ?? []
        after = text + Array("}}}".utf8)
    }
}

/// A response of any size: its JSON comes in pieces, as fast as they are taken, and only a few rows are in memory.
///
/// When a piece cannot be had, the iteration throws, and what was handed out so far is no response: whoever wrote it to
/// somebody must break off so that it cannot be taken for a whole one.
package struct Export: AsyncSequence, Sendable {
    package typealias Element = ExportPiece

    let rows: RowStream
    let around: ExportEnvelope
    let report: ErrorReport
    let requestID: String

    /// The rest is not wanted: the statement is stopped.
    package func cancel() {
        rows.cancel()
    }

    /// The most bytes of rows that have waited to be taken at any time.
    package var mostBuffered: Int {
        get async { await rows.mostBuffered }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(export: self) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private enum State {
            case beginning, inside, over
        }

        private let export: Export
        private var state = State.beginning

        init(export: Export) {
            self.export = export
        }

        package mutating func next() async throws(ExportBroken) -> ExportPiece? {
            guard state != .over else { return nil }
            var segments: [EngineResponse.Segment] = []
            if state == .beginning { segments.append(.bytes(export.around.before)) }
            do throws(PostgresError) {
                if let rows = try await export.rows.next() {
                    for row in rows {
                        if state == .inside { segments.append(.bytes(Export.comma)) }
                        segments.append(.value(row, row: 0, column: 0))
                        state = .inside
                    }
                } else {
                    segments.append(.bytes(export.around.after))
                    state = .over
                }
            } catch {
                state = .over
                _ = export.report.graphQLError(error, path: nil, location: nil, requestID: export.requestID)
                throw ExportBroken()
            }
            return ExportPiece(segments: segments)
        }
    }

    private static let comma: [UInt8] = Array(",\n".utf8)
}

/// A part of an export's JSON.
package struct ExportPiece: Sendable {
    let segments: [EngineResponse.Segment]

    package var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }

    /// Hands it out, in order, without copying.
    package func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for segment in segments { try segment.withBytes(body) }
    }
}

/// An export could not be brought to its end; the log says why.
package struct ExportBroken: Error {}

/// An export: begins to read, so that what fails at once is an error in the response like any other.
struct ExportExecution: Sendable {
    let engine: Engine
    let prepared: Preparation.Prepared
    let caller: Caller

    nonisolated(nonsending) func run() async -> EngineResponse {
        var assembly = ResponseAssembly()
        guard let root = prepared.compiled.plan.roots.first, let (statement, around) = prepared.compiled.export,
            let organization = caller.organization
        else { return assembly.response(operationType: .query, isCached: prepared.isCached) }
        do {
            let rows = try await engine.database.rows(
                organization, statement.statement, try prepared.values.values(statement.parameters),
                timeout: engine.configuration.exportTimeout)
            return EngineResponse(
                failure: nil, errors: [], operationType: .query, isCached: prepared.isCached, segments: [],
                export: Export(rows: rows, around: around, report: engine.report, requestID: caller.requestID))
        } catch let refusal as Refusal {
            assembly.add(root, .failed(refusal.errors))
        } catch {
            let reported = engine.report.graphQLError(
                error, path: [.key(root.key)], location: root.location, requestID: caller.requestID)
            assembly.add(root, .failed([reported]))
        }
        return assembly.response(operationType: .query, isCached: prepared.isCached)
    }
}
