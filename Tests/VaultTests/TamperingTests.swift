import FoundationEssentials
import Testing
import Vault

@Suite struct TamperingTests {
    let vault: KeyVault
    let key: WrappedKey
    let sealed: SealedSecret

    init() throws {
        vault = try Samples.vault()
        key = try vault.makeOrganizationKey(organization: Samples.organization)
        sealed = try vault.seal(Secret("the secret"), context: Samples.context, under: key)
    }

    private func open(_ bytes: [UInt8]) -> Result<[UInt8], VaultError> {
        let record = SealedSecret(organizationKeyID: sealed.organizationKeyID, bytes: bytes)
        return outcome { () throws(VaultError) in try vault.open(record, context: Samples.context, under: key) }
    }

    @Test func `the untouched record opens`() {
        #expect(open(sealed.bytes) == .success([UInt8]("the secret".utf8)))
    }

    @Test func `every changed bit of a sealed secret is refused`() {
        for index in sealed.bytes.indices {
            for bit in 0..<8 {
                var changed = sealed.bytes
                changed[index] ^= 1 << UInt8(bit)
                let expected: VaultError = index == 0 ? .unsupportedFormat(changed[0]) : .refused
                #expect(open(changed) == .failure(expected), "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `every changed bit of a wrapped key is refused`() {
        for index in key.bytes.indices {
            for bit in 0..<8 {
                var changed = key.bytes
                changed[index] ^= 1 << UInt8(bit)
                let record = WrappedKey(keyID: key.keyID, wrappingKeyID: key.wrappingKeyID, bytes: changed)
                let expected: VaultError = index == 0 ? .unsupportedFormat(changed[0]) : .refused
                #expect(throws: expected, "byte \(index), bit \(bit)") {
                    try vault.openOrganizationKey(record, organization: Samples.organization)
                }
            }
        }
    }

    @Test func `every cut of a sealed secret is refused, and so is every addition`() {
        for count in sealed.bytes.indices {
            guard case .failure(let error) = open([UInt8](sealed.bytes.prefix(count))) else {
                Issue.record("\(count) bytes opened")
                continue
            }
            #expect(error == .malformedRecord || error == .refused)
        }
        #expect(open(sealed.bytes + [0]) == .failure(.refused))
    }

    @Test(arguments: [
        SecretContext(
            organization: Samples.organization, kind: "OTHER", credential: Samples.credential, field: "authToken",
            version: 7),
        SecretContext(
            organization: Samples.organization, kind: "TWILIO", credential: Samples.organization, field: "authToken",
            version: 7),
        SecretContext(
            organization: Samples.organization, kind: "TWILIO", credential: Samples.credential, field: "apiSecret",
            version: 7),
        SecretContext(
            organization: Samples.organization, kind: "TWILIO", credential: Samples.credential, field: "authToken",
            version: 6),
        SecretContext(
            organization: Samples.credential, kind: "TWILIO", credential: Samples.credential, field: "authToken",
            version: 7),
    ])
    func `a record in another's place is refused`(context: SecretContext) {
        #expect(throws: VaultError.refused) { _ = try vault.open(sealed, context: context, under: key) }
    }

    @Test func `a boundary moved between two names is refused`() throws {
        let shifted = SecretContext(
            organization: Samples.organization, kind: "TWILI", credential: Samples.credential, field: "OauthToken",
            version: 7)
        #expect(throws: VaultError.refused) { _ = try vault.open(sealed, context: shifted, under: key) }
    }

    @Test func `a secret under another organization's key is refused, even with the ids made to agree`() throws {
        let other = Samples.credential
        let otherKey = try vault.makeOrganizationKey(organization: other)
        let moved = SealedSecret(organizationKeyID: otherKey.keyID, bytes: sealed.bytes)
        let context = SecretContext(
            organization: other, kind: "TWILIO", credential: Samples.credential, field: "authToken", version: 7)
        #expect(throws: VaultError.refused) { _ = try vault.open(moved, context: context, under: otherKey) }
        #expect(throws: VaultError.refused) { _ = try vault.open(sealed, context: Samples.context, under: otherKey) }
        #expect(throws: VaultError.refused) {
            try vault.openOrganizationKey(otherKey, organization: Samples.organization)
        }
    }

    @Test func `a data key cannot be put in front of another version's secret`() throws {
        let later = SecretContext(
            organization: Samples.organization, kind: "TWILIO", credential: Samples.credential, field: "authToken",
            version: 8)
        let next = try vault.seal(Secret("new secret"), context: later, under: key)
        let spliced = [UInt8](next.bytes.prefix(121)) + sealed.bytes.dropFirst(121)
        #expect(open(spliced) == .failure(.refused))
        let record = SealedSecret(organizationKeyID: key.keyID, bytes: spliced)
        #expect(throws: VaultError.refused) { _ = try vault.open(record, context: later, under: key) }
    }

    @Test func `another key of the same organization is named`() throws {
        let second = try vault.makeOrganizationKey(organization: Samples.organization)
        #expect(throws: VaultError.wrongOrganizationKey(expected: key.keyID, given: second.keyID)) {
            _ = try vault.open(sealed, context: Samples.context, under: second)
        }
    }

    @Test func `a platform key opens for its own purpose only`() throws {
        let hashing = try vault.makePlatformKey(purpose: "api-key-hash")
        #expect(try vault.openPlatformKey(hashing, purpose: "api-key-hash").id == hashing.keyID)
        #expect(throws: VaultError.refused) { try vault.openPlatformKey(hashing, purpose: "audit") }
        #expect(throws: VaultError.refused) {
            try vault.openOrganizationKey(hashing, organization: Samples.organization)
        }
    }
}
