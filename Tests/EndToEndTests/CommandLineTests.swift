import Curl
import Foundation
import GraphQL
import OrderedCollections
import Subprocess
import Synchronization
import TestServer
import Testing

extension EndToEnd {
    /// Administration by the real binary, and what it means for those who use the API.
    @Suite("The command line", .serialized)
    struct CommandLine {
        private static let password = "a password of some length"

        private static func viewer(_ caller: Caller, _ url: String, _ token: String) async throws -> Caller.Answer {
            try await caller.ask(url, "{ viewer { kind role } }", key: token)
        }

        private static func reset(_ caller: Caller, _ url: String, _ token: String, to password: String) async throws {
            let answer = try await caller.ask(
                url, "mutation R($i: ResetPasswordInput!) { resetPassword(input: $i) { userErrors { code } } }",
                ["i": ["token": .string(token), "password": .string(password)]], key: nil)
            #expect(try answer.json["data"]?["resetPassword"]?["userErrors"] == [], "\(answer.text)")
        }

        private static func signIn(
            _ caller: Caller, _ url: String, _ email: String, _ password: String
        ) async throws -> String? {
            let answer = try await caller.ask(
                url,
                """
                mutation S($i: SignInInput!) { signIn(input: $i) { session { accessToken } userErrors { code } } }
                """, ["i": ["email": .string(email), "password": .string(password)]], key: nil)
            return try answer.json["data"]?["signIn"]?["session"]?["accessToken"]?.stringValue
        }

        /// Whether a request with this token is let in.
        private static func isLetIn(_ caller: Caller, _ url: String, _ token: String) async throws -> Bool {
            try await viewer(caller, url, token).status == 200
        }

        @Test func `makes organizations, keys and users, and lets them in no more`() async throws {
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    try await Caller.with { caller in
                        let url = try demo.text("graphql")
                        _ = try await demo.lines("org", "create", "Hill Clinic", "--slug", "hill-clinic")
                        #expect(
                            try await demo.command("org", "create", "Again", "--slug", "hill-clinic").status
                                != .exited(0))
                        let listed = try await demo.lines("org", "list")
                        #expect(listed.contains { $0.hasPrefix("hill-clinic\t") && $0.contains("active\tHill Clinic") })

                        // Keys.
                        let made = try await demo.lines(
                            "key", "create", "--organization", "hill-clinic", "--role", "AGENT", "--label", "front desk"
                        )
                        let key = try #require(made.last)
                        let answer = try await Self.viewer(caller, url, key)
                        #expect(
                            try answer.json["data"]?["viewer"] == ["kind": "API_KEY", "role": "AGENT"], "\(answer.text)"
                        )
                        let keys = try await demo.lines("key", "list", "--organization", "hill-clinic")
                        let row = try #require(keys.first { $0.contains("front desk") })
                        #expect(row.contains("AGENT\t…\(key.suffix(4))\tlive") && !row.contains(key))

                        // Suspended, and again not.
                        _ = try await demo.lines("org", "suspend", "hill-clinic")
                        try await eventually("it is kept out") { try await !Self.isLetIn(caller, url, key) }
                        _ = try await demo.lines("org", "resume", "hill-clinic")
                        try await eventually("it is let in") { try await Self.isLetIn(caller, url, key) }

                        // Users.
                        let person = try await demo.lines(
                            "user", "create", "--email", "ann@hill.example", "--name", "Ann")
                        try await Self.reset(caller, url, try #require(person.last), to: Self.password)
                        _ = try await demo.lines(
                            "user", "add", "--email", "ann@hill.example", "--organization", "hill-clinic", "--role",
                            "ADMIN")
                        #expect(
                            try await demo.command(
                                "user", "add", "--email", "ann@hill.example", "--organization", "hill-clinic", "--role",
                                "ADMIN"
                            ).status == .exited(1))
                        let token = try #require(try await Self.signIn(caller, url, "ann@hill.example", Self.password))
                        #expect(
                            try await Self.viewer(caller, url, token).json["data"]?["viewer"]
                                == ["kind": "USER", "role": "ADMIN"])
                        // A new signing key signs nobody out.
                        _ = try await demo.lines("key", "rotate-signing")
                        #expect(try await Self.isLetIn(caller, url, token))
                        _ = try await demo.lines(
                            "user", "set-platform-role", "ann@hill.example", "--role", "PLATFORM_AUDITOR")
                        #expect(
                            try await demo.lines("user", "list").contains {
                                $0.hasPrefix("ann@hill.example\t") && $0.contains("PLATFORM_AUDITOR")
                            })
                        _ = try await demo.lines("user", "set-platform-role", "ann@hill.example")
                        _ = try await demo.lines("user", "suspend", "ann@hill.example")
                        try await eventually("she is kept out") { try await !Self.isLetIn(caller, url, token) }
                        #expect(try await Self.signIn(caller, url, "ann@hill.example", Self.password) == nil)
                        _ = try await demo.lines("user", "resume", "ann@hill.example")
                        let renewed = try await Self.signIn(caller, url, "ann@hill.example", Self.password)
                        #expect(renewed != nil)
                        let reset = try await demo.lines("user", "reset-password", "ann@hill.example")
                        try await Self.reset(caller, url, try #require(reset.last), to: Self.password + " more")
                        try await eventually("the old session is over") {
                            try await !Self.isLetIn(caller, url, try #require(renewed))
                        }

                        let id = try #require(row.split(separator: "\t").first.map(String.init))
                        _ = try await demo.lines("key", "revoke", id, "--organization", "hill-clinic")
                        try await eventually("the key is over") { try await !Self.isLetIn(caller, url, key) }
                        #expect(
                            try await demo.command("key", "revoke", id, "--organization", "harbor-clinic").status
                                == .exited(1))
                        #expect(
                            try await demo.lines("key", "list", "--organization", "hill-clinic").contains {
                                $0.hasPrefix(id) && $0.contains("revoked")
                            })
                        // All of it stands in the audit, and the audit is whole.
                        let events = try await demo.psql(
                            "SELECT DISTINCT action FROM audit_events WHERE actor_kind = 'COMMAND_LINE' ORDER BY 1")
                        for action in ["organization.suspend", "user.create", "user.suspend", "membership.create"] {
                            #expect(events.split(separator: "\n").contains(Substring(action)), "\(events)")
                        }
                        #expect(try await demo.command("audit", "verify").status == .exited(0))
                    }
                }
            }
        }

        @Test func `the doctor asks an account by the key that may not read it`() async throws {
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    try await Caller.with { caller in
                        let slug = "harbor-clinic"
                        let clinic = try demo.clinics[0]
                        let none = try await demo.command("doctor", "--organization", slug)
                        #expect(none.output.contains("it has registered none"), "\(none)")
                        let made = try await caller.asAccount(
                            clinic, posting: "FriendlyName=switchboard",
                            to: "\(try demo.text("sandbox"))/2010-04-01/Accounts/\(clinic.accountSid)/Keys.json")
                        let (sid, secret) = (try made.json["sid"] ?? .null, try made.json["secret"] ?? .null)
                        let registered = try await caller.data(
                            demo,
                            """
                            mutation R($i: RegisterTwilioCredentialInput!) {
                              registerTwilioCredential(input: $i) { credential { status } userErrors { code message } }
                            }
                            """,
                            [
                                "i": [
                                    "accountSid": .string(clinic.accountSid), "apiKeySid": sid, "apiKeySecret": secret,
                                    "sharedKeyId": "key-1", "sharedKeySecret": "a shared secret of some length",
                                ]
                            ], key: clinic.apiKey)
                        #expect(
                            registered["registerTwilioCredential"]?["credential"]?["status"] == "VERIFIED",
                            "\(registered)")
                        let well = try await demo.command("doctor", "--organization", slug)
                        #expect(well.output.contains("Twilio accepts the API key."), "\(well)")
                        #expect(well.output.contains("may not read the account"), "\(well)")
                        #expect(!well.output.contains("WRONG    Twilio"), "\(well)")
                        #expect(!well.output.contains(secret.stringValue ?? "?"))
                        // Each lease of the doctor's is in the audit.
                        #expect(
                            try await demo.psql(
                                """
                                SELECT count(*) > 0 FROM audit_events
                                WHERE action = 'credential.lease' AND purpose = 'credential.verify'
                                """) == "t")
                        // Negative control: a key that Twilio takes back.
                        _ = try await caller.asAccount(
                            clinic,
                            deleting:
                                "\(try demo.text("sandbox"))/2010-04-01/Accounts/\(clinic.accountSid)/Keys/\(sid.stringValue ?? "").json"
                        )
                        let ill = try await demo.command("doctor", "--organization", slug)
                        #expect(ill.status == .exited(1))
                        #expect(ill.output.contains("WRONG    Twilio account of \(slug)"), "\(ill)")
                        #expect(ill.output.contains("Make one in the Twilio console"), "\(ill)")
                        let unknown = try await demo.command("doctor", "--organization", "nobody")
                        #expect(unknown.output.contains("switchboard org list"), "\(unknown)")
                    }
                }
            }
        }

        @Test func `a reset goes by the operator's hook, and signs out on every node, streams included`() async throws {
            let posted = Mutex<[String]>([])
            let hook = try RawServer { connection in
                while let request = connection.readRequest() {
                    posted.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                    connection.answer(204)
                }
            }
            defer { hook.stop() }
            try await withPlace { place in
                try await withDemo(in: place) { demo in
                    let clinic = try #require(demo.file["organizations"]?.arrayValue?.first)
                    let email = try #require(clinic["email"]?.stringValue)
                    let password = try #require(clinic["password"]?.stringValue)
                    try await demo.withSecondNode(["RESET_HOOK": hook.url + "/mail"]) { second in
                        try await Caller.with { caller in
                            let (here, there) = (try demo.text("graphql"), second + "/graphql")
                            let token = try #require(try await Self.signIn(caller, here, email, password))
                            #expect(try await Self.isLetIn(caller, there, token))
                            let stream = try await caller.stream(
                                there, "subscription { messageChanged { id } }", key: token)
                            #expect(stream.status == 200)

                            // Whether there is such a user is not told.
                            let request =
                                "mutation R($i: RequestPasswordResetInput!) { requestPasswordReset(input: $i) { userErrors { code } } }"
                            let known = try await caller.ask(there, request, ["i": ["email": .string(email)]], key: nil)
                            let unknown = try await caller.ask(
                                there, request, ["i": ["email": "nobody@clinic.example"]], key: nil)
                            #expect(known.text == unknown.text && known.status == 200)
                            try await eventually("the hook is told") { posted.withLock { !$0.isEmpty } }
                            let mail = try JSONValue(parsing: Array(posted.withLock { $0[0] }.utf8))
                            #expect(mail["kind"] == "PASSWORD_RESET" && mail["email"]?.stringValue == email)
                            try await Self.reset(
                                caller, there, try #require(mail["token"]?.stringValue), to: Self.password)

                            // The stream is told why it ends.
                            var text = ""
                            for try await chunk in stream.chunks { text += String(decoding: chunk, as: UTF8.self) }
                            #expect(text.contains("UNAUTHENTICATED") && text.contains("event: complete"), "\(text)")
                            for url in [here, there] {
                                try await eventually("\(url) lets the old token in no more") {
                                    try await !Self.isLetIn(caller, url, token)
                                }
                            }
                            #expect(try await Self.signIn(caller, here, email, password) == nil)

                            // Signed out everywhere at one node, while a stream runs at each.
                            let first = try #require(try await Self.signIn(caller, here, email, Self.password))
                            let other = try #require(try await Self.signIn(caller, there, email, Self.password))
                            let streams = [
                                try await caller.stream(here, "subscription { messageChanged { id } }", key: first),
                                try await caller.stream(there, "subscription { messageChanged { id } }", key: other),
                            ]
                            let out = try await caller.ask(
                                here, "mutation { signOutEverywhere { userErrors { code } } }", key: first)
                            #expect(out.status == 200, "\(out.text)")
                            for stream in streams {
                                var text = ""
                                for try await chunk in stream.chunks { text += String(decoding: chunk, as: UTF8.self) }
                                #expect(text.contains("UNAUTHENTICATED"))
                            }
                            for url in [here, there] {
                                for token in [first, other] {
                                    try await eventually("\(url) lets nobody in") {
                                        try await !Self.isLetIn(caller, url, token)
                                    }
                                }
                            }
                            #expect(posted.withLock { $0.count } == 1, "nothing for an e-mail that nobody has")
                        }
                    }
                }
            }
        }
    }
}
