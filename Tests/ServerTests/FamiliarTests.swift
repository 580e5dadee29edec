import Accounts
import Audit
import Foundation
import Postgres
import QueryEngine
import Server
import TestSupport
import TestWorld
import Testing

/// A client that polls sends the very same bytes again and again, which is made short: its head is not parsed anew, nor is
/// its query, and no task waits for the answer. Nobody may notice.
@Suite("A client that asks the same again", .sharedServer, .timeLimit(.minutes(2)))
struct FamiliarTests {
    private static func contacts(_ alias: String) -> String {
        request(body: body("{ \(alias): contacts { totalCount nodes { name } } }"))
    }

    @Test func `sees what has changed since`() async throws {
        try await RealServer.with { server in
            let question = server.signed(Self.contacts("all"))
            try await RawConnection.with(port: server.port) { connection in
                for count in 0..<5 {
                    try await connection.send(question)
                    let response = try await connection.response()
                    #expect(response.status == 200)
                    #expect(response.text.contains("\"totalCount\":\(count)"), "\(response.text)")
                    try await server.world.data.psql(
                        """
                        INSERT INTO contacts (org_id, phone, name)
                        SELECT id, '+1500555000\(count)', 'C\(count)' FROM organizations
                        """)
                }
            }
        }
    }

    @Test func `is answered by what its body says, whatever the one before had behind the same head`() async throws {
        try await RealServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                for alias in ["a", "a", "b", "a", "b", "b", "c", "a"] {
                    try await connection.send(server.signed(Self.contacts(alias)))
                    let response = try await connection.response()
                    #expect(response.text.hasPrefix("{\"data\":{\"\(alias)\":{\"totalCount\":0"), "\(response.text)")
                }
            }
        }
    }

    @Test func `is another one with another key, and nobody with one that was revoked`() async throws {
        try await RealServer.with { server in
            let question = request(body: body("{ organization { id name } }"))
            let theirs = question.replacing("sb_good", with: server.otherKey)
            try await RawConnection.with(port: server.port) { connection in
                var names: Set<String> = []
                for _ in 0..<3 {
                    try await connection.send(server.signed(question))
                    names.insert(try await connection.response().text)
                    try await connection.send(theirs)
                    names.insert(try await connection.response().text)
                }
                #expect(names.count == 2, "\(names)")
                let id = try await server.world.value(
                    "SELECT id FROM api_keys WHERE org_id = '\(server.clinic.organization.uuid)' AND label = 'desk'")
                try await server.world.keys.revoke(
                    try #require(UUID(uuidString: id)), of: server.clinic.organization, actor: .commandLine)
                #expect(
                    try await eventually {
                        try await connection.send(server.signed(question))
                        return try await connection.response().status == 401
                    })
                try await connection.send(theirs)
                #expect(try await connection.response().status == 200)
                try await connection.send(server.signed(question))
                #expect(try await connection.response().status == 401)
            }
        }
    }

    /// Polls on one connection, and nothing else comes on it: what is remembered of it is not looked for again.
    private static func poll(
        _ server: RealServer, _ question: String, then change: @Sendable () async throws -> Void = {},
        until isMet: @Sendable @escaping (RawConnection.Response) -> Bool
    ) async throws -> Bool {
        try await RawConnection.with(port: server.port) { connection in
            for _ in 0..<3 {
                try await connection.send(question)
                let response = try await connection.response()
                #expect(response.status == 200 && !isMet(response), "\(response.text)")
            }
            try await change()
            let isMetAtLast = try await eventually {
                try await connection.send(question)
                return isMet(try await connection.response())
            }
            // And it stays so.
            for _ in 0..<3 {
                try await connection.send(question)
                let response = try await connection.response()
                #expect(isMet(response), "\(response.text)")
            }
            return isMetAtLast
        }
    }

    @Test func `is nobody once its key was revoked, while it asks on and on`() async throws {
        try await RealServer.with { server in
            let id = try await server.world.value(
                "SELECT id FROM api_keys WHERE org_id = '\(server.clinic.organization.uuid)' AND label = 'desk'")
            let key = try #require(UUID(uuidString: id))
            let isOut = try await Self.poll(server, server.signed(Self.contacts("all"))) {
                try await server.world.keys.revoke(key, of: server.clinic.organization, actor: .commandLine)
            } until: {
                $0.status == 401
            }
            #expect(isOut)
        }
    }

    @Test func `is nobody once its key has expired, while it asks on and on`() async throws {
        try await RealServer.with { server in
            let short = try await server.world.keys.issue(
                for: server.clinic.organization, role: .owner, label: "short",
                expiresAt: Date(timeIntervalSinceNow: 6), actor: .commandLine)
            let question = Self.contacts("all").replacing("sb_good", with: short)
            #expect(try await Self.poll(server, question, until: { $0.status == 401 }))
        }
    }

    @Test func `may do what its key may do now, and not what it could before`() async throws {
        try await RealServer.with { server in
            let question = server.signed(request(body: body("{ contacts { totalCount } apiKeys { totalCount } }")))
            let isChanged = try await Self.poll(server, question) {
                try await server.world.data.psql("UPDATE api_key_lookups SET role = 'AGENT'")
                // What was remembered is forgotten when some key is revoked.
                let other = try await server.issue(.viewer)
                try await server.world.keys.revoke(
                    try #require(try await server.world.authenticator.identity(of: other)).id,
                    of: server.clinic.organization, actor: .commandLine)
            } until: {
                $0.text.contains("\"code\":\"FORBIDDEN\"")
            }
            #expect(isChanged)
        }
    }

    @Test func `has its key's last use noted again and again`() async throws {
        try await RealServer.with { server in
            let desk = "org_id = '\(server.clinic.organization.uuid)' AND label = 'desk'"
            try await RawConnection.with(port: server.port) { connection in
                for _ in 0..<3 {
                    for _ in 0..<3 {
                        try await connection.send(server.signed(Self.contacts("all")))
                        #expect(try await connection.response().status == 200)
                    }
                    await server.world.authenticator.noteUses()
                    #expect(
                        try await server.world.value("SELECT last_used_at IS NOT NULL FROM api_keys WHERE \(desk)")
                            == "t")
                    try await server.world.data.psql("UPDATE api_keys SET last_used_at = NULL WHERE \(desk)")
                }
            }
        }
    }

    @Test func `speaks for the organization that it names, if it may`() async throws {
        let server = try SharedServer.current
        func id(of key: String) async throws -> String {
            let text = try await ask(
                server.port, request(body: body("{ organization { id } }")).replacing("sb_good", with: key)
            ).text
            return String(try #require(text.firstMatch(of: /org_[0-9a-f]+/)).0)
        }
        let (own, foreign) = (try await id(of: server.key), try await id(of: server.otherKey))
        try await RawConnection.with(port: server.port) { connection in
            for (organization, status) in [(own, 200), (own, 200), (foreign, 403), (own, 200), (foreign, 403)] {
                let headers = ["X-Switchboard-Organization": organization]
                try await connection.send(server.signed(request(body: body("{ organization { id } }"), headers)))
                let response = try await connection.response()
                #expect(response.status == status)
                #expect(response.text.contains(own) == (status == 200))
                #expect(!response.text.contains(foreign))
            }
        }
    }

    @Test func `asks as often as it may, and no more`() async throws {
        var limits = AccountLimits()
        limits.api = RateLimit(burst: 60, step: .seconds(600))
        try await RealServer.with(limits: limits) { server in
            // Such as are answered at once, and such as are looked at and left to a task.
            let questions = [Self.contacts("all"), request(body: body("mutation { __typename }"))].map(server.signed)
            try await RawConnection.with(port: server.port) { connection in
                for count in 1...65 {
                    try await connection.send(questions[count % 2])
                    #expect(try await connection.response().status == (count <= 60 ? 200 : 429))
                }
            }
        }
    }

    /// By the long way the first time, and by the short one where there is one after that.
    @Test(
        arguments: [
            body("{ contacts(first: 3) { totalCount nodes { id name phone } pageInfo { hasNextPage } } }"),
            body("{ __typename one: contacts { totalCount } t: __typename two: contacts { totalCount } }"),
            body(#"{ node(id: "con_00000000000000000000000000000000") { id } contacts { totalCount } }"#),
            body("{ contacts(first: 100000) { totalCount } }"), body("{ contacts(first: -1) { totalCount } }"),
            body("{ __type(name: \"Contact\") { name } contacts { totalCount } }"), body("{ nothing }"), body("{"),
            #"{"query":"query($n:Int!){contacts(first:$n){nodes{name}}}","variables":{"n":2}}"#,
            #"{"query":"query($n:Int!){contacts(first:$n){nodes{name}}}","variables":{"n":"two"}}"#,
            #"{"query":"query($all:Boolean!){contacts{totalCount @include(if:$all)}}","variables":{"all":false}}"#,
            #"{"query":"query A{contacts{totalCount}} query B{contacts{nodes{name}}}","operationName":"B"}"#,
            body("mutation { __typename }"), body("subscription { messageChanged { id } }"), "[]", "", "null",
        ])
    func `gets the same answer each time`(_ text: String) async throws {
        let server = try SharedServer.current
        let question = server.signed(request(body: text))
        let first = try await server.ask(request(body: text))
        try await RawConnection.with(port: server.port) { connection in
            for _ in 0..<4 {
                try await connection.send(question)
                let response = try await connection.response()
                #expect(response.status == first.status)
                #expect(response.text == first.text)
                let names = Set(response.headers.map(\.name)).subtracting(["date", "x-request-id"])
                #expect(names == Set(first.headers.map(\.name)).subtracting(["date", "x-request-id"]))
                #expect(response["content-type"] == first["content-type"])
                #expect(response["x-request-id"] != first["x-request-id"])
            }
        }
    }

    @Test func `may have other requests in between, in pieces, several at once and unlike it`() async throws {
        let server = try SharedServer.current
        let (same, chunked) = (Self.contacts("same"), Self.chunked("chunked"))
        let get = request("GET", "/graphql?query=%7Bget:contacts%7BtotalCount%7D%7D")
        let others = [
            chunked, get, same + Self.contacts("other"), Self.contacts("other") + same, same + same + same,
            request(body: body("{ expects: contacts { totalCount } }"), ["Expect": "100-continue"]),
            request(body: body("{ upgrades: contacts { totalCount } }"), ["Upgrade": "h2c"]),
        ]
        for other in others {
            try await RawConnection.with(port: server.port) { connection in
                for text in [same, same, other, same, same] {
                    let asked = text.matches(of: /(same|other|chunked|get|expects|upgrades):/).map { String($0.1) }
                    if text == other {
                        // In two pieces, somewhere in the midst.
                        let bytes = Array(server.signed(text).utf8)
                        try await connection.send(Array(bytes[..<(bytes.count / 2)]))
                        try await Task.sleep(for: .milliseconds(20))
                        try await connection.send(Array(bytes[(bytes.count / 2)...]))
                    } else {
                        try await connection.send(server.signed(text))
                    }
                    for alias in asked {
                        var response = try await connection.response()
                        if response.status == 100 { response = try await connection.response() }
                        #expect(response.text.hasPrefix("{\"data\":{\"\(alias)\":"), "\(response.text)")
                    }
                }
            }
        }
    }

    private static func chunked(_ alias: String) -> String {
        let body = body("{ \(alias): contacts { totalCount } }")
        let head = request(body: "", ["Content-Length": "", "Transfer-Encoding": "chunked"])
        return head + String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n0\r\n\r\n"
    }
}
