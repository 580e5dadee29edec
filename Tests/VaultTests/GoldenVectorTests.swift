import FoundationEssentials
import Testing
import Vault

/// Records made by another implementation of the written format (Python over libsodium and hashlib), from fixed keys
/// and nonces. If one of these no longer opens, the format has changed, and stored secrets are lost.
@Suite struct GoldenVectorTests {
    let organizationKey = WrappedKey(
        keyID: Samples.uuid("11111111-2222-4333-8444-555555555555"), wrappingKeyID: "36bcf2f119e22dcf",
        bytes: Samples.bytes(
            "01010101010101010101010101010101010101010101010101de679b7531c55eee924b370f404a4ae03e35e892b6b5cb7001d5feb9"
                + "c2ddb3a0e9a0554b3853ff05d4cda768eadf5a454e4b20fb8220508658df675d773881dcde65a05001902f19b1b828f4a5fc42"
                + "fe"))
    let platformKey = WrappedKey(
        keyID: Samples.uuid("bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"), wrappingKeyID: "36bcf2f119e22dcf",
        bytes: Samples.bytes(
            "01040404040404040404040404040404040404040404040404b8c418bd7f0347aeecfbfa326bfab6b2450c59eb5ef8ec0feafd57631b"
                + "b6d2384e9d6fb0ce7e532ad7e3b1161a49c1c1e904c388b2cb1fc2f98b8f2351b221b207b9a06fbb3e635afc8966c9efe48918"
        ))
    let sealed = SealedSecret(
        organizationKeyID: Samples.uuid("11111111-2222-4333-8444-555555555555"),
        bytes: Samples.bytes(
            "0166666666777748889999aaaaaaaaaaaa02020202020202020202020202020202020202020202020224b8414e5f99eecc5a230c9303"
                + "4fe75449cd1aaa129c2845b9011750ed327e7123e0358cec0f1d808052c5078d63f49c3a37c88272695a592b21d5b8fd433336"
                + "68850f9ac9634a97314f28c7bfab9e340303030303030303030303030303030303030303030303037814cc3d40969095a44f96"
                + "393f70ba63f18d20591110eba6fc372b96d631ebfd3a5d43b28e64b673a3f4686ac175774292f6b1fd9016117dfa6674d08a7c"
                + "a7eb0762586f37603597f0b3"))

    @Test func `the root key's id is as written down`() throws {
        #expect(try Samples.vault().rootKeyID == "36bcf2f119e22dcf")
        #expect(try Samples.vault(firstByte: 32).rootKeyID == "334dc06186e18df8")
    }

    @Test func `a secret sealed by version 1 opens`() throws {
        let secret = try Samples.vault().open(sealed, context: Samples.context, under: organizationKey)
        #expect(secret.exposed == [UInt8]("golden secret, not a token".utf8))
    }

    @Test func `a platform key wrapped by version 1 opens, and hashes as BLAKE2b-256 does`() throws {
        let key = try Samples.vault().openPlatformKey(platformKey, purpose: "api-key-hash")
        #expect(key.withBytes { [UInt8]($0) } == [UInt8](128..<160))
        #expect(
            KeyedHash(key: key).digest(of: "sb_live_example")
                == Samples.bytes("b2413c54c81dd9c5d10eff42e95ccf0ac0a0b6e3d67e751e38a907f0de97b344"))
    }

    @Test func `what is sealed today is laid out as version 1`() throws {
        let vault = try Samples.vault()
        let key = try vault.makeOrganizationKey(organization: Samples.organization)
        #expect(key.bytes.count == 105 && key.bytes.first == 1)
        let sealed = try vault.seal(Secret("abc"), context: Samples.context, under: key)
        #expect(sealed.bytes.count == 1 + 16 + 104 + 72 + 3 && sealed.bytes.first == 1)
    }

    @Test func `another version of the format is named`() throws {
        var changed = sealed.bytes
        changed[0] = 2
        let record = SealedSecret(organizationKeyID: sealed.organizationKeyID, bytes: changed)
        #expect(throws: VaultError.unsupportedFormat(2)) {
            _ = try Samples.vault().open(record, context: Samples.context, under: organizationKey)
        }
    }
}
