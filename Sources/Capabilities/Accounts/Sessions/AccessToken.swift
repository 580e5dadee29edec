import Foundation
import GraphQL
import Vault

/// What a signed-in user shows with each request: a JWT (RFC 7519) of a quarter of an hour, signed with Ed25519
/// (RFC 8037). It names the session, which is looked up besides, so that signing out takes effect at once.
struct AccessToken: Sendable, Equatable {
    static let issuer = "switchboard"
    static let lifetime: Duration = .seconds(900)

    let user: UUID
    let session: UUID
    /// Seconds since 1970.
    let issuedAt: Int
    let expiresAt: Int

    init(user: UUID, session: UUID, issuedAt: Date = Date()) {
        self.user = user
        self.session = session
        self.issuedAt = Int(issuedAt.timeIntervalSince1970)
        expiresAt = self.issuedAt + Int(Self.lifetime.components.seconds)
    }

    func signed(by key: SigningKey) -> String {
        let header: JSONValue = ["alg": "EdDSA", "kid": .string(key.id.uuidString.lowercased()), "typ": "JWT"]
        let claims: JSONValue = [
            "iss": .string(Self.issuer), "sub": .string(user.uuidString.lowercased()),
            "sid": .string(session.uuidString.lowercased()), "iat": .int(Int64(issuedAt)),
            "exp": .int(Int64(expiresAt)),
        ]
        let message = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
        return message + "." + Base64URL.encode(key.sign([UInt8](message.utf8)))
    }

    /// The claims, once ``JSONWebToken/isSigned(by:)`` has been asked; `nil` unless they are ours, whole and not over.
    init?(_ token: JSONWebToken, at now: Date = Date()) {
        guard token.issuer == Self.issuer,
            let user = token.claims["sub"]?.stringValue.flatMap(UUID.init(uuidString:)),
            let session = token.claims["sid"]?.stringValue.flatMap(UUID.init(uuidString:)),
            let issuedAt = token.claims["iat"]?.intValue, let expiresAt = token.claims["exp"]?.intValue,
            now.timeIntervalSince1970 < Double(expiresAt),
            // Whoever signs chooses both: so what a key of before may still sign ends with its last real token.
            (0...expiresAt).contains(issuedAt), expiresAt - issuedAt <= Self.lifetime.components.seconds
        else { return nil }
        self.user = user
        self.session = session
        self.issuedAt = Int(issuedAt)
        self.expiresAt = Int(expiresAt)
    }
}

/// A JWS in compact form, taken apart and not believed.
struct JSONWebToken: Sendable {
    let algorithm: String
    let keyID: String?
    let claims: JSONValue
    private let message: [UInt8]
    private let signature: [UInt8]

    /// `nil` for what is no such token, or marks header fields as critical: we know none (RFC 7515, section 4.1.11).
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.count <= 16_384,
            let header = Base64URL.decode(parts[0]).flatMap({ try? JSONValue(parsing: $0) }),
            let claims = Base64URL.decode(parts[1]).flatMap({ try? JSONValue(parsing: $0) }),
            let signature = Base64URL.decode(parts[2]), claims.objectValue != nil, header["crit"] == nil,
            let algorithm = header["alg"]?.stringValue
        else { return nil }
        self.algorithm = algorithm
        self.keyID = header["kid"]?.stringValue
        self.claims = claims
        self.signature = signature
        message = [UInt8]("\(parts[0]).\(parts[1])".utf8)
    }

    var issuer: String? { claims["iss"]?.stringValue }

    /// By Ed25519 and nothing else, whatever the header says.
    func isSigned(by publicKey: [UInt8]) -> Bool {
        algorithm == "EdDSA" && SigningKey.verify(signature, of: message, by: publicKey)
    }
}

/// RFC 4648, section 5, without padding.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// `nil` for other text, and for another spelling of the same bytes.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var standard = String(text).replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard) else { return nil }
        let bytes = [UInt8](data)
        return encode(bytes) == String(text) ? bytes : nil
    }
}
