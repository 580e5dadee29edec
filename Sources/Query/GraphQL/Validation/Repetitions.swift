import OrderedCollections

/// Lists up to this length are looked through; a longer one gets a table, so that the work stays linear.
private let shortList = 8

/// Finds elements that have the name of an earlier one.
///
/// - Parameter tell: is given the first of that name, and the one that has it again.
func forEachRepetition<Elements: RandomAccessCollection>(
    in elements: Elements, name: (Elements.Element) -> String, tell: (Elements.Element, Elements.Element) -> Void
) {
    guard elements.count > 1 else { return }
    if elements.count <= shortList {
        for place in elements.indices.dropFirst() {
            let again = elements[place]
            if let first = elements[..<place].first(where: { name($0) == name(again) }) { tell(first, again) }
        }
        return
    }
    var firsts: OrderedDictionary<String, Elements.Element> = [:]
    for element in elements {
        if let first = firsts[name(element)] { tell(first, element) } else { firsts[name(element)] = element }
    }
}

/// The variables of an operation by name; of several with one name, the last.
struct VariablePlaces {
    private let variables: ArraySlice<TypedVariable>
    private let table: OrderedDictionary<String, Int>?

    init(_ variables: ArraySlice<TypedVariable>) {
        self.variables = variables
        table =
            variables.count <= shortList
            ? nil : OrderedDictionary(variables.enumerated().lazy.map { ($1.name, $0) }) { _, last in last }
    }

    /// Counted from 0.
    func place(of name: String) -> Int? {
        if let table { return table[name] }
        return variables.lastIndex { $0.name == name }.map { $0 - variables.startIndex }
    }
}
