package struct SelectionSet: Sendable, Hashable {
    /// At least one, as the grammar demands.
    package let selections: [Selection]
    /// Of the opening brace.
    package let location: SourceLocation
}

/// One reference, whichever it is: lists of selections are the most of a document.
package enum Selection: Sendable, Hashable {
    case field(Field)
    case fragmentSpread(FragmentSpread)
    case inlineFragment(InlineFragment)
}

package final class Field: Sendable, Hashable {
    package let alias: String?
    package let name: String
    package let arguments: [Argument]
    package let directives: [Directive]
    package let selectionSet: SelectionSet?
    /// Of the alias, or of the name where there is none.
    package let location: SourceLocation

    init(
        alias: String?, name: String, arguments: [Argument], directives: [Directive], selectionSet: SelectionSet?,
        location: SourceLocation
    ) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
    }

    /// The key of this field's value in the response: its alias, else its name.
    package var responseKey: String { alias ?? name }

    package static func == (left: Field, right: Field) -> Bool {
        left === right
            || left.name == right.name && left.alias == right.alias && left.location == right.location
                && left.arguments == right.arguments && left.directives == right.directives
                && left.selectionSet == right.selectionSet
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(alias)
        hasher.combine(name)
        hasher.combine(arguments)
        hasher.combine(directives)
        hasher.combine(selectionSet)
    }
}

package final class FragmentSpread: Sendable, Hashable {
    package let name: String
    package let directives: [Directive]
    package let location: SourceLocation

    init(name: String, directives: [Directive], location: SourceLocation) {
        self.name = name
        self.directives = directives
        self.location = location
    }

    package static func == (left: FragmentSpread, right: FragmentSpread) -> Bool {
        left === right
            || left.name == right.name && left.location == right.location && left.directives == right.directives
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(directives)
    }
}

package final class InlineFragment: Sendable, Hashable {
    package let typeCondition: String?
    package let directives: [Directive]
    package let selectionSet: SelectionSet
    package let location: SourceLocation
    package let typeConditionLocation: SourceLocation

    init(
        typeCondition: String?, directives: [Directive], selectionSet: SelectionSet, location: SourceLocation,
        typeConditionLocation: SourceLocation
    ) {
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.location = location
        self.typeConditionLocation = typeConditionLocation
    }

    package static func == (left: InlineFragment, right: InlineFragment) -> Bool {
        left === right
            || left.typeCondition == right.typeCondition && left.location == right.location
                && left.typeConditionLocation == right.typeConditionLocation && left.directives == right.directives
                && left.selectionSet == right.selectionSet
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(typeCondition)
        hasher.combine(directives)
        hasher.combine(selectionSet)
    }
}
