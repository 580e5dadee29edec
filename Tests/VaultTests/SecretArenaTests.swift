import Testing
import Vault

@Suite struct SecretArenaTests {
    private func smallArena() throws -> SecretArena { try SecretArena(sizes: [32 * 1024]) }

    @Test func `a secret is overwritten when it ends`() throws {
        let arena = try smallArena()
        #expect(arena.census() == SecretArena.Census(takenBytes: 0, residue: 0))
        // Read before and after at the same address, which the arena keeps mapped.
        let address = try held(in: arena)
        #expect(arena.census() == SecretArena.Census(takenBytes: 0, residue: 0))
        #expect(UnsafeRawBufferPointer(start: address, count: 100).allSatisfy { $0 == 0 })
    }

    private func held(in arena: SecretArena) throws -> UnsafeRawPointer? {
        let secret = try Secret(copying: [UInt8](repeating: 0xAA, count: 100), in: arena)
        let address = secret.withBytes { $0.baseAddress }
        // The control: while it lives, its bytes are there.
        #expect(UnsafeRawBufferPointer(start: address, count: 100).allSatisfy { $0 == 0xAA })
        #expect(arena.census().takenBytes == 128)
        return address
    }

    @Test func `a full arena is an error, and what ends makes room again`() throws {
        let arena = try smallArena()
        var held: [SharedSecret] = []
        let error = #expect(throws: VaultError.self) {
            while true { held.append(SharedSecret(try Secret.random(count: 1000, in: arena))) }
        }
        #expect(error == .arenaExhausted(requested: 1000, capacity: 32 * 1024))
        #expect(held.count == 31)
        held.remove(at: 10)
        _ = try Secret.random(count: 1000, in: arena)
    }

    @Test func `gaps join, so an arena that was full of small secrets takes the largest again`() throws {
        let arena = try smallArena()
        var held: [SharedSecret] = []
        #expect(throws: VaultError.self) {
            while true { held.append(SharedSecret(try Secret.random(count: 32, in: arena))) }
        }
        #expect(held.count == 511)
        // Every other one leaves gaps of 48 usable bytes, and no more.
        held = held.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        #expect(throws: VaultError.arenaExhausted(requested: 49, capacity: 32 * 1024)) {
            _ = try Secret.random(count: 49, in: arena)
        }
        held.removeAll()
        #expect(try Secret.random(count: Secret.maximumCount, in: arena).count == Secret.maximumCount)
        #expect(arena.census() == SecretArena.Census(takenBytes: 0, residue: 0))
    }

    @Test func `the largest size that can be locked is taken`() throws {
        #expect(try SecretArena(sizes: [1 << 46, 64 * 1024]).capacity == 64 * 1024)
    }

    @Test func `memory that cannot be locked is an error that says what to do`() throws {
        let error = #expect(throws: VaultError.self) { _ = try SecretArena(sizes: [1 << 46]) }
        guard case .cannotLockMemory(1 << 46, _, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(error?.description.contains("ulimit -l") == true)
        #expect(error?.description.contains("LimitMEMLOCK") == true)
    }

    @Test func `a write past the end of a secret ends the process`() async {
        await #expect(processExitsWith: .failure) {
            _ = try Secret(count: 10) { bytes in
                bytes.baseAddress?.advanced(by: 10).storeBytes(of: 1, as: UInt8.self)
            }
        }
    }

    @Test func `hardening forbids core dumps`() async {
        await #expect(processExitsWith: .success) {
            precondition(!ProcessHardening.isApplied)
            try ProcessHardening.apply()
            precondition(ProcessHardening.isApplied)
        }
    }

    @Test func `many tasks at once leave nothing behind`() async throws {
        let arena = try smallArena()
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 1...500 {
                        let byte = UInt8(truncatingIfNeeded: task * 31 + round)
                        let bytes = [UInt8](repeating: byte, count: 1 + round % 200)
                        let same = (try? Secret(copying: bytes, in: arena))?.exposed == bytes
                        #expect(same)
                    }
                }
            }
        }
        #expect(arena.census() == SecretArena.Census(takenBytes: 0, residue: 0))
    }
}
