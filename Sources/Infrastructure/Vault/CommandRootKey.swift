import Glibc
import Synchronization

/// A root key that a program holds for us: the client of a KMS or HSM. The root key itself never comes here.
///
/// The program is started once and asked over one socket, which is its standard input and output; when it ends, it is
/// started anew with the next question. Secrets are never among its arguments or in its environment. Each question and
/// each answer is one frame: the length of the rest (4 bytes, big-endian), one byte that says what it is, and fields,
/// each behind its own length of 4 bytes.
///
///     question  'I'                                     which key wraps now?
///               'W'  key id, associated data, key       wrap the key under that root key
///               'U'  key id, associated data, wrapped   unwrap
///     answer     0   the key id, the wrapped bytes, or the key
///                1   refused: not wrapped by this root key with this associated data
///                2   cannot just now; one field, a sentence for the log
///
/// A key id has 1 to 64 printable ASCII characters. A program may hold several root keys: it wraps under the one that
/// it names by 'I', and unwraps by any that it still has.
package final class CommandRootKey: RootKeyProvider {
    package let rootKeyID: String
    package let mayBlock = true
    private let child: Mutex<RootKeyChild>

    /// How long one answer may take.
    package static let patienceInSeconds = 10

    /// Starts the program and asks for its key's id.
    ///
    /// - Parameter words: the program's full path and its arguments.
    /// - Throws: ``VaultError/rootKeyCommand(_:)``.
    package init(_ words: [String]) throws(VaultError) {
        guard let program = words.first else { throw .rootKeyCommand(.empty) }
        child = Mutex(RootKeyChild(words))
        let question = try RootKeyChild.frame(UInt8(ascii: "I"), [])
        let answer = try child.withLock { child throws(VaultError) in try child.ask(question) }
        let bytes = unsafe answer.withBytes { unsafe [UInt8]($0) }
        guard (1...64).contains(bytes.count), bytes.allSatisfy({ (33...126).contains($0) }) else {
            throw .rootKeyCommand(.malformedAnswer(program: program))
        }
        rootKeyID = String(decoding: bytes, as: UTF8.self)
    }

    package func wrap(_ key: borrowing Secret, associatedData: [UInt8]) throws(VaultError) -> [UInt8] {
        let question = try RootKeyChild.frame(
            UInt8(ascii: "W"), [[UInt8](rootKeyID.utf8), associatedData], secret: SharedSecret(try key.copy()))
        let answer = try child.withLock { child throws(VaultError) in try child.ask(question) }
        return unsafe answer.withBytes { unsafe [UInt8]($0) }
    }

    package func unwrap(_ wrapped: [UInt8], associatedData: [UInt8]) throws(VaultError) -> Secret {
        let question = try RootKeyChild.frame(
            UInt8(ascii: "U"), [[UInt8](rootKeyID.utf8), associatedData, wrapped])
        return try child.withLock { child throws(VaultError) in try child.ask(question) }
    }
}
