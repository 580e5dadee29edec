import GraphQL
import OrderedCollections
import Postgres
import QueryEngine

/// The GraphQL specification, section 6, over rows in memory: slow and obvious. Fields are resolved one by one by what
/// their bindings mean. It shares the parser and the type system with the engine, and nothing of the engine itself.
struct Interpreter: Sendable {
    let meaning: SchemaMeaning
    let rows: Rows
    let standIns: StandIns
    var cursors = CursorBook()
    let defaultPageSize: Int
    let maximumPageSize: Int

    /// A reason for which an operation is refused, or a field fails.
    struct Fault: Hashable, Sendable, CustomStringConvertible {
        let code: String
        /// `line:column`.
        let location: String
        /// Response keys and indices; empty for an operation that is refused as a whole.
        let path: [String]

        init(_ code: String, _ location: SourceLocation, _ path: [String] = []) {
            self.code = code
            self.location = "\(location.line):\(location.column)"
            self.path = path
        }

        init(_ error: GraphQLError) {
            let path = (error.path ?? []).map { element in
                switch element {
                case .key(let key): key
                case .index(let index): "\(index)"
                }
            }
            self.init(error.code.rawValue, error.locations.first ?? .none, path)
        }

        var description: String { "\(code) at \(location)\(path.isEmpty ? "" : " of " + path.joined(separator: "."))" }
    }

    enum Answer: Sendable {
        /// Nothing is executed. Which of several reasons is told is left open.
        case refused(Set<Fault>)
        case executed(JSONValue, [Fault])
    }

    struct Result: Sendable {
        let answer: Answer
        /// Coordinates that the operation asked for.
        let coverage: [String]
    }

    /// - Parameters:
    ///   - name: of the operation; `nil` for the only one.
    ///   - subject: for a subscription, the row that changed.
    func answer(
        _ document: Document, named name: String? = nil, _ variables: OrderedDictionary<String, JSONValue>,
        _ caller: Caller, subject: Row? = nil
    ) -> Result? {
        // `GetOperation`, section 6.1.
        let chosen = name == nil ? document.operations : document.operations.filter { $0.name == name }
        guard let operation = chosen.first, chosen.count == 1 else {
            return Result(answer: .refused([Fault("OPERATION_RESOLUTION_FAILURE", .none)]), coverage: [])
        }
        if operation.operationType == .subscription, subject == nil {
            return Result(answer: .refused([Fault("WRONG_OPERATION_TYPE", .none)]), coverage: [])
        }
        guard let root = meaning.schema.rootType(of: operation.operationType) else { return nil }
        var run = Run(interpreter: self, document: document, operation: operation, caller: caller, subject: subject)
        run.coerceVariables(operation.variableDefinitions, variables)
        if run.faults.isEmpty { run.inspect([operation.selectionSet], on: root.name) }
        guard run.faults.isEmpty else { return Result(answer: .refused(run.faults), coverage: []) }
        let data: JSONValue
        do throws(Lost) {
            data = try run.execute([operation.selectionSet], on: root.name, .root, path: [])
        } catch {
            data = .null
        }
        return Result(answer: .executed(data, run.errors), coverage: run.coverage)
    }

    /// Whether a changed row passes the filter of a subscription.
    func passes(
        _ row: Row, _ field: Field, _ definition: FieldDefinition, _ document: Document,
        _ operation: OperationDefinition,
        _ variables: OrderedDictionary<String, JSONValue>, _ caller: Caller
    ) -> Bool {
        var run = Run(interpreter: self, document: document, operation: operation, caller: caller, subject: row)
        run.coerceVariables(operation.variableDefinitions, variables)
        let arguments = run.arguments(of: field, definition)
        return run.passes(row, arguments, definition, of: "Subscription")
    }

    /// A null that goes on to the parent.
    struct Lost: Error {}

    /// One operation under way.
    struct Run {
        let interpreter: Interpreter
        let caller: Caller
        let subject: Row?
        let fragments: [String: FragmentDefinition]
        let operationType: OperationType
        let root: SelectionSet?
        var variables: [String: JSONValue] = [:]
        var faults: Set<Fault> = []
        var errors: [Fault] = []
        var coverage: [String] = []

        var meaning: SchemaMeaning { interpreter.meaning }
        var schema: Schema { interpreter.meaning.schema }
        var organization: String? { caller.organization?.description.lowercased() }

        init(
            interpreter: Interpreter, document: Document, operation: OperationDefinition, caller: Caller, subject: Row?
        ) {
            self.interpreter = interpreter
            self.caller = caller
            self.subject = subject
            fragments = document.fragments
            operationType = operation.operationType
            root = operation.selectionSet
        }

        func definition(_ field: Field, of type: String) -> FieldDefinition? {
            schema.type(named: type)?.fields?[field.name]
        }

        // MARK: Collecting (section 6.3.2)

        func collect(_ sets: [SelectionSet], on type: String) -> OrderedDictionary<String, [Field]> {
            var grouped: OrderedDictionary<String, [Field]> = [:]
            var visited: Set<String> = []
            for set in sets { collect(set, on: type, into: &grouped, &visited) }
            return grouped
        }

        private func collect(
            _ set: SelectionSet, on type: String, into grouped: inout OrderedDictionary<String, [Field]>,
            _ visited: inout Set<String>
        ) {
            for selection in set.selections {
                switch selection {
                case .field(let field):
                    guard isKept(field.directives) else { continue }
                    grouped[field.alias ?? field.name, default: []].append(field)
                case .inlineFragment(let fragment):
                    guard isKept(fragment.directives), applies(fragment.typeCondition ?? type, to: type) else {
                        continue
                    }
                    collect(fragment.selectionSet, on: type, into: &grouped, &visited)
                case .fragmentSpread(let spread):
                    guard isKept(spread.directives), visited.insert(spread.name).inserted,
                        let fragment = fragments[spread.name], applies(fragment.typeCondition, to: type)
                    else { continue }
                    collect(fragment.selectionSet, on: type, into: &grouped, &visited)
                }
            }
        }

        private func applies(_ condition: String, to type: String) -> Bool {
            condition == type || schema.possibleTypes(of: condition).contains(type)
        }

        private func isKept(_ directives: [Directive]) -> Bool {
            for directive in directives {
                guard let value = directive.argument("if") else { continue }
                let isTrue =
                    switch value.kind {
                    case .boolean(let literal): literal
                    case .variable(let name): variables[name]?.boolValue ?? false
                    default: false
                    }
                if directive.name == "skip", isTrue { return false }
                if directive.name == "include", !isTrue { return false }
            }
            return true
        }

        // MARK: Executing (sections 6.3 and 6.4)

        mutating func execute(
            _ sets: [SelectionSet], on type: String, _ value: Value, path: [String]
        ) throws(Lost) -> JSONValue {
            var members: OrderedDictionary<String, JSONValue> = [:]
            var isLost = false
            for (key, fields) in collect(sets, on: type) {
                guard let field = fields.first else { continue }
                if field.name == "__typename" {
                    members[key] = .string(type)
                    continue
                }
                guard let definition = definition(field, of: type) else { continue }
                do throws(Lost) {
                    let resolved = resolve(field, definition, of: type, value)
                    members[key] = try complete(resolved, definition.type, fields, path: path + [key])
                } catch {
                    isLost = true
                    // What is beside a null that goes on to the parent need not be executed (section 6.4.4), and is not; but
                    // the root fields of a query are asked beside each other.
                    if operationType == .mutation || !path.isEmpty { break }
                }
            }
            if isLost { throw Lost() }
            return .object(members)
        }

        private mutating func complete(
            _ value: Value, _ type: TypeReference, _ fields: [Field], path: [String]
        ) throws(Lost) -> JSONValue {
            if case .nonNull(let inner) = type {
                let completed = try complete(value, inner, fields, path: path)
                if completed.isNull {
                    if !errors.contains(where: { $0.path.starts(with: path) }) {
                        errors.append(Fault("INTERNAL", fields.first?.location ?? .none, path))
                    }
                    throw Lost()
                }
                return completed
            }
            do throws(Lost) {
                switch value {
                case .null: return .null
                case .leaf(let json):
                    // Result coercion of Int, section 3.5.1.
                    if type.namedType == "Int", let number = json.intValue, Int32(exactly: number) == nil {
                        errors.append(Fault("INT_OUT_OF_RANGE", fields.first?.location ?? .none, path))
                        throw Lost()
                    }
                    return json
                case .list(let items):
                    guard case .list(let itemType) = type else { return .null }
                    var list: [JSONValue] = []
                    for (index, item) in items.enumerated() {
                        list.append(try complete(item, itemType, fields, path: path + ["\(index)"]))
                    }
                    return .array(list)
                case .object(let objectType, let value):
                    return try execute(fields.compactMap(\.selectionSet), on: objectType, value, path: path)
                default: return .null
                }
            } catch {
                return .null
            }
        }
    }

    /// What a field resolves to, and what its fields are resolved from.
    indirect enum Value: Sendable {
        case null
        case leaf(JSONValue)
        case list([Value])
        case object(String, Value)
        // What an object is made of:
        case root
        case row(Row)
        case money(Int64, String)
        case page(Page)
        case edge(Page, Row)
        case group(Group)
        case plain(JSONValue)
        case payload([String: Value])
    }

    /// Rows that numbers are worked out of, and what they have in common.
    struct Group: Sendable {
        var keys: [String: Cell]
        var rows: [Row]
    }

    struct Page: Sendable {
        let nodeType: String
        let place: CursorBook.Place
        let rows: [Row]
        let totalCount: Int
        let hasNextPage: Bool
        let hasPreviousPage: Bool
    }
}
