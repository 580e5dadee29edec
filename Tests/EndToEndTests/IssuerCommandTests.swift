import Foundation
import Subprocess
import Testing

extension EndToEnd {
    /// What tokens of an issuer may do is `OutsideIssuerTests`' business; here is how one comes and goes.
    @Suite("switchboard issuer", .serialized, .sharedDemo)
    struct IssuerCommand {
        private static let issuer = "https://id.clinic.example"

        private func issuer(_ subcommand: String, _ arguments: String...) async throws -> Place.Finished {
            let demo = try SharedDemo.current
            return try await demo.command(["issuer", subcommand, "--organization", "meadow-dental"] + arguments)
        }

        /// A file with the public key of RFC 7517, appendix A.1.
        private func keys() throws -> String {
            let path = try SharedDemo.current.place.root + "/keys-\(UUID().uuidString).json"
            let set = """
                {"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "alg": "ES256", \
                "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", \
                "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
                """
            try Data(set.utf8).write(to: URL(filePath: path))
            return path
        }

        @Test func `takes an identity provider, lists it, and takes it no more`() async throws {
            let made = try await issuer(
                "add", "--issuer", Self.issuer, "--audience", "switchboard", "--keys", try keys(), "--map",
                "clinicians=AGENT")
            #expect(made.status == .exited(0), "\(made)")
            let id = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(try await issuer("list").output == "\(id)\t\(Self.issuer)\tswitchboard\n")
            // Another organization has none of it, and cannot take it away.
            let demo = try SharedDemo.current
            let other = try await demo.command(["issuer", "remove", "--organization", "summit-eye-care", id])
            #expect(other.status != .exited(0))
            #expect(try await issuer("list").output.contains(id))
            let removed = try await issuer("remove", id)
            #expect(removed.status == .exited(0), "\(removed)")
            #expect(try await issuer("list").output == "")
        }

        @Test(arguments: [
            (["--keys-url", "http://10.0.0.1/keys"], "must begin with https://"),
            (["--keys", "/nowhere/keys.json"], "/nowhere/keys.json"),
            (["--map", "clinicians=KING", "--keys-url", "https://id.clinic.example/keys"], "clinicians=KING"),
        ])
        func `says what is wrong, and takes nothing`(_ arguments: [String], _ said: String) async throws {
            let demo = try SharedDemo.current
            let start = [
                "issuer", "add", "--organization", "meadow-dental", "--issuer", Self.issuer, "--audience", "a",
            ]
            let refused = try await demo.command(start + arguments)
            #expect(refused.status != .exited(0))
            #expect(refused.errors.contains(said), "\(refused)")
            #expect(try await issuer("list").output == "")
        }
    }
}
