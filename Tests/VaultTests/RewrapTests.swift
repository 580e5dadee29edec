import Testing
import Vault

@Suite struct RewrapTests {
    @Test func `a wrong root key is an error that names both keys`() throws {
        let vault = try Samples.vault()
        let other = try Samples.vault(firstByte: 32)
        let key = try vault.makeOrganizationKey(organization: Samples.organization)
        let error = #expect(throws: VaultError.self) {
            try other.openOrganizationKey(key, organization: Samples.organization)
        }
        #expect(error == .wrongRootKey(expected: vault.rootKeyID, given: other.rootKeyID))
        #expect(error?.description.contains(vault.rootKeyID) == true)
        #expect(error?.description.contains(other.rootKeyID) == true)
    }

    @Test func `a record whose root key id was changed to the one in use is refused`() throws {
        let key = try Samples.vault().makeOrganizationKey(organization: Samples.organization)
        let other = try Samples.vault(firstByte: 32)
        let relabelled = WrappedKey(keyID: key.keyID, wrappingKeyID: other.rootKeyID, bytes: key.bytes)
        #expect(throws: VaultError.refused) {
            try other.openOrganizationKey(relabelled, organization: Samples.organization)
        }
    }

    @Test func `after a change of root key the sealed secrets stay as they are and open`() throws {
        let old = try Samples.vault()
        let new = try Samples.vault(firstByte: 32)
        let key = try old.makeOrganizationKey(organization: Samples.organization)
        let sealed = try old.seal(Secret("kept"), context: Samples.context, under: key)

        let moved = try old.rewrap(organizationKey: key, organization: Samples.organization, to: new)
        #expect(moved.keyID == key.keyID && moved.wrappingKeyID == new.rootKeyID)
        #expect(try new.open(sealed, context: Samples.context, under: moved).exposed == [UInt8]("kept".utf8))
        #expect(throws: VaultError.wrongRootKey(expected: new.rootKeyID, given: old.rootKeyID)) {
            _ = try old.open(sealed, context: Samples.context, under: moved)
        }
    }

    @Test func `rewrapping again what the new root key wraps already changes nothing`() throws {
        let old = try Samples.vault()
        let new = try Samples.vault(firstByte: 32)
        let key = try old.makeOrganizationKey(organization: Samples.organization)
        let moved = try old.rewrap(organizationKey: key, organization: Samples.organization, to: new)
        #expect(try old.rewrap(organizationKey: moved, organization: Samples.organization, to: new) == moved)
    }

    @Test func `a platform key keeps its bytes when its root key changes`() throws {
        let old = try Samples.vault()
        let new = try Samples.vault(firstByte: 32)
        let key = try old.makePlatformKey(purpose: "audit")
        let before = KeyedHash(key: try old.openPlatformKey(key, purpose: "audit")).digest(of: "row")
        let moved = try old.rewrap(platformKey: key, purpose: "audit", to: new)
        #expect(KeyedHash(key: try new.openPlatformKey(moved, purpose: "audit")).digest(of: "row") == before)
        #expect(throws: VaultError.refused) { _ = try old.rewrap(platformKey: key, purpose: "other", to: new) }
    }

    @Test func `a change of organization key moves the data key and not the secret's ciphertext`() throws {
        let vault = try Samples.vault()
        let current = try vault.makeOrganizationKey(organization: Samples.organization)
        let next = try vault.makeOrganizationKey(organization: Samples.organization)
        let sealed = try vault.seal(Secret("kept"), context: Samples.context, under: current)

        let moved = try vault.rewrap(sealed, context: Samples.context, from: current, to: next)
        #expect(moved.organizationKeyID == next.keyID)
        #expect(moved.bytes.dropFirst(121) == sealed.bytes.dropFirst(121))
        #expect(moved.bytes.prefix(121) != sealed.bytes.prefix(121))
        #expect(try vault.open(moved, context: Samples.context, under: next).exposed == [UInt8]("kept".utf8))
        #expect(throws: VaultError.wrongOrganizationKey(expected: next.keyID, given: current.keyID)) {
            _ = try vault.open(moved, context: Samples.context, under: current)
        }
        #expect(try vault.rewrap(moved, context: Samples.context, from: current, to: next) == moved)
    }

    @Test func `a rewrap for another context is refused`() throws {
        let vault = try Samples.vault()
        let current = try vault.makeOrganizationKey(organization: Samples.organization)
        let next = try vault.makeOrganizationKey(organization: Samples.organization)
        let sealed = try vault.seal(Secret("kept"), context: Samples.context, under: current)
        let other = SecretContext(
            organization: Samples.organization, kind: "TWILIO", credential: Samples.credential, field: "authToken",
            version: 8)
        #expect(throws: VaultError.refused) {
            _ = try vault.rewrap(sealed, context: other, from: current, to: next)
        }
    }
}
