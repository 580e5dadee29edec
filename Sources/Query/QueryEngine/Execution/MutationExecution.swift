import Foundation
import GraphQL
import OrderedCollections
import Postgres

/// A mutation: its root fields one after another, each carried out by a command.
struct MutationExecution: Sendable {
    let engine: Engine
    let prepared: Preparation.Prepared
    let caller: Caller

    nonisolated(nonsending) func run() async -> EngineResponse {
        var assembly = ResponseAssembly()
        for (index, root) in prepared.compiled.plan.roots.enumerated() {
            assembly.add(root, await answer(index, root))
            // What stands before took effect; what would come after is not begun once `data` is lost.
            if assembly.isLost { break }
        }
        return assembly.response(operationType: .mutation, isCached: prepared.isCached)
    }

    private nonisolated(nonsending) func answer(_ index: Int, _ root: RootPlan) async -> RootAnswer {
        switch root.source {
        case .typename(let name): return .segments([.bytes(Array("\"\(name)\"".utf8))])
        case .command(let command):
            do {
                return payload(command, root, try await carryOut(command, index, root))
            } catch {
                return .failed([
                    engine.report.graphQLError(
                        error, path: [.key(root.key)], location: root.location, requestID: caller.requestID)
                ])
            }
        case .table, .namespace, .resolver, .introspection, .feed, .export: return .null
        }
    }

    private nonisolated(nonsending) func carryOut(
        _ command: CommandPlan, _ index: Int, _ root: RootPlan
    ) async throws -> CommittedPayload {
        guard let body = engine.commands[command.name] else {
            throw PostgresError(.protocolViolation, "a command without a body")
        }
        let organization = caller.organization ?? Self.noOrganization
        let execution = CommandExecution(
            fieldName: root.fieldName, database: engine.database, payload: prepared.compiled.payloads[index],
            values: prepared.values, timeout: engine.configuration.statementTimeout)
        let request = CommandRequest(
            arguments: prepared.values.arguments[command.arguments], caller: caller, organization: organization,
            execution: execution)
        return try await body(request).payload
    }

    /// No tenant has this id, so a command that opens a transaction by mistake sees no row of any.
    private static let noOrganization = OrganizationID(
        UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    // MARK: The payload

    private func payload(_ command: CommandPlan, _ root: RootPlan, _ committed: CommittedPayload) -> RootAnswer {
        var segments: [EngineResponse.Segment] = []
        var text: [UInt8] = [UInt8(ascii: "{")]
        var errors: [GraphQLError] = []
        var rows = 0
        for (index, member) in command.members.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            JSONValue.write(member.key, to: &text)
            text.append(UInt8(ascii: ":"))
            switch member.source {
            case .typename(let name): JSONValue.write(name, to: &text)
            case .row:
                let column = rows
                rows += 1
                if let result = committed.rows, result.count == 1,
                    !result.withBytes(row: 0, column: column, { $0 == nil })
                {
                    segments.append(.bytes(text))
                    segments.append(.value(result, row: 0, column: column))
                    text = []
                } else {
                    text.append(contentsOf: "null".utf8)
                }
            case .value(let fields):
                let value: JSONValue =
                    if case .json(let json)? = committed.values[member.fieldName] { json } else { .null }
                complete(value, member, fields).write(to: &text)
            case .userErrors(let fields):
                complete(.array(committed.errors.map(\.jsonValue)), member, fields).write(to: &text)
            }
        }
        text.append(UInt8(ascii: "}"))
        segments.append(.bytes(text))
        return errors.isEmpty ? .segments(segments) : .partial(segments, errors)

        func complete(_ value: JSONValue, _ member: PayloadMember, _ fields: [Field]) -> JSONValue {
            let (completed, found) = prepared.complete(
                value, member.fieldName, of: command.payloadType, fields, path: [.key(root.key), .key(member.key)],
                schema: engine.preparation.schema)
            errors += found
            return completed ?? .null
        }
    }
}

extension UserError {
    /// By the schema's names.
    var jsonValue: JSONValue {
        .object([
            "code": .string(code), "message": .string(message),
            "field": field.map { .array($0.map { .string($0) }) } ?? .null,
        ])
    }
}
