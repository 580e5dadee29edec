package import FoundationEssentials

/// Where a secret belongs. All of it is authenticated: a record moved to another organization, credential, kind,
/// field or version does not open.
package struct SecretContext: Sendable, Equatable {
    package let organization: UUID
    /// The kind of credential, such as `TWILIO`.
    package let kind: String
    package let credential: UUID
    /// The field of the credential, such as `authToken`.
    package let field: String
    /// The version of the secret. A newer version of the same field has another number.
    package let version: Int

    package init(organization: UUID, kind: String, credential: UUID, field: String, version: Int) {
        self.organization = organization
        self.kind = kind
        self.credential = credential
        self.field = field
        self.version = version
    }
}

/// A key that is stored wrapped by another.
package struct WrappedKey: Sendable, Equatable {
    /// Names the key, and stays the same when it is wrapped anew.
    package let keyID: UUID
    /// The id of the root key that wraps it.
    package let wrappingKeyID: String
    /// Opaque. The first byte is the version of the format.
    package let bytes: [UInt8]

    package init(keyID: UUID, wrappingKeyID: String, bytes: [UInt8]) {
        self.keyID = keyID
        self.wrappingKeyID = wrappingKeyID
        self.bytes = bytes
    }
}

/// A secret sealed under a data key of its own, which the record carries wrapped by an organization key.
package struct SealedSecret: Sendable, Equatable {
    /// The organization key that wraps the data key.
    package let organizationKeyID: UUID
    /// Opaque. The first byte is the version of the format.
    package let bytes: [UInt8]

    package init(organizationKeyID: UUID, bytes: [UInt8]) {
        self.organizationKeyID = organizationKeyID
        self.bytes = bytes
    }
}
