import GraphQL
import OrderedCollections

/// Aggregates: numbers over rows, instead of the rows.
extension BindingReader {
    func aggregate(_ arguments: DirectiveArguments, _ field: FieldDefinition) -> AggregateBinding? {
        guard let table = arguments.string("table"), SQLName.isValid(table),
            let scope = arguments.name("scope").flatMap(Scope.init(rawValue:)),
            [arguments.string("key"), arguments.string("bucket")].allSatisfy({ $0.map(SQLName.isValid) ?? true })
        else { return nil }
        return AggregateBinding(
            table: TableBinding(
                typeName: field.type.namedType, name: table, prefix: "", scope: scope, tenantColumn: "org_id"),
            key: arguments.string("key"), bucket: arguments.string("bucket"))
    }

    func measure(_ arguments: DirectiveArguments, _ field: FieldDefinition) -> MeasureBinding? {
        guard let function = arguments.name("function").flatMap(MeasureBinding.Function.init(rawValue:)),
            let form = columnForm(of: field.type.namedType, prefix: nil)
        else { return nil }
        let column = arguments.string("column")
        guard (column == nil) == (function == .count), column.map(SQLName.isValid) ?? true else { return nil }
        var only: MeasureBinding.Selection?
        if let condition = arguments.string("where") {
            guard SQLName.isValid(condition), let values = arguments.strings("in"), !values.isEmpty else { return nil }
            only = MeasureBinding.Selection(column: condition, values: values)
        }
        return MeasureBinding(function: function, column: column, only: only, form: form)
    }

    mutating func checkAggregate(
        _ aggregate: AggregateBinding, _ field: FieldDefinition, scope: Scope, _ coordinate: String
    ) {
        if aggregate.table.scope != scope { errors.append("\(coordinate): @aggregate is not of this scope.") }
        guard case .object(let object)? = schema.type(named: field.type.namedType), field.type.isNonNull,
            tables[object.name] == nil
        else {
            errors.append("\(coordinate): @aggregate answers an object without @table, or a list of it, never null.")
            return
        }
        var hasBucketArgument = false
        var isAlwaysCut = false
        var groupArguments = 0
        for (name, argument) in field.arguments where argument.directives.first(named: "where") == nil {
            let type = argument.type.namedType
            if buckets[type] != nil, !argument.type.isList {
                hasBucketArgument = true
                isAlwaysCut = argument.type.isNonNull
            } else if groups[type] != nil, argument.type.isList {
                groupArguments += 1
            } else if type != "TimeZone", filters[type] == nil {
                errors.append(
                    "\(coordinate)(\(name):): is neither a condition (@where), nor buckets (@bucket), nor groups "
                        + "(a list of @group), nor a TimeZone.")
            }
        }
        if hasBucketArgument, aggregate.bucket == nil {
            errors.append("\(coordinate): takes buckets, but @aggregate names no column for them.")
        }
        if groupArguments > 1 { errors.append("\(coordinate): takes groups twice.") }
        if !field.type.isList, hasBucketArgument || groupArguments > 0 {
            errors.append("\(coordinate): with groups, @aggregate answers a list.")
        }
        for (name, part) in object.fields {
            let partCoordinate = "\(object.name).\(name)"
            switch fields[object.name]?[name] {
            case .measure(let measure):
                let isEmptyNull = measure.function == .min || measure.function == .max
                if isEmptyNull == part.type.isNonNull {
                    errors.append("\(partCoordinate): MIN and MAX may be null over no row, COUNT and SUM never are.")
                }
            case .group(let column, _):
                if part.type.isNonNull, column != aggregate.bucket || !isAlwaysCut {
                    errors.append("\(partCoordinate): is null where \(coordinate) is not grouped by it.")
                }
            default: errors.append("\(partCoordinate): a field of an aggregate needs @measure or @group.")
            }
        }
    }
}
