package import FoundationEssentials

/// Why the vault refused. The description is one sentence that a log and an administrator may see:
/// it names identifiers, paths and limits, and never holds a byte of a key or of a secret.
package enum VaultError: Error, Equatable, Sendable {
    /// libsodium could not be initialized.
    case libraryUnavailable
    /// Not even `bytes` of memory could be locked; `limit` is `RLIMIT_MEMLOCK` in bytes, nil when unlimited.
    case cannotLockMemory(bytes: Int, limit: Int?, errno: Int32)
    /// Locked memory has no free run of `requested` bytes left out of `capacity`.
    case arenaExhausted(requested: Int, capacity: Int)
    /// Core dumps could not be switched off.
    case cannotForbidDumps(errno: Int32)
    /// A secret is empty or longer than ``Secret/maximumCount``.
    case secretLength(Int)
    /// A key is not 32 bytes long.
    case keyLength(Int)
    /// The root key file cannot be used.
    case rootKeyFile(path: String, problem: RootKeyFileProblem)
    /// The command that holds the root key cannot be used.
    case rootKeyCommand(RootKeyCommandProblem)
    /// The record was sealed by root key `expected`; the process holds root key `given`.
    case wrongRootKey(expected: String, given: String)
    /// The record was sealed under organization key `expected`; organization key `given` was offered.
    case wrongOrganizationKey(expected: UUID, given: UUID)
    /// The bytes are too short or too long to be a record of this kind.
    case malformedRecord
    /// The record's first byte names a format that this version does not know.
    case unsupportedFormat(UInt8)
    /// The record is damaged, forged, or belongs to another organization, credential, field or version.
    case refused
    /// What was just sealed did not open to the same bytes, so it was thrown away.
    case sealingNotVerified
}

/// What is wrong with a root key file.
package enum RootKeyFileProblem: Equatable, Sendable {
    case absent
    case notARegularFile
    /// Permission bits beyond owner read and write.
    case tooOpen(mode: UInt32)
    case foreignOwner(owner: UInt32, process: UInt32)
    case damaged
    case unsupportedVersion
    case inputOutput(operation: String, errno: Int32)
}

/// What is wrong with the command that holds a root key.
package enum RootKeyCommandProblem: Equatable, Sendable {
    /// It is named by nothing but spaces.
    case empty
    case cannotStart(program: String, errno: Int32)
    /// It ended, closed its side, or did not answer in time.
    case noAnswer(program: String)
    /// It answered something that the protocol does not have.
    case malformedAnswer(program: String)
    /// It said that it cannot just now, in its own words.
    case unavailable(program: String, reason: String)
}
