import Testing
import Vault

@Suite struct TokenTests {
    @Test func `a token has its prefix, 32 random characters and a checksum`() {
        let token = Token.make(prefix: "sb_live_")
        #expect(token.count == 8 + 32 + 6)
        #expect(token.hasPrefix("sb_live_"))
        #expect(
            token.utf8.dropFirst(8).allSatisfy { byte in
                Character(UnicodeScalar(byte)).isLetter || (48...57).contains(byte)
            })
        #expect(Token.isWellFormed(token, prefix: "sb_live_"))
        #expect(Token.make(prefix: "sb_live_") != token)
    }

    /// Computed with zlib's crc32.
    @Test func `the checksum is CRC-32 in base 62`() {
        #expect(Token.isWellFormed("sb_live_0123456789abcdefghijKLMNOPQRSTUV2gRvtB", prefix: "sb_live_"))
    }

    @Test func `a token with any one character changed is not well formed`() {
        let token = [UInt8](Token.make(prefix: "sb_live_").utf8)
        for index in token.indices {
            for replacement in [UInt8]("0aZ-".utf8) where token[index] != replacement {
                var changed = token
                changed[index] = replacement
                #expect(!Token.isWellFormed(String(decoding: changed, as: UTF8.self), prefix: "sb_live_"))
            }
        }
    }

    @Test func `a token of another prefix or length is not well formed`() {
        let token = Token.make(prefix: "sb_live_")
        #expect(!Token.isWellFormed(token, prefix: "sb_hook_"))
        #expect(!Token.isWellFormed(token + "0", prefix: "sb_live_"))
        #expect(!Token.isWellFormed(String(token.dropLast()), prefix: "sb_live_"))
        #expect(!Token.isWellFormed("", prefix: "sb_live_"))
        #expect(!Token.isWellFormed("sb_live_", prefix: "sb_live_"))
    }

    @Test func `all 62 characters occur`() {
        let drawn = Set((0..<200).flatMap { _ in Token.make(prefix: "t_").dropFirst(2).prefix(32) })
        #expect(drawn.count == 62)
    }

    @Test func `random bytes differ and have the length asked for`() {
        #expect(Random.bytes(0).isEmpty)
        #expect(Random.bytes(16).count == 16)
        #expect(Random.bytes(16) != Random.bytes(16))
    }

    @Test func `a keyed hash depends on key and text, and compares`() throws {
        let vault = try Samples.vault()
        let first = KeyedHash(
            key: try vault.openPlatformKey(vault.makePlatformKey(purpose: "api-key-hash"), purpose: "api-key-hash"))
        let second = KeyedHash(
            key: try vault.openPlatformKey(vault.makePlatformKey(purpose: "api-key-hash"), purpose: "api-key-hash"))
        let digest = first.digest(of: "sb_live_x")
        #expect(digest.count == KeyedHash.count)
        #expect(try digest == first.digest(of: Secret("sb_live_x")))
        #expect(first.matches("sb_live_x", digest: digest))
        #expect(!first.matches("sb_live_y", digest: digest))
        #expect(!second.matches("sb_live_x", digest: digest))
        #expect(!first.matches("sb_live_x", digest: [UInt8](digest.dropLast())))
    }
}
