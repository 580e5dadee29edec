package import FoundationEssentials

/// An organization's key, unwrapped, in locked memory: seals and opens that organization's secrets and no other's.
///
/// Keep it for one piece of work. Whoever keeps it longer must let go of it when the key is rotated or shredded.
package final class OrganizationKey: Sendable {
    package let id: UUID
    package let organization: UUID
    private let key: Secret

    init(id: UUID, organization: UUID, key: consuming Secret) {
        self.id = id
        self.organization = organization
        self.key = key
    }

    /// Seals `secret` under a new data key, and returns only what opened again to the same bytes.
    ///
    /// - Throws: ``VaultError/refused`` for another organization's context, ``VaultError/sealingNotVerified``, and what
    ///   locked memory throws.
    package func seal(_ secret: borrowing Secret, context: SecretContext) throws(VaultError) -> SealedSecret {
        guard context.organization == organization else { throw .refused }
        let dataKey = try Secret.random(count: CommittingCipher.keyCount)
        let dataKeyID = UUID(octets: Random.bytes(16)[...])
        let secretBox = try CommittingCipher.seal(
            secret, .secret(context: context, dataKeyID: dataKeyID), under: dataKey)
        let sealed = SealedSecret(
            organizationKeyID: id,
            bytes: SealedParts(
                dataKeyID: dataKeyID, dataKeyBox: try wrap(dataKey, dataKeyID, context), secretBox: secretBox
            ).record)
        try verify(sealed, context: context, holds: secret)
        return sealed
    }

    /// The secret that was sealed for exactly this context.
    ///
    /// - Throws: ``VaultError/wrongOrganizationKey(expected:given:)``, ``VaultError/unsupportedFormat(_:)``,
    ///   ``VaultError/malformedRecord``, and ``VaultError/refused`` for a changed record or another context.
    package func open(_ sealed: SealedSecret, context: SecretContext) throws(VaultError) -> Secret {
        let parts = try SealedParts(sealed.bytes)
        let dataKey = try unwrapDataKey(of: sealed, parts, context)
        return try CommittingCipher.open(
            parts.secretBox[...], .secret(context: context, dataKeyID: parts.dataKeyID), under: dataKey)
    }

    /// The same secret with its data key wrapped by `next`: the secret itself is not sealed anew, but it is opened
    /// under both keys and compared. A record that is already under `next` is checked and returned as it is, so that
    /// an interrupted rotation can begin again.
    package func rewrap(_ sealed: SealedSecret, context: SecretContext, to next: OrganizationKey)
        throws(VaultError) -> SealedSecret
    {
        guard next.organization == organization else { throw .refused }
        if sealed.organizationKeyID == next.id {
            _ = try next.open(sealed, context: context)
            return sealed
        }
        let secret = try open(sealed, context: context)
        var parts = try SealedParts(sealed.bytes)
        let dataKey = try unwrapDataKey(of: sealed, parts, context)
        parts.dataKeyBox = try next.wrap(dataKey, parts.dataKeyID, context)
        let moved = SealedSecret(organizationKeyID: next.id, bytes: parts.record)
        try next.verify(moved, context: context, holds: secret)
        return moved
    }

    private func wrap(_ dataKey: borrowing Secret, _ dataKeyID: UUID, _ context: SecretContext)
        throws(VaultError) -> [UInt8]
    {
        try CommittingCipher.seal(
            dataKey, .dataKey(dataKeyID, context: context, organizationKeyID: id), under: key)
    }

    private func unwrapDataKey(of sealed: SealedSecret, _ parts: SealedParts, _ context: SecretContext)
        throws(VaultError) -> Secret
    {
        guard sealed.organizationKeyID == id else {
            throw .wrongOrganizationKey(expected: sealed.organizationKeyID, given: id)
        }
        guard context.organization == organization else { throw .refused }
        return try CommittingCipher.open(
            parts.dataKeyBox[...], .dataKey(parts.dataKeyID, context: context, organizationKeyID: id), under: key)
    }

    private func verify(_ sealed: SealedSecret, context: SecretContext, holds secret: borrowing Secret)
        throws(VaultError)
    {
        guard try open(sealed, context: context).equals(secret) else { throw .sealingNotVerified }
    }
}
