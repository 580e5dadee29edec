import CSodium
import Dispatch

/// Argon2id (RFC 9106) through libsodium's `crypto_pwhash_str`: slow and hungry for memory on purpose.
///
/// The work is done on threads of its own, never on the cooperative pool, and only so many at a time: each takes tens of
/// megabytes.
package final class PasswordHasher: Sendable {
    /// What one hash costs.
    package enum Strength: Sendable {
        /// 64 MiB and two passes (`crypto_pwhash_*_INTERACTIVE`).
        case interactive
        /// As little as libsodium allows, for tests.
        case least

        var passes: UInt64 {
            switch self {
            case .interactive: UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE)
            case .least: UInt64(crypto_pwhash_OPSLIMIT_MIN)
            }
        }

        var memory: Int {
            switch self {
            case .interactive: Int(crypto_pwhash_MEMLIMIT_INTERACTIVE)
            case .least: Int(crypto_pwhash_MEMLIMIT_MIN)
            }
        }
    }

    package enum Failure: Error, Equatable, Sendable {
        /// So many wait already that one more would wait too long.
        case busy
        /// Argon2id could not get its memory.
        case outOfMemory
    }

    private let strength: Strength
    private let gate: Gate
    private let threads = DispatchQueue(label: "switchboard.passwords", attributes: .concurrent)
    /// What is verified where there is no user, so that the answer takes as long.
    private let dummy: String

    /// - Parameters:
    ///   - concurrency: hashes at a time.
    ///   - waiting: callers that wait; one more is refused.
    package init(strength: Strength = .interactive, concurrency: Int = 2, waiting: Int = 64) throws(Failure) {
        self.strength = strength
        gate = Gate(places: concurrency, waiting: waiting)
        guard (try? Sodium.start()) != nil, let secret = try? Secret.random(count: 32) else { throw .outOfMemory }
        dummy = try Self.hash(secret, strength)
    }

    /// `$argon2id$…`: salt and cost are in it.
    package func hash(_ password: SharedSecret) async throws(Failure) -> String {
        let strength = strength
        return try await run {
            Result { () throws(Failure) in
                try password.withSecret { secret throws(Failure) in try Self.hash(secret, strength) }
            }
        }
    }

    /// Whether `password` is the one behind `hash`. Without a hash the answer is no, after as much work.
    package func verify(_ password: SharedSecret, against hash: String?) async throws(Failure) -> Bool {
        let stored = hash ?? dummy
        let isRight = try await run { () -> Result<Bool, Failure> in
            .success(password.withSecret { Self.verify($0, stored) })
        }
        return isRight && hash != nil
    }

    /// Whether a hash was made at another cost than what is asked now.
    package func isOutdated(_ hash: String) -> Bool {
        unsafe hash.withCString { unsafe crypto_pwhash_str_needs_rehash($0, strength.passes, strength.memory) } != 0
    }

    private func run<R: Sendable>(_ work: @escaping @Sendable () -> Result<R, Failure>) async throws(Failure) -> R {
        guard await gate.enter() else { throw .busy }
        let result = await withCheckedContinuation { continuation in
            threads.async { continuation.resume(returning: work()) }
        }
        await gate.leave()
        return try result.get()
    }

    private static func hash(_ password: borrowing Secret, _ strength: Strength) throws(Failure) -> String {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let count = UInt64(password.count)
        let code = unsafe password.withAddress { bytes in
            unsafe crypto_pwhash_str(
                &text, UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), count, strength.passes,
                strength.memory)
        }
        guard code == 0 else { throw .outOfMemory }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func verify(_ password: borrowing Secret, _ hash: String) -> Bool {
        let count = UInt64(password.count)
        let code = unsafe password.withAddress { bytes in
            unsafe hash.withCString {
                unsafe crypto_pwhash_str_verify(
                    $0, UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), count)
            }
        }
        return code == 0
    }
}

/// Lets so many in at a time, and so many wait.
private actor Gate {
    private var places: Int
    private let limit: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int, waiting limit: Int) {
        self.places = places
        self.limit = limit
    }

    /// `false` when too many wait already.
    func enter() async -> Bool {
        if places > 0 {
            places -= 1
            return true
        }
        guard waiting.count < limit else { return false }
        await withCheckedContinuation { waiting.append($0) }
        return true
    }

    func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
