import GraphQL

/// An executable document that can still be changed. It is written by code of its own, not by the printer under test, and
/// its nodes are objects, so that one picked from anywhere in the tree can be spoiled where it is.
final class Draft {
    var operations: [DraftOperation] = []
    var fragments: [DraftFragment] = []
    /// Definitions that are neither, as text.
    var others: [String] = []
}

final class DraftOperation {
    var type: OperationType
    var name: String?
    var variables: [DraftVariable] = []
    var directives: [DraftDirective] = []
    var selectionSet: DraftSelectionSet

    init(type: OperationType, name: String?, selectionSet: DraftSelectionSet) {
        self.type = type
        self.name = name
        self.selectionSet = selectionSet
    }
}

final class DraftFragment {
    var name: String
    var typeCondition: String
    var directives: [DraftDirective] = []
    var selectionSet: DraftSelectionSet

    init(name: String, typeCondition: String, selectionSet: DraftSelectionSet) {
        self.name = name
        self.typeCondition = typeCondition
        self.selectionSet = selectionSet
    }
}

final class DraftVariable {
    var name: String
    var type: TypeReference
    var defaultValue: DraftValue?
    var directives: [DraftDirective] = []

    init(name: String, type: TypeReference, defaultValue: DraftValue? = nil) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
    }
}

final class DraftSelectionSet {
    /// The type whose fields these are.
    let type: NamedType
    var selections: [DraftSelection]

    init(type: NamedType, selections: [DraftSelection] = []) {
        self.type = type
        self.selections = selections
    }
}

enum DraftSelection {
    case field(DraftField)
    case spread(DraftSpread)
    case inline(DraftInlineFragment)
}

final class DraftField {
    var alias: String?
    var name: String
    /// Of the field as it was first meant.
    let definition: FieldDefinition?
    var arguments: [DraftArgument]
    var directives: [DraftDirective] = []
    var selectionSet: DraftSelectionSet?

    init(
        alias: String? = nil, name: String, definition: FieldDefinition? = nil, arguments: [DraftArgument] = [],
        selectionSet: DraftSelectionSet? = nil
    ) {
        self.alias = alias
        self.name = name
        self.definition = definition
        self.arguments = arguments
        self.selectionSet = selectionSet
    }
}

final class DraftSpread {
    var name: String
    var directives: [DraftDirective] = []

    init(name: String) {
        self.name = name
    }
}

final class DraftInlineFragment {
    var typeCondition: String?
    var directives: [DraftDirective] = []
    var selectionSet: DraftSelectionSet

    init(typeCondition: String?, selectionSet: DraftSelectionSet) {
        self.typeCondition = typeCondition
        self.selectionSet = selectionSet
    }
}

final class DraftDirective {
    var name: String
    var arguments: [DraftArgument]

    init(name: String, arguments: [DraftArgument] = []) {
        self.name = name
        self.arguments = arguments
    }
}

/// An argument, or a field of an input object.
final class DraftArgument {
    var name: String
    /// What its place expects, as far as that is known.
    let type: TypeReference?
    var value: DraftValue

    init(name: String, type: TypeReference? = nil, value: DraftValue) {
        self.name = name
        self.type = type
        self.value = value
    }
}

indirect enum DraftValue {
    /// A literal without parts.
    case text(String)
    case variable(String)
    case list([DraftValue])
    case object(DraftObject)
}

final class DraftObject {
    let type: String
    var fields: [DraftArgument]

    init(type: String, fields: [DraftArgument]) {
        self.type = type
        self.fields = fields
    }
}
