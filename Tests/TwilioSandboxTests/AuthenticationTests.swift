import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct AuthenticationTests {
    private let messages = "/2010-04-01/Accounts/\(Sandbox.clinic.sid)/Messages.json"

    @Test func `the account's token and its keys are let in`() async throws {
        try await Sandbox.with { sandbox async throws in
            var logins = [(Sandbox.clinic.sid, Sandbox.clinic.authToken)]
            logins += Sandbox.clinic.apiKeys.map { ($0.sid, $0.secret) }
            for (user, password) in logins {
                #expect(try await sandbox.send(.get, messages, user: user, password: password).status == 200)
            }
        }
    }

    @Test func `wrong credentials get 401, code 20003 and Twilio's body`() async throws {
        try await Sandbox.with { sandbox async throws in
            for (user, password) in [
                (Sandbox.clinic.sid, "other"), (Sandbox.firm.authToken, "x"), (Sandbox.clinic.apiKeys[0].sid, "x"),
            ] {
                let reply = try await sandbox.send(.get, messages, user: user, password: password)
                #expect(reply.status == 401)
                #expect(reply.code == 20003)
                #expect(reply.json["message"].string == "Authenticate")
                #expect(reply.json["more_info"].string == "https://www.twilio.com/docs/errors/20003")
                #expect(reply.json["status"].int == 401)
            }
            #expect(try await sandbox.send(.get, messages).status == 401)
        }
    }

    @Test func `another account's path is refused like one that does not exist`() async throws {
        try await Sandbox.with { sandbox async throws in
            func fetch(_ sid: String) async throws -> Sandbox.Reply {
                try await sandbox.send(
                    .get, "/2010-04-01/Accounts/\(sid)/Messages.json", user: Sandbox.clinic.sid,
                    password: Sandbox.clinic.authToken)
            }
            let others = try await fetch(Sandbox.firm.sid)
            #expect(others.status == 401)
            #expect(try await fetch("AC" + String(repeating: "c", count: 32)).text == others.text)
            let malformed = try await fetch("AC123")
            #expect(malformed.status == 404)
            #expect(malformed.code == 20404)
        }
    }

    @Test func `a standard key cannot read the account and a main key can`() async throws {
        try await Sandbox.with { sandbox async throws in
            let path = "/2010-04-01/Accounts/\(Sandbox.clinic.sid).json"
            let keys = Sandbox.clinic.apiKeys
            #expect(try await sandbox.send(.get, path, user: keys[0].sid, password: keys[0].secret).status == 401)
            let reply = try await sandbox.send(.get, path, user: keys[1].sid, password: keys[1].secret)
            #expect(reply.status == 200)
            #expect(reply.json["type"].string == "Full")
            #expect(reply.json["date_created"].string == "Tue, 14 Nov 2023 22:13:20 +0000")
        }
    }

    @Test func `a suspended account can be read and does nothing else`() async throws {
        try await Sandbox.with { sandbox async throws in
            #expect(try await sandbox.create().status == 201)
            _ = try await sandbox.control(.post, "/accounts/\(Sandbox.clinic.sid)", #"{"status":"suspended"}"#)
            let refused = try await sandbox.create()
            #expect(refused.code == 20005)
            #expect(try await sandbox.api(.get, ".json").json["status"].string == "suspended")
            _ = try await sandbox.control(.post, "/accounts/\(Sandbox.clinic.sid)", #"{"status":"active"}"#)
            #expect(try await sandbox.create().status == 201)
        }
    }

    @Test func `a rotated token replaces the old one`() async throws {
        try await Sandbox.with { sandbox async throws in
            _ = try await sandbox.control(.post, "/accounts/\(Sandbox.clinic.sid)", #"{"authToken":"new-token"}"#)
            #expect(try await sandbox.api(.get, "/Balance.json").status == 401)
            let reply = try await sandbox.send(
                .get, "/2010-04-01/Accounts/\(Sandbox.clinic.sid)/Balance.json", user: Sandbox.clinic.sid,
                password: "new-token")
            #expect(reply.json["balance"].string == "100.00")
        }
    }
}
