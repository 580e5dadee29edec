import FoundationEssentials
import Vault

/// Keys, contexts and records that tests share.
enum Samples {
    static let organization = uuid("6f1d2c3b-4a59-4687-9706-152433425160")
    static let credential = uuid("0b6a7c1e-90d2-4f3e-8a51-c2d3e4f50617")
    static let context = SecretContext(
        organization: organization, kind: "TWILIO", credential: credential, field: "authToken", version: 7)

    static func vault(firstByte: UInt8 = 0) throws -> KeyVault {
        KeyVault(rootKey: try RootKey(Secret(copying: [UInt8](firstByte..<(firstByte + 32)))))
    }

    static func uuid(_ text: String) -> UUID {
        guard let uuid = UUID(uuidString: text) else { preconditionFailure("\(text) is no UUID") }
        return uuid
    }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.utf8.count, by: 2).compactMap { offset in
            let start = hexadecimal.index(hexadecimal.startIndex, offsetBy: offset)
            return UInt8(hexadecimal[start..<hexadecimal.index(start, offsetBy: 2)], radix: 16)
        }
    }
}

extension Secret {
    /// A copy outside of locked memory, for comparisons.
    var exposed: [UInt8] { withBytes { [UInt8]($0) } }
}

/// The bytes that `opening` yields, or the error that it throws.
func outcome(_ opening: () throws(VaultError) -> Secret) -> Result<[UInt8], VaultError> {
    do { return .success(try opening().exposed) } catch { return .failure(error) }
}
