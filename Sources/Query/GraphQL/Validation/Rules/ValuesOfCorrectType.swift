import OrderedCollections

extension ValidationRule {
    /// [5.6.1 Values of Correct Type](https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type): a literal fits the type of its place. Variables
    /// have a rule of their own.
    static let valuesOfCorrectType = ValidationRule("ValuesOfCorrectType") { document, report in
        for value in document.values.values where !report.isFull {
            guard let problem = literalProblem(value, document.schema, report) else { continue }
            report.add(problem, at: value.value.location)
        }
    }
}

/// What is wrong with a literal itself, not with what is inside it; `nil` if nothing is.
func literalProblem(_ value: TypedValue, _ schema: VisibleSchema, _ report: ValidationReport) -> String? {
    guard let type = value.type, let namedType = value.namedType else { return nil }
    switch value.value.kind {
    case .variable: return nil
    case .null: return type.isNonNull ? "Expected a value of type “\(type)”, found null." : nil
    case .list where type.isList: return nil
    default: break
    }
    switch namedType {
    case .scalar(let scalar):
        // With variables in it, it can be judged only when they are known; unless no list and no object fits anyway.
        guard !value.value.containsVariable || ScalarCoercion.builtIn[scalar.name] != nil else { return nil }
        do throws(CoercionFailure) {
            _ = try scalar.coercion.parseLiteral(value.value)
            return nil
        } catch {
            return "A value of type “\(type)” does not fit. \(error.message)\(value.value.foundKind)"
        }
    case .enumeration(let type): return enumProblem(value.value, type, schema, report)
    case .inputObject(let type):
        guard case .object(let fields) = value.value.kind else {
            return "Expected an object of type “\(type.name)”." + value.value.foundKind
        }
        guard type.isOneOf else { return nil }
        guard fields.count == 1, !fields[0].value.isNull else {
            return oneOfProblem(type, given: fields.count)
        }
        return nil
    default: return nil
    }
}

private func enumProblem(
    _ value: Value, _ type: EnumType, _ schema: VisibleSchema, _ report: ValidationReport
) -> String? {
    func suggestion(_ name: String) -> String {
        report.suggestion(for: name, among: schema.values(of: type).map(\.name))
    }
    switch value.kind {
    case .enumeration(let name):
        if schema.value(named: name, of: type) != nil { return nil }
        return "Enum “\(type.name)” has no value “\(name)”." + suggestion(name)
    case .string(let text, _):
        let hint = isName(text) ? suggestion(text) : ""
        return "Enum “\(type.name)” takes a bare name, not a string." + hint
    default: return "Expected a value of enum “\(type.name)”." + value.foundKind
    }
}
