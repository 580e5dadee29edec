import Foundation
import GraphQL
import OrderedCollections
import Subprocess
import Testing

extension EndToEnd {
    /// Every secret that people and programs give or get, by ways that succeed and ways that fail: afterwards none is
    /// found in a dump, PostgreSQL's log with all statements and parameters, our log at trace, the metrics, any answer but
    /// the one that was to give it, or a file.
    @Suite("Canaries", .serialized)
    struct CanaryTests {
        private static let visible = "Canary 9e27 in a body"

        /// What is looked for, and what everything answered.
        private struct Aviary {
            let demo: Demo
            let caller: Caller
            private(set) var secrets: OrderedSet<String> = []
            private(set) var answers: [(what: String, text: String)] = []
            private var made = 0

            init(demo: Demo, caller: Caller) {
                self.demo = demo
                self.caller = caller
            }

            mutating func keep(_ secret: String?) throws -> String {
                guard let secret, secret.utf8.count >= 8 else { throw Unexpected("There is no secret.") }
                secrets.append(secret)
                return secret
            }

            /// A text of a given length that nothing else is.
            mutating func make(_ count: Int = 24) throws -> String {
                made += 1
                let digits = UUID().uuidString.lowercased().replacing("-", with: "") + UUID().uuidString.lowercased()
                return try keep(String(digits.prefix(count)))
            }

            /// What was answered; kept for the search, unless it is where a secret is given out.
            mutating func ask(
                _ document: String, _ input: JSONValue? = nil, key: String? = nil, gives: Bool = false
            ) async throws -> JSONValue {
                let answer = try await caller.ask(
                    try demo.text("graphql"), document, input.map { ["i": $0] } ?? [:], key: key)
                if !gives { answers.append((document, answer.text)) }
                return try answer.json
            }

            mutating func send(
                _ body: String, headers: [(String, String)] = [("Content-Type", "application/json")]
            ) async throws {
                let answer = try await caller.post(try demo.text("graphql"), Array(body.utf8), headers: headers)
                answers.append((body, answer.text))
            }

            mutating func get(_ path: String) async throws {
                answers.append((path, try await caller.get(try demo.server + path).text))
            }
        }

        @Test func `no secret is anywhere in clear, whatever way it took`() async throws {
            try await withPlace { place in
                try await withDemo(in: place, ["--log-level", "trace"]) { demo in
                    for setting in [
                        "log_statement = 'all'", "log_parameter_max_length = -1",
                        "log_parameter_max_length_on_error = -1", "log_error_verbosity = 'default'",
                    ] {
                        _ = try await demo.psql("ALTER SYSTEM SET \(setting)")
                    }
                    _ = try await demo.psql("SELECT pg_reload_conf()")
                    let aviary = try await Caller.with { caller in
                        let clinic = try demo.clinics[0]
                        let job = MainJob(demo: demo, clinic: clinic, caller: caller)
                        try await job.register()
                        try await job.sync()
                        try await job.send(Self.visible)
                        var aviary = Aviary(demo: demo, caller: caller)
                        try await Self.people(&aviary)
                        try await Self.keysAndTokens(&aviary, clinic)
                        try await Self.credentials(&aviary, clinic)
                        try await Self.mistakes(&aviary)
                        try await aviary.get("/metrics")
                        try await aviary.get("/readyz")
                        return aviary
                    }
                    #expect(aviary.secrets.count > 20)
                    _ = try await demo.psql("CHECKPOINT")
                    let dump = try await PgDump.run(demo)
                    // PostgreSQL's own log goes with the demo.
                    let secrets = aviary.secrets.flatMap(Self.forms)
                    #expect(try await Self.search([place.state], for: secrets, in: place) == [])
                    let logged = try await Self.search([place.state], for: [Self.visible], in: place)
                    #expect(logged.contains { $0.contains("log") && !$0.contains("pg_wal") }, "\(logged)")
                    try await demo.stop()
                    let log = try demo.program.errors + demo.program.output
                    #expect(log.contains(" trace ") || log.contains(" debug "))
                    let searched = place.root + "/searched"
                    try FileManager.default.createDirectory(atPath: searched, withIntermediateDirectories: false)
                    let answers = aviary.answers.map(\.text)
                    for (name, text) in [
                        ("dump", dump), ("log", log),
                        ("answers", answers.joined(separator: "\n") + "\n\(Self.visible)"),
                    ] {
                        try Data(text.utf8).write(to: URL(filePath: "\(searched)/\(name)"))
                    }
                    let folders = [searched, place.state]
                    let found = try await Self.search(folders, for: secrets, in: place)
                    #expect(found == [])
                    // Negative control: what is not secret is found in each of them.
                    let visible = try await Self.search(folders, for: [Self.visible], in: place)
                    #expect(visible.contains { $0.hasPrefix("\(searched)/dump:") })
                    #expect(visible.contains { $0.hasPrefix("\(searched)/answers:") })
                    #expect(visible.contains { $0.hasPrefix("\(place.state)/postgres/data/") })
                }
            }
        }

        // MARK: The ways

        private static let session = "session { accessToken refreshToken }"

        /// Sessions, passwords and resets, right and wrong.
        private static func people(_ aviary: inout Aviary) async throws {
            let clinic = try #require(aviary.demo.file["organizations"]?.arrayValue?.first)
            let email = clinic["email"] ?? .null
            let signIn = "mutation S($i: SignInInput!) { signIn(input: $i) { \(session) userErrors { code message } } }"
            let given = try await aviary.ask(
                signIn, ["email": email, "password": clinic["password"] ?? .null], gives: true)
            let first = given["data"]?["signIn"]?["session"]
            let access = try aviary.keep(first?["accessToken"]?.stringValue)
            _ = try aviary.keep(access.split(separator: ".").last.map(String.init))
            let refresh = try aviary.keep(first?["refreshToken"]?.stringValue)
            for email in [email, "nobody@clinic.example"] {
                _ = try await aviary.ask(signIn, ["email": email, "password": .string(try aviary.make())])
            }
            let change =
                "mutation C($i: ChangePasswordInput!) { changePassword(input: $i) { userErrors { code message } } }"
            _ = try await aviary.ask(
                change, ["currentPassword": .string(try aviary.make()), "password": .string(try aviary.make())],
                key: access)
            _ = try await aviary.ask(
                change, ["currentPassword": clinic["password"] ?? .null, "password": .string(try aviary.make(9))],
                key: access)
            let chosen = try aviary.make()
            let changed = try await aviary.ask(
                change, ["currentPassword": clinic["password"] ?? .null, "password": .string(chosen)], key: access)
            #expect(changed["data"]?["changePassword"]?["userErrors"] == [])

            let renew =
                "mutation R($i: RefreshSessionInput!) { refreshSession(input: $i) { \(session) userErrors { code message } } }"
            let next = try await aviary.ask(renew, ["refreshToken": .string(refresh)], gives: true)
            let second = next["data"]?["refreshSession"]?["session"]
            _ = try aviary.keep(second?["refreshToken"]?.stringValue)
            let later = try aviary.keep(second?["accessToken"]?.stringValue)
            // Used twice: the session is over.
            _ = try await aviary.ask(renew, ["refreshToken": .string(refresh)])
            _ = try await aviary.ask("{ viewer { role } }", key: later)

            _ = try await aviary.ask(
                "mutation Q($i: RequestPasswordResetInput!) { requestPasswordReset(input: $i) { userErrors { code } } }",
                ["email": email])
            let printed = try await aviary.demo.lines("user", "reset-password", email.stringValue ?? "")
            let token = try aviary.keep(printed.last)
            let reset =
                "mutation R($i: ResetPasswordInput!) { resetPassword(input: $i) { userErrors { code message } } }"
            _ = try await aviary.ask(
                reset, ["token": .string("sb_reset_" + (try aviary.make())), "password": .string(try aviary.make())])
            _ = try await aviary.ask(reset, ["token": .string(token), "password": .string(try aviary.make(8))])
            let set = try await aviary.ask(reset, ["token": .string(token), "password": .string(try aviary.make())])
            #expect(set["data"]?["resetPassword"]?["userErrors"] == [])
            _ = try await aviary.ask(reset, ["token": .string(token), "password": .string(try aviary.make())])
        }

        /// API keys and invitations.
        private static func keysAndTokens(_ aviary: inout Aviary, _ clinic: Demo.Clinic) async throws {
            let made = try await aviary.ask(
                "mutation K($i: CreateApiKeyInput!) { createApiKey(input: $i) { token apiKey { id } userErrors { code } } }",
                ["label": "canary", "role": "VIEWER"], key: clinic.apiKey, gives: true)
            let key = try aviary.keep(made["data"]?["createApiKey"]?["token"]?.stringValue)
            _ = try await aviary.ask("{ viewer { role } }", key: key)
            _ = try await aviary.ask("{ apiKeys { nodes { id label hint role } } }", key: clinic.apiKey)
            _ = try await aviary.ask("{ auditEvents { nodes { action } } }", key: key)
            _ = try await aviary.ask(
                "mutation R($i: RevokeApiKeyInput!) { revokeApiKey(input: $i) { userErrors { code } } }",
                ["id": made["data"]?["createApiKey"]?["apiKey"]?["id"] ?? .null], key: clinic.apiKey)
            _ = try await aviary.ask("{ viewer { role } }", key: key)
            _ = try await aviary.ask("{ viewer { role } }", key: "sb_live_" + (try aviary.make(32)))

            let invited = try await aviary.ask(
                "mutation I($i: InviteUserInput!) { inviteUser(input: $i) { token invitation { id } userErrors { code } } }",
                ["email": "new@clinic.example", "role": "AGENT"], key: clinic.apiKey, gives: true)
            let token = try aviary.keep(invited["data"]?["inviteUser"]?["token"]?.stringValue)
            _ = try await aviary.ask(
                "{ invitations { nodes { id email role expiresAt } edges { cursor } pageInfo { hasNextPage } } }",
                key: clinic.apiKey)
            let accept =
                "mutation A($i: AcceptInvitationInput!) { acceptInvitation(input: $i) { \(session) userErrors { code message } } }"
            _ = try await aviary.ask(accept, ["token": .string(token), "password": .string(try aviary.make(8))])
            let accepted = try await aviary.ask(
                accept, ["token": .string(token), "password": .string(try aviary.make())], gives: true)
            let session = accepted["data"]?["acceptInvitation"]?["session"]
            _ = try aviary.keep(session?["accessToken"]?.stringValue)
            _ = try aviary.keep(session?["refreshToken"]?.stringValue)
            _ = try await aviary.ask(accept, ["token": .string(token), "password": .string(try aviary.make())])
        }

        /// Twilio's tokens: refused, unreachable, rotated and promoted.
        private static func credentials(_ aviary: inout Aviary, _ clinic: Demo.Clinic) async throws {
            let other = try aviary.demo.clinics[1]
            let register = """
                mutation R($i: RegisterTwilioCredentialInput!) {
                  registerTwilioCredential(input: $i) { credential { id status lastError secretHint } userErrors { code message } }
                }
                """
            let sid = JSONValue.string(other.accountSid)
            _ = try await aviary.ask(
                register, ["accountSid": sid, "authToken": .string(try aviary.make(32))], key: other.apiKey)
            _ = try await aviary.ask(
                register, ["accountSid": sid, "authToken": .string(try aviary.make(31))], key: other.apiKey)
            _ = try await aviary.ask(
                register,
                [
                    "accountSid": sid, "apiKeySid": .string("SK" + String(repeating: "a", count: 32)),
                    "apiKeySecret": .string(try aviary.make(32)), "sharedKeyId": "key-1",
                    "sharedKeySecret": .string(try aviary.make(32)),
                ], key: other.apiKey)
            let listed = try await aviary.ask("{ credentials { id secretHint status } }", key: clinic.apiKey)
            let id = listed["data"]?["credentials"]?.arrayValue?.first?["id"] ?? .null
            let rotate = """
                mutation R($i: RotateTwilioCredentialInput!) {
                  rotateTwilioCredential(input: $i) { credential { status secretHint lastError } userErrors { code message } }
                }
                """
            _ = try await aviary.ask(
                rotate, ["id": id, "authToken": .string(try aviary.make(32)), "reason": "LEAKED"], key: clinic.apiKey)
            let token = try aviary.make(32)
            _ = try await aviary.caller.post(
                try aviary.demo.text("sandboxControl") + "/accounts/\(clinic.accountSid)",
                Array(#"{"authToken":"\#(token)"}"#.utf8), headers: [("Content-Type", "application/json")])
            let rotated = try await aviary.ask(
                rotate, ["id": id, "authToken": .string(token), "reason": "LEAKED"], key: clinic.apiKey)
            #expect(rotated["data"]?["rotateTwilioCredential"]?["userErrors"] == [], "\(rotated)")
            _ = try await aviary.ask(
                "mutation V($i: VerifyCredentialInput!) { verifyCredential(input: $i) { checks { message } userErrors { code } } }",
                ["id": id], key: clinic.apiKey)
            _ = try await aviary.demo.lines("vault", "rotate-org", "harbor-clinic")
        }

        /// Secrets in places where they do not belong, as people put them there.
        private static func mistakes(_ aviary: inout Aviary) async throws {
            func literal(_ secret: String, _ field: String = "password") -> String {
                "mutation { signIn(input: {email: \"a@b.example\", \(field): \"\(secret)\"}) { userErrors { code } } }"
            }
            _ = try await aviary.ask(literal(try aviary.make()))
            _ = try await aviary.ask(literal(try aviary.make(), "passwort"))
            _ = try await aviary.ask(String(literal(try aviary.make()).dropLast(29)))
            let signIn = "mutation S($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }"
            _ = try await aviary.ask(signIn, ["email": "a@b.example", "password": [.string(try aviary.make())]])
            _ = try await aviary.ask(signIn, ["email": "a@b.example", "passwort": .string(try aviary.make())])
            _ = try await aviary.ask(signIn, .string(try aviary.make()))
            try await aviary.send("{\"query\": \"\(literal(try aviary.make()).replacing("\"", with: "\\\""))\"")
            try await aviary.send("password=" + (try aviary.make()))
            try await aviary.send(
                "password=" + (try aviary.make()), headers: [("Content-Type", "application/x-www-form-urlencoded")])
            let query = literal(try aviary.make()).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            try await aviary.get("/graphql?query=\(query)")
            try await aviary.get("/graphql?query=%7B__typename%7D&access_token=" + (try aviary.make()))
            for scheme in ["Basic ", "Token ", "Bearer x "] {
                try await aviary.send(
                    #"{"query":"{ viewer { role } }"}"#,
                    headers: [
                        ("Content-Type", "application/json"), ("Authorization", scheme + (try aviary.make(40))),
                    ])
            }
        }

        // MARK: Searching

        /// As it is, as PostgreSQL prints bytes, and as Base64 has it at each of three places.
        private static func forms(_ secret: String) -> [String] {
            let bytes = Array(secret.utf8)
            let hexadecimal = bytes.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
            let encoded = (0..<3).map { shift in
                let text = Data(Array(repeating: 0, count: shift) + bytes).base64EncodedString()
                return String(text.dropFirst(shift == 0 ? 0 : shift + 1).prefix(while: { $0 != "=" }).dropLast(1))
            }
            return [secret, hexadecimal] + encoded
        }

        /// Each file with each of the texts that it holds, as `path:text`.
        private static func search(_ folders: [String], for texts: [String], in place: Place) async throws -> [String] {
            let patterns = "\(place.root)/patterns-\(UUID())"
            try Data(texts.joined(separator: "\n").utf8).write(to: URL(filePath: patterns))
            let grep = try await RunningProgram.start(
                "/bin/grep", ["-raoF", "-f", patterns] + folders, folder: place.root)
            // 1: nothing was found.
            guard [.exited(0), .exited(1)].contains(try await grep.ended()) else { throw Unexpected(try grep.errors) }
            return Set(try grep.output.split(separator: "\n").map(String.init)).sorted()
        }
    }
}
