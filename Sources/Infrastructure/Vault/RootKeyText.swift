import CSodium

/// How a root key is written down: three lines of fixed length.
///
///     switchboard-root-key v1
///     id 0123456789abcdef
///     key 64 lower-case hexadecimal digits
///
/// The id is computed from the key, so it also tells a damaged file. There is one way to write each key, and a file
/// that is written otherwise is damaged.
enum RootKeyText {
    static let count = heading.count + 3 + 16 + 1 + 4 + 64 + 1

    private static let heading = [UInt8]("switchboard-root-key v1\n".utf8)
    private static let family = [UInt8]("switchboard-root-key v".utf8)
    private static let hexadecimalCount = 64

    static func render(_ root: borrowing RootKey) throws(VaultError) -> Secret {
        let beforeKey = heading + [UInt8]("id \(root.id)\nkey ".utf8)
        return try root.withKey { (key: borrowing Secret) throws(VaultError) -> Secret in
            // One byte more for the zero that sodium_bin2hex ends with, which becomes the line's end.
            unsafe try Secret(
                count: count,
                write: { text in
                    unsafe text.update(from: beforeKey, count: beforeKey.count)
                    unsafe key.withAddress { key in
                        _ = unsafe sodium_bin2hex(
                            UnsafeMutableRawPointer(text + beforeKey.count).assumingMemoryBound(to: CChar.self),
                            hexadecimalCount + 1, key, hexadecimalCount / 2)
                    }
                    unsafe text[count - 1] = UInt8(ascii: "\n")
                })
        }
    }

    /// - Throws: what ``RootKeyFileProblem/damaged`` and ``RootKeyFileProblem/unsupportedVersion`` say, of `path`.
    static func parse(_ text: borrowing Secret, path: String) throws(VaultError) -> RootKey {
        let (hasHeading, isOurs) = unsafe text.withBytes { bytes in
            unsafe (bytes.starts(with: heading), bytes.starts(with: family))
        }
        guard hasHeading else { throw .rootKeyFile(path: path, problem: isOurs ? .unsupportedVersion : .damaged) }
        guard text.count == count else { throw .rootKeyFile(path: path, problem: .damaged) }

        var decoded = 0
        let key = unsafe try Secret(
            count: CommittingCipher.keyCount,
            write: { key in
                unsafe text.withAddress { text in
                    let digits = unsafe UnsafeRawPointer(text + (count - 1 - hexadecimalCount))
                    // In constant time. Whatever it does not like leaves `decoded` short.
                    _ = unsafe sodium_hex2bin(
                        key, CommittingCipher.keyCount, digits.assumingMemoryBound(to: CChar.self), hexadecimalCount,
                        nil, &decoded, nil)
                }
            })
        guard decoded == CommittingCipher.keyCount else { throw .rootKeyFile(path: path, problem: .damaged) }
        let root = try RootKey(key)
        guard try render(root).equals(text) else { throw .rootKeyFile(path: path, problem: .damaged) }
        return root
    }
}
