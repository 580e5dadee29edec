/// A type as a variable, field or argument names it (specification, section 2.11): `Name`, `[Type]` or `Type!`.
package indirect enum TypeReference: Sendable, Hashable, CustomStringConvertible {
    case named(String)
    case list(TypeReference)
    /// Never directly inside another `nonNull`; the parser cannot make one.
    case nonNull(TypeReference)

    /// The name inside all lists and exclamation marks.
    package var namedType: String {
        switch self {
        case .named(let name): name
        case .list(let item): item.namedType
        case .nonNull(let type): type.namedType
        }
    }

    package var isNonNull: Bool { if case .nonNull = self { true } else { false } }

    /// The same type without its outermost exclamation mark.
    package var nullable: TypeReference { if case .nonNull(let type) = self { type } else { self } }

    /// The type of a list's items, seen through an exclamation mark; `nil` where this is no list.
    package var itemType: TypeReference? { if case .list(let item) = nullable { item } else { nil } }

    package var isList: Bool { itemType != nil }

    package var description: String {
        switch self {
        case .named(let name): name
        case .list(let item): "[\(item)]"
        case .nonNull(let type): "\(type)!"
        }
    }
}
