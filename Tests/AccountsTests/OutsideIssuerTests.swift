import Accounts
import Crypto
import Foundation
import GraphQL
import JWTKit
import QueryEngine
import TestSupport
import TestWorld
import Testing

@Suite struct OutsideIssuerTests {
    @Test func `a token of a registered issuer opens its organization, by subject and mapped role`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            _ = try await world.makePerson("owner@clinic.example", in: [(clinic, .owner)])
            let provider = IdentityProvider(name: "https://idp.clinic.example")
            _ = try await world.accounts.issuers.register(try provider.registration(), for: clinic.organization)
            let caller = try await world.caller(try provider.token())
            #expect(caller.organization == clinic.organization)
            #expect(caller.role == .agent, "never that of the user with the same e-mail")
            let again = try await world.caller(
                try provider.token(["exp": .int(Int64(Date().timeIntervalSince1970) + 99)]))
            #expect(again.kind == caller.kind)
            let several = try await world.caller(
                try provider.token(["role": ["nurses", "heads"], "aud": ["x", "switchboard"]]))
            #expect(several.role == .admin)
            let viewer = try await world.ask("{ viewer { kind role user { id } } }", as: caller)
            #expect(viewer["data"]?["viewer"] == ["kind": "SUBJECT", "role": "AGENT", "user": .null])
        }
    }

    @Test func `what is not exactly right is refused`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let provider = IdentityProvider(name: "https://idp.clinic.example")
            _ = try await world.accounts.issuers.register(try provider.registration(), for: clinic.organization)
            let now = Int64(Date().timeIntervalSince1970)
            let good = try provider.token()
            let parts = good.split(separator: ".").map(String.init)
            let none = provider.encoded([UInt8](#"{"alg":"none"}"#.utf8))
            // Key confusion: the public key, which everybody knows, as the secret of an HMAC.
            func confused(_ secret: [UInt8], _ keyID: String) -> String {
                let head = provider.encoded([UInt8](#"{"alg":"HS256","kid":"\#(keyID)"}"#.utf8))
                let mac = HMAC<SHA256>.authenticationCode(
                    for: Data("\(head).\(parts[1])".utf8), using: SymmetricKey(data: secret))
                return "\(head).\(parts[1]).\(provider.encoded([UInt8](mac)))"
            }
            let stranger = IdentityProvider(name: provider.name)
            let wrong: [String: String] = [
                "none": "\(none).\(parts[1]).", "none, signed": "\(none).\(parts[1]).\(parts[2])",
                "confusion by PEM": confused([UInt8](provider.key.publicKey.pemRepresentation.utf8), "key-1"),
                "confusion by set": confused([UInt8](try provider.keys.utf8), "key-1"),
                "a symmetric key of the set": confused([UInt8]("secret".utf8), "shared"),
                "another algorithm": try provider.token(header: ["alg": "ES384"]),
                "lower case": try provider.token(header: ["alg": "es256"]),
                "an unknown key": try provider.token(header: ["kid": "key-2"]),
                "critical fields": try provider.token(header: ["crit": ["b64"]]),
                "another's signature": try stranger.token(),
                "another issuer": try provider.token(["iss": "https://x.example"]),
                "our own name": try provider.token(["iss": "switchboard"]),
                "another audience": try provider.token(["aud": "other"]),
                "no audience": try provider.token(["aud": .null]),
                "expired": try provider.token(["exp": .int(now - 1)]), "endless": try provider.token(["exp": .null]),
                "not yet": try provider.token(["nbf": .int(now + 600)]),
                "no subject": try provider.token(["sub": .null]),
                "no role": try provider.token(["role": "cooks"]),
            ]
            for (what, token) in wrong { #expect(await !world.isLetIn(token), "\(what)") }
            #expect(await world.isLetIn(good), "negative control")
        }
    }

    @Test func `an issuer opens no other organization, and none when it is removed`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let (first, second) = (try await world.makeClinic(0), try await world.makeClinic(1))
            let provider = IdentityProvider(name: "https://idp.clinic.example")
            let impostor = IdentityProvider(name: provider.name)
            let id = try await world.accounts.issuers.register(
                try provider.registration(default: .viewer), for: first.organization)
            // Another organization that claims the same issuer with keys of its own gets at itself only.
            _ = try await world.accounts.issuers.register(try impostor.registration(), for: second.organization)
            #expect(try await world.caller(try provider.token()).organization == first.organization)
            #expect(try await world.caller(try impostor.token()).organization == second.organization)
            await #expect(throws: CallerFinder.Refusal.self) {
                try await world.caller(try provider.token(), in: second)
            }
            let caller = try await world.caller(try provider.token())
            try await world.accounts.issuers.remove(id, of: first.organization)
            let token = try provider.token()
            #expect(try await eventually { await !world.isLetIn(token) })
            #expect(try await eventually { try await !world.accounts.finder.isStillValid(caller) })
        }
    }
}
