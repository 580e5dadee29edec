package import FoundationEssentials

/// Seals and opens under the envelope of keys: the root key wraps organization keys and platform keys, an
/// organization key wraps the data key of each version of each secret, and the data key seals the secret.
///
/// It keeps nothing but root keys. What it returns can be stored anywhere: a record opens only with its root key,
/// and only for the organization, kind, credential, field and version that it was made for.
package final class KeyVault: Sendable {
    private let ring: RootKeyRing

    package convenience init(rootKey: consuming RootKey) {
        self.init(provider: LocalRootKey(rootKey))
    }

    /// - Parameters:
    ///   - provider: the root key that wraps.
    ///   - others: root keys that unwrap what they have wrapped, and nothing more.
    ///   - source: where to look again for a root key that a record names and that is not held.
    package init(
        provider: any RootKeyProvider, also others: [any RootKeyProvider] = [],
        source: @escaping @Sendable () throws(VaultError) -> [any RootKeyProvider] = { [] }
    ) {
        ring = RootKeyRing(provider, also: others, source: source)
    }

    /// The id of the root key that wraps.
    package var rootKeyID: String { ring.current.rootKeyID }

    /// The ids of all root keys that are held, in order.
    package var heldRootKeyIDs: [String] { ring.all.map(\.rootKeyID).sorted() }

    /// Whether opening may wait for another process.
    package var mayBlock: Bool { ring.all.contains(where: \.mayBlock) }

    /// From now on, new keys are wrapped by this root key.
    ///
    /// - Throws: ``VaultError/wrongRootKey(expected:given:)`` when it cannot be had.
    package func use(rootKey id: String) throws(VaultError) { try ring.use(id) }

    /// The same root keys and one more, which unwraps only.
    package func holding(also other: any RootKeyProvider) -> KeyVault {
        KeyVault(provider: ring.current, also: ring.all + [other])
    }

    /// The same root keys, with another one that wraps: where a rotation moves to.
    ///
    /// - Throws: ``VaultError/wrongRootKey(expected:given:)`` when it cannot be had.
    package func wrapping(with id: String) throws(VaultError) -> KeyVault {
        KeyVault(provider: try ring.provider(id), also: ring.all)
    }

    // MARK: Organization keys

    /// A new key for an organization, wrapped by the root key.
    package func makeOrganizationKey(organization: UUID) throws(VaultError) -> WrappedKey {
        try wrapNew { id, rootKeyID in .organizationKey(id, organization: organization, rootKeyID: rootKeyID) }
    }

    /// Unwraps an organization's key, for work on several of its secrets.
    ///
    /// - Throws: ``VaultError/wrongRootKey(expected:given:)``, ``VaultError/refused`` for another organization's key
    ///   or a changed one, ``VaultError/unsupportedFormat(_:)``, ``VaultError/malformedRecord``.
    package func openOrganizationKey(_ wrapped: WrappedKey, organization: UUID) throws(VaultError) -> OrganizationKey {
        let key = try unwrap(
            wrapped,
            .organizationKey(wrapped.keyID, organization: organization, rootKeyID: wrapped.wrappingKeyID))
        return OrganizationKey(id: wrapped.keyID, organization: organization, key: key)
    }

    /// The same organization key, wrapped by the root key of `next`, and opened there before it is returned.
    /// One that `next` wraps already is checked and returned as it is, so that an interrupted rotation can begin again.
    package func rewrap(organizationKey wrapped: WrappedKey, organization: UUID, to next: KeyVault)
        throws(VaultError) -> WrappedKey
    {
        try rewrap(wrapped, to: next) { id, rootKeyID in
            .organizationKey(id, organization: organization, rootKeyID: rootKeyID)
        }
    }

    // MARK: Secrets

    /// Seals `secret` for `context` under a new data key; see ``OrganizationKey/seal(_:context:)``.
    package func seal(_ secret: borrowing Secret, context: SecretContext, under organizationKey: WrappedKey)
        throws(VaultError) -> SealedSecret
    {
        try openOrganizationKey(organizationKey, organization: context.organization).seal(secret, context: context)
    }

    /// Opens what was sealed for exactly this context; see ``OrganizationKey/open(_:context:)``.
    package func open(_ sealed: SealedSecret, context: SecretContext, under organizationKey: WrappedKey)
        throws(VaultError) -> Secret
    {
        try openOrganizationKey(organizationKey, organization: context.organization).open(sealed, context: context)
    }

    /// Moves a secret from one organization key to the next; see ``OrganizationKey/rewrap(_:context:to:)``.
    package func rewrap(
        _ sealed: SealedSecret, context: SecretContext, from current: WrappedKey, to next: WrappedKey
    ) throws(VaultError) -> SealedSecret {
        try openOrganizationKey(current, organization: context.organization)
            .rewrap(sealed, context: context, to: openOrganizationKey(next, organization: context.organization))
    }

    // MARK: Platform keys

    /// A new key for a purpose of the platform, such as `api-key-hash` or `audit`, wrapped by the root key.
    package func makePlatformKey(purpose: String) throws(VaultError) -> WrappedKey {
        try wrapNew { id, rootKeyID in .platformKey(id, purpose: purpose, rootKeyID: rootKeyID) }
    }

    /// Unwraps a platform key, for the purpose that it was made for.
    ///
    /// - Throws: as ``openOrganizationKey(_:organization:)``; ``VaultError/refused`` for another purpose.
    package func openPlatformKey(_ wrapped: WrappedKey, purpose: String) throws(VaultError) -> PlatformKey {
        let key = try unwrap(
            wrapped, .platformKey(wrapped.keyID, purpose: purpose, rootKeyID: wrapped.wrappingKeyID))
        return PlatformKey(id: wrapped.keyID, purpose: purpose, key: key)
    }

    /// The same platform key, wrapped by the root key of `next`; as for organization keys.
    package func rewrap(platformKey wrapped: WrappedKey, purpose: String, to next: KeyVault)
        throws(VaultError) -> WrappedKey
    {
        try rewrap(wrapped, to: next) { id, rootKeyID in .platformKey(id, purpose: purpose, rootKeyID: rootKeyID) }
    }

    // MARK: Wrapping

    /// What is authenticated with a wrapped key, from the key's id and the root key's.
    private typealias Binding = (_ id: UUID, _ rootKeyID: String) -> AssociatedData

    private func wrapNew(_ binding: Binding) throws(VaultError) -> WrappedKey {
        let key = try Secret.random(count: CommittingCipher.keyCount)
        return try wrap(key, id: UUID(octets: Random.bytes(16)[...]), binding)
    }

    /// Wraps, and returns only what unwrapped again to the same key.
    private func wrap(_ key: borrowing Secret, id: UUID, _ binding: Binding) throws(VaultError) -> WrappedKey {
        // Taken once: another thread may name another root key in between.
        let root = ring.current
        let data = binding(id, root.rootKeyID)
        let wrapped = WrappedKey(
            keyID: id, wrappingKeyID: root.rootKeyID,
            bytes: [RecordFormat.version] + (try root.wrap(key, associatedData: data.bytes)))
        guard try unwrap(wrapped, data).equals(key) else { throw .sealingNotVerified }
        return wrapped
    }

    private func unwrap(_ wrapped: WrappedKey, _ data: AssociatedData) throws(VaultError) -> Secret {
        let root = try ring.provider(wrapped.wrappingKeyID)
        return try root.unwrap([UInt8](RecordFormat.body(wrapped.bytes)), associatedData: data.bytes)
    }

    private func rewrap(_ wrapped: WrappedKey, to next: KeyVault, _ binding: Binding) throws(VaultError) -> WrappedKey {
        if wrapped.wrappingKeyID == next.rootKeyID {
            _ = try next.unwrap(wrapped, binding(wrapped.keyID, next.rootKeyID))
            return wrapped
        }
        let key = try unwrap(wrapped, binding(wrapped.keyID, wrapped.wrappingKeyID))
        return try next.wrap(key, id: wrapped.keyID, binding)
    }
}
