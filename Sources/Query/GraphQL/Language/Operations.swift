/// One thing a client asks to be done (specification, section 2.3).
///
/// What is large and handed around is a class in this tree: to hand it on is then one count, not one for each part.
package final class OperationDefinition: Sendable, Hashable {
    package let description: String?
    package let operationType: OperationType
    /// `nil` for an anonymous operation.
    package let name: String?
    package let variableDefinitions: [VariableDefinition]
    package let directives: [Directive]
    package let selectionSet: SelectionSet
    package let location: SourceLocation
    /// Of the name, or of the operation where it has none.
    package let nameLocation: SourceLocation

    init(
        description: String?, operationType: OperationType, name: String?, variableDefinitions: [VariableDefinition],
        directives: [Directive], selectionSet: SelectionSet, location: SourceLocation, nameLocation: SourceLocation
    ) {
        self.description = description
        self.operationType = operationType
        self.name = name
        self.variableDefinitions = variableDefinitions
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
        self.nameLocation = nameLocation
    }

    package static func == (left: OperationDefinition, right: OperationDefinition) -> Bool {
        left === right
            || left.operationType == right.operationType && left.name == right.name
                && left.description == right.description && left.variableDefinitions == right.variableDefinitions
                && left.directives == right.directives && left.location == right.location
                && left.nameLocation == right.nameLocation && left.selectionSet == right.selectionSet
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(operationType)
        hasher.combine(name)
        hasher.combine(variableDefinitions)
        hasher.combine(directives)
        hasher.combine(selectionSet)
    }
}

/// A named fragment (specification, section 2.8).
package final class FragmentDefinition: Sendable, Hashable {
    package let description: String?
    package let name: String
    /// The name of the type in `on Type`.
    package let typeCondition: String
    package let directives: [Directive]
    package let selectionSet: SelectionSet
    package let location: SourceLocation
    package let nameLocation: SourceLocation
    package let typeConditionLocation: SourceLocation

    init(
        description: String?, name: String, typeCondition: String, directives: [Directive], selectionSet: SelectionSet,
        location: SourceLocation, nameLocation: SourceLocation, typeConditionLocation: SourceLocation
    ) {
        self.description = description
        self.name = name
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
        self.nameLocation = nameLocation
        self.typeConditionLocation = typeConditionLocation
    }

    package static func == (left: FragmentDefinition, right: FragmentDefinition) -> Bool {
        left === right
            || left.name == right.name && left.description == right.description
                && left.typeCondition == right.typeCondition && left.directives == right.directives
                && left.location == right.location && left.nameLocation == right.nameLocation
                && left.typeConditionLocation == right.typeConditionLocation && left.selectionSet == right.selectionSet
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(typeCondition)
        hasher.combine(directives)
        hasher.combine(selectionSet)
    }
}
