import FoundationEssentials

/// What is authenticated with a ciphertext and not stored in it: a list of parts, each behind its length, so that no
/// two different lists have the same bytes. The first part is a label, which names the use and the format.
struct AssociatedData: Equatable, Sendable {
    /// For each part: its length as 4 bytes, big-endian, and its bytes.
    private(set) var bytes: [UInt8] = []

    init(_ label: StaticString) {
        append(String(describing: label).utf8)
    }

    /// A list that was put together before.
    init(encoded bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func append(_ part: some Collection<UInt8>) {
        unsafe withUnsafeBytes(of: UInt32(part.count).bigEndian) { unsafe bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: part)
    }

    /// 16 bytes, in the order in which they are printed.
    mutating func append(_ part: UUID) {
        append(part.octets)
    }

    /// 8 bytes, big-endian.
    mutating func append(_ part: Int) {
        append(unsafe withUnsafeBytes(of: Int64(part).bigEndian) { unsafe [UInt8]($0) })
    }
}

extension AssociatedData {
    /// For an organization key under a root key.
    static func organizationKey(_ id: UUID, organization: UUID, rootKeyID: String) -> AssociatedData {
        var data = AssociatedData("switchboard organization-key v1")
        data.append(organization)
        data.append(id)
        data.append(rootKeyID.utf8)
        return data
    }

    /// For a platform key under a root key.
    static func platformKey(_ id: UUID, purpose: String, rootKeyID: String) -> AssociatedData {
        var data = AssociatedData("switchboard platform-key v1")
        data.append(purpose.utf8)
        data.append(id)
        data.append(rootKeyID.utf8)
        return data
    }

    /// For a data key under an organization key.
    static func dataKey(_ id: UUID, context: SecretContext, organizationKeyID: UUID) -> AssociatedData {
        var data = AssociatedData("switchboard data-key v1")
        data.append(context)
        data.append(id)
        data.append(organizationKeyID)
        return data
    }

    /// For a secret under its data key. It does not name the organization key, so that a rotation of that one
    /// wraps the data key anew and leaves the secret's ciphertext as it is.
    static func secret(context: SecretContext, dataKeyID: UUID) -> AssociatedData {
        var data = AssociatedData("switchboard secret v1")
        data.append(context)
        data.append(dataKeyID)
        return data
    }

    private mutating func append(_ context: SecretContext) {
        append(context.organization)
        append(context.kind.utf8)
        append(context.credential)
        append(context.field.utf8)
        append(context.version)
    }
}

extension UUID {
    var octets: [UInt8] { unsafe withUnsafeBytes(of: uuid) { unsafe [UInt8]($0) } }

    init(octets: ArraySlice<UInt8>) {
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &value) { unsafe $0.copyBytes(from: octets) }
        self.init(uuid: value)
    }
}
