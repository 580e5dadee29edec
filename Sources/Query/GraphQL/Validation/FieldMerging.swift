import OrderedCollections

/// Field selection merging in nearly linear time.
///
/// The specification compares each pair of fields under one response key, and merges the selection sets of each pair.
/// Both relations, “same name and arguments” and “same shape”, are equivalences. So it is enough to compare each field
/// with the first of its group, and to merge the selection sets of the whole group at once. A set of fields is looked at
/// once, however often fragments bring it up again, and all work is counted against `Limits.validationSteps`.
///
/// Sets wait in a list of our own: the rule must stand documents whose fragments form cycles.
struct FieldMerging {
    /// What is asked of the fields of a set that share a response key.
    private struct Questions: OptionSet {
        let rawValue: UInt8
        /// `FieldsInSetCanMerge`: fields that may meet on one object are the same field with the same arguments.
        static let sameField = Questions(rawValue: 1)
        /// `SameResponseShape`.
        static let sameShape = Questions(rawValue: 2)
        static let both: Questions = [.sameField, .sameShape]
    }

    /// Selection sets whose fields are to be looked at together. Most often it is one, which needs no list.
    private struct Task {
        let first: Int
        var others: [Int] = []
        let questions: Questions
    }

    private let document: TypedDocument
    private var signatures: FieldSignatures

    private var pending: [Task] = []
    /// Which questions have been asked of a selection set alone, and of a set of fields.
    private var askedAlone: [Questions]
    private var asked: [[Int]: Questions] = [:]
    private var told: Set<[Int]> = []
    private var isReached: [Bool]
    /// By fragment, the number of the last collection that went into it.
    private var lastVisit: [Int]
    private var visit = 0
    /// The selection sets that the collection under way has still to go into; empty between collections.
    private var open: [Int] = []
    /// The fields that the last collection found, and by key the last collection that found a field of it.
    private var collected: [Int] = []
    private var lastFound: [Int]

    init(_ document: TypedDocument) {
        self.document = document
        signatures = FieldSignatures(document)
        askedAlone = Array(repeating: [], count: document.selectionSets.count)
        isReached = Array(repeating: false, count: document.fragments.count)
        lastVisit = Array(repeating: 0, count: document.fragments.count)
        lastFound = Array(repeating: 0, count: document.responseKeys.count)
    }

    // MARK: Which sets to look at

    mutating func check(_ report: inout ValidationReport) {
        for index in document.operations.indices {
            guard check(document.scopes[index].selectionSet, &report) else { return }
        }
        // Fragments that no operation spreads are looked at for themselves.
        for index in document.fragments.indices where !isReached[index] {
            guard check(document.fragmentScope(index).selectionSet, &report) else { return }
        }
    }

    /// Looks at the fields of a selection set, then at what is below them.
    ///
    /// - Returns: `false` to stop: the steps are used up, or there are enough errors.
    private mutating func check(_ selectionSet: Int, _ report: inout ValidationReport) -> Bool {
        pending.append(Task(first: selectionSet, questions: .both))
        while let task = pending.popLast() {
            guard var questions = questions(left: task) else { continue }
            guard let isDistinct = collect(task, &report) else { return false }
            if isDistinct {
                guard descendIntoEach(questions, &report) else { return false }
                continue
            }
            let fields = sortedFields
            let before = asked[fields] ?? []
            guard !before.isSuperset(of: questions) else { continue }
            asked[fields] = before.union(questions)
            questions.subtract(before)
            guard check(fields, questions, &report) else { return false }
        }
        return true
    }

    /// Goes on below fields of which no two share a response key: there is nothing to compare.
    private mutating func descendIntoEach(_ questions: Questions, _ report: inout ValidationReport) -> Bool {
        guard !report.isFull, report.spend(collected.count) else { return false }
        for field in collected {
            guard let selectionSet = document.fields[field].selectionSet else { continue }
            pending.append(Task(first: selectionSet, questions: questions))
        }
        return true
    }

    /// What has not been asked yet of a selection set that is looked at alone; that is cheap to remember.
    private mutating func questions(left task: Task) -> Questions? {
        guard task.others.isEmpty else { return task.questions }
        let left = task.questions.subtracting(askedAlone[task.first])
        askedAlone[task.first].formUnion(left)
        return left.isEmpty ? nil : left
    }

    /// - Parameter fields: those with the same response key stand together.
    private mutating func check(_ fields: [Int], _ questions: Questions, _ report: inout ValidationReport) -> Bool {
        var start = 0
        while start < fields.count {
            var end = start + 1
            let key = document.fields[fields[start]].responseKey
            while end < fields.count, document.fields[fields[end]].responseKey == key { end += 1 }
            guard !report.isFull, report.spend(end - start) else { return false }
            if end == start + 1 {
                if let selectionSet = document.fields[fields[start]].selectionSet {
                    pending.append(Task(first: selectionSet, questions: questions))
                }
            } else {
                check(group: Array(fields[start..<end]), questions, &report)
            }
            start = end
        }
        return true
    }

    /// Finds the fields of some selection sets, fragments included.
    ///
    /// - Returns: whether no two of them share a response key; `nil` if the steps are used up.
    private mutating func collect(_ task: Task, _ report: inout ValidationReport) -> Bool? {
        visit += 1
        var isDistinct = true
        collected.removeAll(keepingCapacity: true)
        open.append(contentsOf: task.others)
        open.append(task.first)
        while let index = open.popLast() {
            guard report.spend(document.selectionSets[index].entries.count) else { return nil }
            for entry in document.selectionSets[index].entries {
                switch document.entries[entry] {
                case .field(let number):
                    let field = Int(number)
                    let key = document.fields[field].responseKey
                    if lastFound[key] == visit { isDistinct = false }
                    lastFound[key] = visit
                    collected.append(field)
                case .inline(let selectionSet): open.append(Int(selectionSet))
                case .spread(let spread):
                    guard let fragment = document.spreads[Int(spread)].fragment, lastVisit[fragment] != visit else {
                        continue
                    }
                    lastVisit[fragment] = visit
                    isReached[fragment] = true
                    open.append(document.fragmentScope(fragment).selectionSet)
                }
            }
        }
        return isDistinct
    }

    /// What was collected, by response key and then by place. A selection set that was met twice brings its fields once.
    private var sortedFields: [Int] {
        let all = document.fields
        let fields = collected.sorted { first, second in
            let keys = (all[first].responseKey, all[second].responseKey)
            return keys.0 == keys.1 ? first < second : keys.0 < keys.1
        }
        var unique: [Int] = []
        unique.reserveCapacity(fields.count)
        for field in fields where unique.last != field { unique.append(field) }
        return unique
    }

    // MARK: The two questions

    private mutating func check(group: [Int], _ questions: Questions, _ report: inout ValidationReport) {
        // Fields of one type answer both questions together, and lead to the same sets below.
        let object = document.objectType(of: group[0])
        if questions == .both, group.allSatisfy({ document.objectType(of: $0) == object }) {
            if isSameField(group, &report), isSameShape(group, &report) { descend(group[...], .both) }
            return
        }
        if questions.contains(.sameField) { checkSameField(group, &report) }
        if questions.contains(.sameShape), isSameShape(group, &report) { descend(group[...], .sameShape) }
    }

    private mutating func checkSameField(_ group: [Int], _ report: inout ValidationReport) {
        let anywhere = group.filter { document.objectType(of: $0) == nil }
        var byObject: OrderedDictionary<ObjectIdentifier, [Int]> = [:]
        for field in group {
            if let object = document.objectType(of: field) { byObject[object, default: []].append(field) }
        }
        guard isSameField(anywhere, &report) else { return }
        if byObject.isEmpty { descend(anywhere[...], .sameField) }
        for fields in byObject.values {
            // Those on interfaces and unions are equal among themselves, so one of them stands for all.
            guard isSameField(anywhere.prefix(1) + fields, &report) else { continue }
            guard report.spend(anywhere.count) else { return }
            descend((anywhere + fields)[...], .sameField)
        }
    }

    private mutating func isSameField(_ fields: [Int], _ report: inout ValidationReport) -> Bool {
        guard let first = fields.first else { return true }
        var isSame = true
        for field in fields.dropFirst() where signatures[field] != signatures[first] {
            isSame = false
            let names = (document.fields[first].field.name, document.fields[field].field.name)
            let reason =
                names.0 == names.1
                ? "they have different arguments" : "“\(names.0)” and “\(names.1)” are different fields"
            tell(first, field, reason, &report)
        }
        return isSame
    }

    private mutating func isSameShape(_ group: [Int], _ report: inout ValidationReport) -> Bool {
        // Where a type is not known there is nothing to compare.
        guard let first = group.first(where: { document.fields[$0].kind != .unknown }) else { return true }
        var isSame = true
        for field in group where !document.hasSameShape(first, field) {
            isSame = false
            let types = [first, field].map { document.definition(of: $0).map { "“\($0.type)”" } ?? "" }
            tell(first, field, "they have the different types \(types[0]) and \(types[1])", &report)
        }
        return isSame
    }

    private mutating func descend(_ fields: ArraySlice<Int>, _ questions: Questions) {
        let selectionSets = fields.compactMap { document.fields[$0].selectionSet }
        guard let first = selectionSets.first else { return }
        pending.append(Task(first: first, others: Array(selectionSets.dropFirst()), questions: questions))
    }

    private mutating func tell(_ first: Int, _ second: Int, _ reason: String, _ report: inout ValidationReport) {
        guard told.insert([first, second]).inserted else { return }
        let fields = (document.fields[first].field, document.fields[second].field)
        report.add(
            "Fields “\(fields.0.responseKey)” cannot be merged, because \(reason). Give one of them an alias.",
            at: [fields.0.location, fields.1.location])
    }
}

/// What merging compares of fields, as numbers that are equal where the things are.
private struct FieldSignatures {
    private let document: TypedDocument
    private var numbers: ResponseKeys
    /// Of the fields that have been compared; most never are.
    private var known: [Int: Int] = [:]

    init(_ document: TypedDocument) {
        self.document = document
        numbers = document.responseKeys
    }

    /// Stands for a field's name and arguments.
    subscript(_ field: Int) -> Int {
        mutating get {
            if let signature = known[field] { return signature }
            let signature = numbers.number(Self.signature(of: document.fields[field].field))
            known[field] = signature
            return signature
        }
    }

    /// A field's name and arguments, in an order that does not matter.
    private static func signature(of field: Field) -> String {
        guard !field.arguments.isEmpty else { return field.name }
        let arguments = field.arguments.map { "\($0.name):\(printValue($0.value.withSortedFields))" }
        return field.name + "(" + arguments.sorted().joined(separator: ",") + ")"
    }
}

extension TypedDocument {
    /// The object type that a field stands on; `nil` on interfaces, unions and unknown types.
    fileprivate func objectType(of field: Int) -> ObjectIdentifier? {
        if case .object(let type)? = parentType(of: field) { ObjectIdentifier(type) } else { nil }
    }

    /// Whether values of both fields have the same shape: the same lists, the same exclamation marks, the same leaf type;
    /// all types with selection sets count as one. Where a type is not known nothing is different.
    fileprivate func hasSameShape(_ first: Int, _ second: Int) -> Bool {
        let kinds = (fields[first].kind, fields[second].kind)
        guard fields[first].definition != fields[second].definition, kinds.0 != .unknown, kinds.1 != .unknown,
            let definition = self.definition(of: first), let other = self.definition(of: second)
        else { return true }
        guard kinds.0 == kinds.1, kinds.0 != .leaf || definition.typeName == other.typeName else { return false }
        return definition.type.isWrapped(as: other.type)
    }
}

extension TypeReference {
    fileprivate func isWrapped(as other: TypeReference) -> Bool {
        switch (self, other) {
        case (.named, .named): true
        case (.list(let item), .list(let otherItem)): item.isWrapped(as: otherItem)
        case (.nonNull(let type), .nonNull(let otherType)): type.isWrapped(as: otherType)
        default: false
        }
    }
}

extension Value {
    /// The same value with the fields of objects sorted by name, and strings in one spelling.
    fileprivate var withSortedFields: Value {
        switch kind {
        case .string(let text, _): Value(.string(text, block: false))
        case .list(let items): Value(.list(items.map(\.withSortedFields)))
        case .object(let fields):
            Value(
                .object(
                    fields.map { ObjectField(name: $0.name, value: $0.value.withSortedFields) }
                        .sorted { $0.name < $1.name }))
        default: self
        }
    }
}
