import Testing
import Vault

/// One ciphertext that Poly1305 accepts under two keys, made by solving for a block of it. Without the commitment,
/// whoever holds both keys could show one record as two different secrets.
@Suite struct KeyCommitmentTests {
    let first = [UInt8](repeating: 0x11, count: 32)
    let second = [UInt8](repeating: 0x22, count: 32)
    let associatedData = [UInt8]("both keys".utf8)
    let nonce = [UInt8](repeating: 0x33, count: 24)
    let ciphertext = Samples.bytes(
        "b40711a88c7039756fb8a73827eabe2c340a8ed7b7bdaf77670d4a441436d870c442987f4d7133f68d31e9ea6e378099")
    let commitmentToFirst = Samples.bytes("fdbc55a7ec7935b6f54e622d28260b8c106990ade820e4ec71873a1c1f19a10e")
    let commitmentToSecond = Samples.bytes("d01966c9a2608cbf3388167f610e555d5c86ea23457b4a6e4d33c762d54df27c")

    private func open(_ commitment: [UInt8], under key: [UInt8]) -> Result<[UInt8], VaultError> {
        outcome { () throws(VaultError) in
            try LocalRootKey(RootKey(Secret(copying: key)))
                .unwrap(nonce + commitment + ciphertext, associatedData: associatedData)
        }
    }

    /// The control: both keys pass Poly1305, to different texts, so only the commitment stands between them.
    @Test func `the ciphertext opens under each key that its box commits to`() {
        #expect(
            open(commitmentToFirst, under: first)
                == .success(Samples.bytes("0ea36621f41b3a42ed2c8f9ce90740fabf4df229fb0edbfb8c69dc3e84212731")))
        #expect(
            open(commitmentToSecond, under: second)
                == .success(Samples.bytes("26fd35c549b45cf3cfa0ae93790c150b196a8fdeea43f1c66bdca4437ab64619")))
    }

    @Test func `the same ciphertext is refused under the key that its box does not commit to`() {
        #expect(open(commitmentToFirst, under: second) == .failure(.refused))
        #expect(open(commitmentToSecond, under: first) == .failure(.refused))
    }
}
