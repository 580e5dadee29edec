import OrderedCollections

/// The types and fields of a schema by number. Validation asks for each field of a document, and a number is handed
/// around for nothing, where a reference is counted each time.
struct SchemaNumbers: Sendable {
    /// In the order of `Schema.types`.
    let types: [NamedType]
    /// Of each type: whether it is one of introspection.
    let isIntrospection: [Bool]
    /// Of each type: whether it has fields to select.
    let isComposite: [Bool]
    /// The meta-fields, then those of each type.
    private(set) var fields: [FieldDefinition] = []
    /// Of each field: the number of the named type of its value; -1 where the schema has none.
    private(set) var fieldTypes: [Int32] = []
    /// Of each field: whether some argument must be given.
    private(set) var hasRequiredArguments: [Bool] = []
    /// Of each field: the number of its name in `fieldNames`.
    private(set) var nameNumbers: [Int32] = []
    /// The names of all fields, each once.
    private(set) var fieldNames: OrderedSet<String> = []

    /// A field's number at the place where the hash of type and name leads, or after it; -1 ends the search. At least
    /// half of the places are free.
    private var slots: [Int32]
    /// Of each place: the number of the type that has the field.
    private var owners: [Int32]

    init(_ types: OrderedDictionary<String, NamedType>, queryType: ObjectType) {
        self.types = Array(types.values)
        isIntrospection = types.keys.map { BuiltInDefinitions.isReserved($0) }
        isComposite = types.values.map(\.isComposite)
        let count = types.values.reduce(2) { $0 + 1 + ($1.fields?.count ?? 0) }
        var size = 64
        while size < count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        owners = Array(repeating: -1, count: size)
        let typename = add(MetaFields.typename, types)
        let metaFields = [add(MetaFields.schema, types), add(MetaFields.type, types)]
        for (number, type) in self.types.enumerated() where type.isComposite {
            if type.name == queryType.name { for field in metaFields { insert(field, of: number) } }
            insert(typename, of: number)
            for field in (type.fields ?? [:]).values { insert(add(field, types), of: number) }
        }
    }

    private mutating func add(_ field: FieldDefinition, _ types: OrderedDictionary<String, NamedType>) -> Int {
        fields.append(field)
        fieldTypes.append(Int32(types.index(forKey: field.typeName) ?? -1))
        hasRequiredArguments.append(field.hasRequiredArguments)
        nameNumbers.append(Int32(fieldNames.append(field.name).index))
        return fields.count - 1
    }

    private mutating func insert(_ field: Int, of type: Int) {
        var place = place(of: fields[field].name, type)
        while slots[place] >= 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = Int32(field)
        owners[place] = Int32(type)
    }

    /// The field of a composite type, meta-fields included.
    func field(named name: String, of type: Int) -> Int? {
        var place = place(of: name, type)
        while slots[place] >= 0 {
            let field = Int(slots[place])
            if owners[place] == Int32(type), fieldNames[Int(nameNumbers[field])] == name { return field }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Of a name its length and both ends count. Nobody but the schema's author fills the table, so there is no need for
    /// a hash that nobody can foresee.
    private func place(of name: String, _ type: Int) -> Int {
        let ends =
            name.utf8.withContiguousStorageIfAvailable { Self.ends(of: UnsafeRawBufferPointer($0)) }
            ?? Array(name.utf8).withUnsafeBytes { Self.ends(of: $0) }
        let hash = (ends ^ UInt64(truncatingIfNeeded: type) &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: hash >> 32) & (slots.count - 1)
    }

    private static func ends(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        let length = UInt64(truncatingIfNeeded: count) << 56
        if count >= 8 {
            let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            let last = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            return first ^ (last &* 0x9FB2_1C65_1E98_DF25) ^ length
        }
        if count >= 4 {
            let first = UInt64(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            let last = UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return (first | last << 32) ^ length
        }
        return bytes.reduce(length) { $0 << 8 ^ UInt64($1) }
    }
}
