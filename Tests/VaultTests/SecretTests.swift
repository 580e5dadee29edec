import Testing
import Vault

@Suite struct SecretTests {
    @Test func `a secret gives back what was put in`() throws {
        #expect(try Secret("token ü").exposed == [UInt8]("token ü".utf8))
        #expect(try Secret(copying: [0, 1, 255]).exposed == [0, 1, 255])
        #expect(try Secret("token").copy().exposed == [UInt8]("token".utf8))
    }

    @Test func `secrets compare by their bytes`() throws {
        #expect(try Secret("abc").equals(Secret("abc")))
        #expect(try !Secret("abc").equals(Secret("abd")))
        #expect(try !Secret("abc").equals(Secret("abcd")))
    }

    @Test(arguments: [0, Secret.maximumCount + 1])
    func `a length out of range is refused`(count: Int) {
        #expect(throws: VaultError.secretLength(count)) {
            _ = try Secret(copying: [UInt8](repeating: 1, count: count))
        }
    }

    @Test func `the longest secret can be sealed and opened`() throws {
        let vault = try Samples.vault()
        let key = try vault.makeOrganizationKey(organization: Samples.organization)
        let bytes = Random.bytes(Secret.maximumCount)
        let sealed = try vault.seal(Secret(copying: bytes), context: Samples.context, under: key)
        #expect(try vault.open(sealed, context: Samples.context, under: key).exposed == bytes)
    }

    @Test func `a shared secret prints nothing of itself`() throws {
        let shared = SharedSecret(try Secret("unprintable"))
        var dumped = ""
        dump(shared, to: &dumped)
        for text in [dumped, "\(shared)", String(reflecting: shared)] {
            #expect(!text.contains("unprintable"))
            // Nor the numbers of its bytes, nor where they are.
            #expect(!text.contains("117") && !text.contains("0x"))
        }
        #expect(shared.withBytes { [UInt8]($0) } == [UInt8]("unprintable".utf8))
    }

    @Test func `two seals of one secret have nothing in common`() throws {
        let vault = try Samples.vault()
        let key = try vault.makeOrganizationKey(organization: Samples.organization)
        let first = try vault.seal(Secret("same"), context: Samples.context, under: key).bytes
        let second = try vault.seal(Secret("same"), context: Samples.context, under: key).bytes
        #expect(first.dropFirst() != second.dropFirst())
        // Data key's id, its nonce, and the secret's nonce.
        for range in [1..<17, 17..<41, 121..<145] { #expect(first[range] != second[range]) }
    }

    @Test func `no error tells a byte of a secret`() throws {
        let vault = try Samples.vault()
        let key = try vault.makeOrganizationKey(organization: Samples.organization)
        var sealed = try vault.seal(Secret("canary-7f3a"), context: Samples.context, under: key).bytes
        sealed[sealed.count - 1] ^= 1
        let record = SealedSecret(organizationKeyID: key.keyID, bytes: sealed)
        let error = #expect(throws: VaultError.self) {
            _ = try vault.open(record, context: Samples.context, under: key)
        }
        #expect(String(reflecting: error).contains("canary") == false)
    }
}
