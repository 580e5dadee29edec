import Foundation
import JWTKit

/// The public keys of an issuer (RFC 7517). Symmetric and private keys are left out: nobody outside may be able to make
/// what we believe.
package struct PublicKeySet: Sendable {
    private let keys: [JWK]

    /// `nil` for what is no key set, or has no key that serves.
    init?(json: String) {
        guard let set = try? JSONDecoder().decode(Lenient.self, from: Data(json.utf8)) else { return nil }
        keys = set.keys.compactMap(\.key).filter { key in
            key.privateExponent == nil && (key.keyType == .rsa || key.keyType == .ecdsa || key.keyType == .octetKeyPair)
        }
        guard !keys.isEmpty else { return nil }
    }

    /// Whether a key has this id; without an id, whether there is exactly one.
    package func holds(_ keyID: String?) -> Bool { key(keyID) != nil }

    /// Whether one key of this set signed the token, by exactly this algorithm. The key is chosen by its id, and its own
    /// `alg` holds as well.
    func hasSigned(_ token: String, keyID: String?, algorithm: String) async -> Bool {
        guard var key = key(keyID), let wanted = JWK.Algorithm(rawValue: algorithm),
            key.algorithm.map({ $0 == wanted }) ?? true
        else { return false }
        key.algorithm = wanted
        key.keyIdentifier = key.keyIdentifier ?? "only"
        do {
            let keys = try await JWTKeyCollection().add(jwk: key)
            _ = try await keys.verify(token, as: SignatureOnly.self)
            return true
        } catch {
            return false
        }
    }

    /// The key of this id; without an id, the only one.
    private func key(_ id: String?) -> JWK? {
        guard let id else { return keys.count == 1 ? keys.first : nil }
        return keys.first { $0.keyIdentifier?.string == id }
    }

    /// Claims are checked elsewhere; here only the signature is asked about.
    private struct SignatureOnly: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) {}
    }

    /// A set in which a key of an unknown kind spoils nothing.
    private struct Lenient: Decodable {
        struct Entry: Decodable {
            let key: JWK?

            init(from decoder: any Decoder) throws {
                key = try? JWK(from: decoder)
            }
        }

        let keys: [Entry]
    }
}
