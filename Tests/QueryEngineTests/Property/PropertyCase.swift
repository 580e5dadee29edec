import GraphQL
import OrderedCollections
import Postgres
import QueryEngine

/// One operation with values for its variables, asked of both.
struct PropertyCase: Sendable {
    var operation: GeneratedOperation
    var variables: OrderedDictionary<String, JSONValue>
    let caller: Caller
    /// What is given as `operationName`; where the document has several operations, it says which.
    var operationName: String?

    init(
        operation: GeneratedOperation, variables: OrderedDictionary<String, JSONValue>, caller: Caller,
        operationName: String?
    ) {
        self.operation = operation
        self.variables = variables
        self.caller = caller
        self.operationName = operationName
    }

    init(operation: GeneratedOperation, variables: OrderedDictionary<String, JSONValue>, caller: Caller) {
        self.init(
            operation: operation, variables: variables, caller: caller,
            operationName: operation.neighbours.isEmpty ? nil : operation.name)
    }

    enum Verdict: Sendable {
        case equal(coverage: [String], isNewPlan: Bool, isRefused: Bool, faults: [Interpreter.Fault])
        case different(expected: String, actual: String)
    }

    func run(in world: MarkedWorld) async -> Verdict {
        let text = operation.text
        guard let document = try? parse(Array(text.utf8)) else {
            return .different(expected: "a document that parses", actual: text)
        }
        guard let expected = world.interpreter.answer(document, named: operationName, variables, caller) else {
            return .different(expected: "an operation", actual: text)
        }
        let request = EngineRequest(text, operationName: operationName, variables: variables)
        let verdict = Self.compare(expected, await world.engine.execute(request, caller: caller))
        // Now that it is remembered, it may go the short way, to the same answer; and a shorter one the second time.
        guard case .equal(var coverage, let isNewPlan, let isRefused, let faults) = verdict,
            let response = await world.engine.answerAtOnce(request, callers: [caller, caller])
        else { return verdict }
        guard case .equal = Self.compare(expected, response) else { return Self.compare(expected, response) }
        coverage.append(Self.shortWay)
        return .equal(coverage: coverage, isNewPlan: isNewPlan, isRefused: isRefused, faults: faults)
    }

    /// Stands among what an operation covers when it was answered at once as well.
    static let shortWay = "Engine.begin"

    static func compare(_ expected: Interpreter.Result, _ response: EngineResponse) -> Verdict {
        let actual = AnswerText.unified(AnswerText.compact(response.bytes))
        let faults = response.errors.map(Interpreter.Fault.init)
        var errors = ""
        if !response.errors.isEmpty {
            AnswerText.write(.array(response.errors.map(\.jsonValue)), to: &errors)
            errors = "\"errors\":\(errors)"
        }
        let wanted: String
        let isEqual: Bool
        let isRefused: Bool
        switch expected.answer {
        case .refused(let reasons):
            isRefused = true
            wanted = "refused with one or more of " + reasons.map(\.description).sorted().joined(separator: ", ")
            isEqual =
                response.failure != nil && !faults.isEmpty && reasons.isSuperset(of: faults) && actual == "{\(errors)}"
        case .executed(let data, let reasons):
            isRefused = false
            var text = ""
            AnswerText.write(data, to: &text)
            text = AnswerText.unified(Array(text.utf8))
            isEqual =
                response.failure == nil && faults == reasons
                && actual == "{\(errors)\(errors.isEmpty ? "" : ",")\"data\":\(text)}"
            wanted = (reasons.isEmpty ? "" : "with \(reasons.map(\.description)), ") + "{\"data\":\(text)}"
        }
        guard isEqual else { return .different(expected: wanted, actual: actual) }
        return .equal(coverage: expected.coverage, isNewPlan: !response.isCached, isRefused: isRefused, faults: faults)
    }

    /// The smallest case found that still differs: things are taken out as long as it does.
    func shrunk(in world: MarkedWorld) async -> (PropertyCase, expected: String, actual: String) {
        var best = self
        var (expected, actual) = ("", "")
        if case .different(let first, let second) = await run(in: world) { (expected, actual) = (first, second) }
        var attempts = 0
        search: while attempts < 600 {
            for operation in best.operation.reductions {
                attempts += 1
                var smaller = best
                smaller.operation = operation
                if case .different(let first, let second) = await smaller.run(in: world) {
                    (best, expected, actual) = (smaller, first, second)
                    continue search
                }
                if attempts >= 600 { break }
            }
            break
        }
        return (best, expected, actual)
    }

    /// For whoever has to find out why.
    func report(seed: UInt64, index: Int, expected: String, actual: String) -> String {
        let used = Set(operation.usedVariables.map(\.name))
        let values = JSONValue.object(variables.filter { used.contains($0.key) })
        return """
            case \(index) of SWITCHBOARD_PROPERTY_SEED=\(seed), as \(caller.role.rawValue) of \
            \(caller.organization?.description ?? "no organization")
            \(operation.text)operationName: \(operationName ?? "none")
            variables: \(String(decoding: values.bytes, as: UTF8.self))
            interpreter: \(expected)
            engine:      \(actual)
            """
    }
}
