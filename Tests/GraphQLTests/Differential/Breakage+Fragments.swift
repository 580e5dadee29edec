import GraphQL
import OrderedCollections

extension Breakage {
    private static func leaf(_ name: String = "__typename", of type: NamedType) -> DraftSelectionSet {
        DraftSelectionSet(type: type, selections: [.field(DraftField(name: name))])
    }

    /// Puts a selection somewhere, but not at the root of a subscription.
    private static func insert(
        _ selection: DraftSelection, into draft: Draft, _ random: inout SeededRandom
    ) -> Bool {
        guard let set = random.pickAny(DraftNodes(draft).selectionSets) else { return false }
        set.selections.insert(selection, at: random.number(0...set.selections.count))
        return true
    }

    static let fragments: [Breakage] = [
        Breakage("UniqueFragmentNames") { draft, _, random in
            guard let fragment = random.pickAny(draft.fragments) else { return false }
            let type = fragment.selectionSet.type
            draft.fragments.append(
                DraftFragment(
                    name: fragment.name, typeCondition: fragment.typeCondition,
                    selectionSet: random.chance(50) ? fragment.selectionSet : leaf(of: type)))
            return true
        },
        Breakage("KnownTypeNames") { draft, schema, random in
            let name = random.pick(["Messag", "Unknown", "query", "string"])
            switch random.number(0...2) {
            case 0:
                guard let fragment = random.pickAny(draft.fragments) else { return false }
                fragment.typeCondition = name
            case 1:
                guard let operation = random.pickAny(draft.operations) else { return false }
                operation.variables.append(
                    DraftVariable(name: "unknown", type: random.pick([.named(name), .list(.nonNull(.named(name)))])))
            default:
                let inline = DraftInlineFragment(typeCondition: name, selectionSet: leaf(of: .object(schema.queryType)))
                return insert(.inline(inline), into: draft, &random)
            }
            return true
        },
        Breakage("FragmentsOnCompositeTypes") { draft, schema, random in
            let leaves = schema.types.values.filter { !$0.isComposite }.map(\.name)
            if random.chance(50), let fragment = random.pickAny(draft.fragments) {
                fragment.typeCondition = random.pick(leaves)
                return true
            }
            let inline = DraftInlineFragment(
                typeCondition: random.pick(leaves), selectionSet: leaf(of: .object(schema.queryType)))
            return insert(.inline(inline), into: draft, &random)
        },
        Breakage("NoUnusedFragments") { draft, schema, random in
            let type = random.pick(schema.types.values.filter(\.isComposite))
            let fragment = DraftFragment(name: "Unused", typeCondition: type.name, selectionSet: leaf(of: type))
            if random.chance(30) { fragment.selectionSet.selections.append(.spread(DraftSpread(name: "Unused2"))) }
            if random.chance(30) {
                draft.fragments.append(
                    DraftFragment(name: "Unused2", typeCondition: type.name, selectionSet: leaf(of: type)))
            }
            draft.fragments.insert(fragment, at: 0)
            return true
        },
        Breakage("KnownFragmentNames") { draft, _, random in
            if let spread = random.pickAny(DraftNodes(draft).spreads) {
                spread.name += "x"
                return true
            }
            return insert(.spread(DraftSpread(name: "Missing")), into: draft, &random)
        },
        Breakage("NoFragmentCycles") { draft, _, random in
            guard let first = random.pickAny(draft.fragments), let second = random.pickAny(draft.fragments) else {
                return false
            }
            first.selectionSet.selections.append(.spread(DraftSpread(name: second.name)))
            second.selectionSet.selections.append(.spread(DraftSpread(name: first.name)))
            return true
        },
        Breakage("PossibleFragmentSpreads") { draft, schema, random in
            guard let set = random.pickAny(DraftNodes(draft).selectionSets) else { return false }
            let strangers = schema.types.values.filter { $0.isComposite && !schema.overlaps($0.name, set.type.name) }
            guard let stranger = random.pickAny(Array(strangers)) else { return false }
            let selectionSet = leaf(of: stranger)
            if random.chance(50) {
                set.selections.append(
                    .inline(DraftInlineFragment(typeCondition: stranger.name, selectionSet: selectionSet)))
            } else {
                draft.fragments.append(
                    DraftFragment(name: "Stranger", typeCondition: stranger.name, selectionSet: selectionSet))
                set.selections.append(.spread(DraftSpread(name: "Stranger")))
            }
            return true
        },
    ]
}
