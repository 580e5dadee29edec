import Accounts
import Crypto
import Foundation
import GraphQL
import JWTKit
import OrderedCollections
import QueryEngine
import Synchronization
import Testing

/// An identity provider with one elliptic key.
struct IdentityProvider: Sendable {
    let key = ES256PrivateKey()
    let name: String
    var keyID = "key-1"

    var keys: String {
        get throws {
            let point = try #require(key.publicKey.parameters)
            func url(_ text: String) -> String {
                text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            }
            return """
                {"keys": [{"kty": "EC", "crv": "P-256", "kid": "\(keyID)", "x": "\(url(point.x))", "y": "\(url(point.y))"},
                          {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}, {"kty": "unheard-of", "kid": "new"}]}
                """
        }
    }

    func token(
        _ changes: [String: JSONValue] = [:], header: [String: JSONValue] = [:]
    ) throws -> String {
        var claims: OrderedDictionary<String, JSONValue> = [
            "iss": .string(name), "sub": "nurse-7", "aud": "switchboard",
            "exp": .int(Int64(Date().timeIntervalSince1970) + 600), "role": "nurses",
            "email": "owner@clinic.example",
        ]
        for (name, value) in changes { claims[name] = value.isNull ? nil : value }
        var head: OrderedDictionary<String, JSONValue> = ["alg": "ES256", "kid": .string(keyID)]
        for (name, value) in header { head[name] = value.isNull ? nil : value }
        let message = encoded(JSONValue.object(head).bytes) + "." + encoded(JSONValue.object(claims).bytes)
        let raw = try P256.Signing.PrivateKey(pemRepresentation: key.pemRepresentation)
            .signature(for: Data(message.utf8)).rawRepresentation
        return message + "." + encoded([UInt8](raw))
    }

    func encoded(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    func registration(default role: QueryEngine.Role? = nil) throws -> OutsideIssuers.Registration {
        OutsideIssuers.Registration(
            issuer: name, audience: "switchboard", algorithms: ["ES256"], keys: try keys,
            roleMap: ["nurses": .agent, "heads": .admin], defaultRole: role)
    }
}

/// What a provider's server answers, which changes during a test.
final class Served: Sendable {
    private let kept: Mutex<String>

    init(_ text: String) { kept = Mutex(text) }

    var text: String { kept.withLock { $0 } }
    func set(_ text: String) { kept.withLock { $0 = text } }
}
