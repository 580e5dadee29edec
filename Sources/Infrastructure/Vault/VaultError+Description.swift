import FoundationEssentials
import Glibc

extension VaultError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .libraryUnavailable:
            "libsodium could not be initialized; check that the system gives random numbers (getrandom)."
        case .cannotLockMemory(let bytes, let limit, let errno):
            "Cannot lock \(bytes / 1024) KiB of memory for secrets (\(reason(errno)); the limit is "
                + (limit.map { "\($0 / 1024) KiB" } ?? "not set")
                + "): raise it with `ulimit -l 8192`, LimitMEMLOCK=8M in a systemd unit, "
                + "or `--ulimit memlock=8388608` for a container."
        case .arenaExhausted(let requested, let capacity):
            "The \(capacity / 1024) KiB of locked memory for secrets are full (\(requested) bytes more were asked for): "
                + "raise the limit of locked memory (`ulimit -l 8192`) or hold fewer secrets at once."
        case .cannotForbidDumps(let errno):
            "Core dumps could not be switched off (\(reason(errno))), so secrets could reach a disk."
        case .secretLength(let count):
            "A secret is 1 to \(Secret.maximumCount) bytes long, not \(count)."
        case .keyLength(let count):
            "A key is \(CommittingCipher.keyCount) bytes long, not \(count)."
        case .rootKeyFile(let path, let problem):
            problem.describe(path)
        case .rootKeyCommand(let problem):
            problem.sentence
        case .wrongRootKey(let expected, let given):
            "This was sealed with root key \(expected), but root key \(given) is configured: "
                + "configure the file of root key \(expected)."
        case .wrongOrganizationKey(let expected, let given):
            "This was sealed under organization key \(expected), not under \(given)."
        case .malformedRecord:
            "The sealed record has a wrong length: it was cut, or it is no sealed record."
        case .unsupportedFormat(let version):
            "The sealed record has format \(version), which this version of Switchboard does not know."
        case .refused:
            "The sealed record was refused: it was changed, or it belongs to another organization, credential, "
                + "field or version."
        case .sealingNotVerified:
            "What was sealed did not open again, so it was not kept: the memory or processor of this machine is suspect."
        }
    }
}

extension RootKeyFileProblem {
    fileprivate func describe(_ path: String) -> String {
        let quoted = "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        return switch self {
        case .absent:
            "There is no root key at \(path): put the file there from its backup, or point the configuration at it."
        case .notARegularFile:
            "The root key \(path) is not a regular file: point the configuration at the file itself."
        case .tooOpen(let mode):
            "The root key file \(path) has mode 0\(String(mode, radix: 8)), which lets others at it: "
                + "run `chmod 600 \(quoted)`."
        case .foreignOwner(let owner, let process):
            "The root key file \(path) belongs to user \(owner), but this process runs as user \(process): "
                + "run `chown \(process) \(quoted)`, or run as its owner."
        case .damaged:
            "The root key file \(path) is damaged: restore it from its backup."
        case .unsupportedVersion:
            "The root key file \(path) was written by a newer Switchboard: use that version or a newer one."
        case .inputOutput(let operation, let errno):
            "The root key file \(path) could not be used (\(operation): \(reason(errno)))."
        }
    }
}

extension RootKeyCommandProblem {
    fileprivate var sentence: String {
        switch self {
        case .empty:
            "The command that holds the root key is empty: give a program and its arguments, parted by spaces."
        case .cannotStart(let program, let errno):
            "The root key's command \(program) could not be started (\(reason(errno))): give its full path, and make "
                + "it executable for this user."
        case .noAnswer(let program):
            "The root key's command \(program) ended or did not answer within "
                + "\(CommandRootKey.patienceInSeconds) seconds: its own messages are on standard error."
        case .malformedAnswer(let program):
            "The root key's command \(program) answered something that its protocol does not have: see "
                + "ARCHITECTURE.md, \"The root key's command\"."
        case .unavailable(let program, let reason):
            "The root key's command \(program) cannot serve just now: \(reason)"
        }
    }
}

/// The system's own words for an error number.
private func reason(_ code: Int32) -> String {
    // strerror keeps its buffer per thread in glibc 2.32 and later, and the text is copied at once.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
