import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct MessageTests {
    @Test func `a created message has the shape that Twilio gives it`() async throws {
        try await Sandbox.with { sandbox async throws in
            let reply = try await sandbox.create(body: "Café ☕ +1")
            #expect(reply.status == 201)
            let json = reply.json
            #expect(json["status"].string == "queued")
            #expect(json["body"].string == "Café ☕ +1")
            #expect(json["num_segments"].string == "1")
            #expect(json["num_media"].string == "0")
            #expect(json["direction"].string == "outbound-api")
            #expect(json["date_created"].string == "Tue, 14 Nov 2023 22:13:20 +0000")
            for name in ["date_sent", "error_code", "error_message", "price", "messaging_service_sid"] {
                #expect(json[name].isNull, "\(name) is null")
            }
            let sid = json["sid"].string ?? ""
            #expect(sid.hasPrefix("SM") && sid.count == 34)
            #expect(json["uri"].string == "/2010-04-01/Accounts/\(Sandbox.clinic.sid)/Messages/\(sid).json")
        }
    }

    @Test func `a message is sent and delivered by the carrier's clock and billed once`() async throws {
        try await Sandbox.with { sandbox async throws in
            let sid = try await sandbox.create(body: String(repeating: "a", count: 161)).json["sid"].string ?? ""
            func fetch() async throws -> Value { try await sandbox.api(.get, "/Messages/\(sid).json").json }
            #expect(try await fetch()["status"].string == "queued")
            try await sandbox.advance(1)
            let sent = try await fetch()
            #expect(sent["status"].string == "sent")
            #expect(sent["date_sent"].string == "Tue, 14 Nov 2023 22:13:21 +0000")
            #expect(sent["price"].string == "-0.01580")
            try await sandbox.advance(1)
            #expect(try await fetch()["status"].string == "delivered")
            #expect(try await sandbox.api(.get, "/Balance.json").json["balance"].string == "99.9842")
        }
    }

    @Test(arguments: [(1, "failed"), (3, "undelivered"), (7, "undelivered")])
    func `the magic recipients fail with their code`(_ digit: Int, _ status: String) async throws {
        try await Sandbox.with { sandbox async throws in
            let sid = try await sandbox.create(to: "+1500555300\(digit)").json["sid"].string ?? ""
            try await sandbox.advance(5)
            let json = try await sandbox.api(.get, "/Messages/\(sid).json").json
            #expect(json["status"].string == status)
            #expect(json["error_code"].int == 30000 + digit)
            #expect(json["error_message"].string?.isEmpty == false)
        }
    }

    @Test func `pages follow each other without gap or repetition while messages arrive`() async throws {
        try await Sandbox.with { sandbox async throws in
            var created: [String] = []
            for index in 0..<7 {
                created.append(try await sandbox.create(body: "\(index)").json["sid"].string ?? "")
            }
            var seen: [String] = []
            var target: String? = "/2010-04-01/Accounts/\(Sandbox.clinic.sid)/Messages.json?PageSize=3"
            while let next = target {
                let page = try await sandbox.send(
                    .get, next, user: Sandbox.clinic.sid, password: Sandbox.clinic.authToken
                ).json
                #expect(page["page_size"].int == 3)
                #expect(page["start"].int == seen.count)
                seen += page["messages"].array.compactMap(\.["sid"].string)
                #expect(page["end"].int == seen.count - 1)
                _ = try await sandbox.create(body: "later")
                target = page["next_page_uri"].string
                if target == nil { #expect(page["next_page_uri"].isNull) }
            }
            #expect(seen == created.reversed())
        }
    }

    @Test func `a page can be left backwards`() async throws {
        try await Sandbox.with { sandbox async throws in
            for index in 0..<5 { _ = try await sandbox.create(body: "\(index)") }
            func get(_ uri: String) async throws -> Value {
                try await sandbox.send(.get, uri, user: Sandbox.clinic.sid, password: Sandbox.clinic.authToken).json
            }
            let first = try await get("/2010-04-01/Accounts/\(Sandbox.clinic.sid)/Messages.json?PageSize=2")
            let second = try await get(first["next_page_uri"].string ?? "")
            let back = try await get(second["previous_page_uri"].string ?? "")
            #expect(back["messages"] == first["messages"])
            #expect(first["previous_page_uri"].isNull)
            let bad = try await sandbox.api(.get, "/Messages.json?PageToken=XX")
            #expect(bad.code == 21481)
        }
    }

    @Test func `filters by recipient, sender and day take what they name`() async throws {
        let past = [
            SandboxPastMessage(
                direction: .inbound, from: "+14155550123", to: "+12125550100", body: "old", secondsAgo: 3 * 86_400),
            SandboxPastMessage(
                direction: .outbound, from: "+12125550100", to: "+14155550124", body: "newer", secondsAgo: 86_400),
        ]
        var account = Sandbox.clinic
        account.pastMessages = past
        try await Sandbox.with(accounts: [account]) { sandbox async throws in
            _ = try await sandbox.create()
            func bodies(_ query: String) async throws -> [String] {
                try await sandbox.api(.get, "/Messages.json?" + query).json["messages"].array.compactMap(
                    \.["body"].string)
            }
            #expect(try await bodies("") == ["Hello", "newer", "old"])
            #expect(try await bodies("To=%2B14155550124") == ["newer"])
            #expect(try await bodies("From=%2B14155550123") == ["old"])
            #expect(try await bodies("DateSent=2023-11-13") == ["newer"])
            #expect(try await bodies("DateSent%3E=2023-11-13") == ["Hello", "newer"])
            #expect(try await bodies("DateSent>=2023-11-13") == ["Hello", "newer"])
            #expect(try await bodies("DateSent%3C=2023-11-13") == ["newer", "old"])
            #expect(try await bodies("DateSent%3E=2023-11-14T00:00:00Z") == ["Hello"])
            #expect(try await sandbox.api(.get, "/Messages.json?DateSent=soon").code == 20001)
            let empty = try await sandbox.api(.get, "/Messages.json?To=%2B14155550199").json
            #expect(empty["end"].int == 0)
            #expect(empty["messages"].array.isEmpty)
        }
    }

    @Test func `only a finished message is redacted or deleted, only a queued one canceled`() async throws {
        try await Sandbox.with { sandbox async throws in
            let sid = try await sandbox.create().json["sid"].string ?? ""
            let path = "/Messages/\(sid).json"
            #expect(try await sandbox.api(.delete, path).code == 20009)
            #expect(try await sandbox.api(.post, path, form: [("Body", "")]).code == 20009)
            try await sandbox.advance(5)
            #expect(try await sandbox.api(.post, path, form: [("Status", "canceled")]).code == 30409)
            let redacted = try await sandbox.api(.post, path, form: [("Body", "")])
            #expect(redacted.status == 200)
            #expect(redacted.json["body"].string == "")
            #expect(try await sandbox.api(.get, "/Messages/\(sid)/Media.json").json["media_list"] == .array([]))
            let deleted = try await sandbox.api(.delete, path)
            #expect(deleted.status == 204)
            #expect(deleted.text.isEmpty)
            #expect(try await sandbox.api(.get, path).code == 20404)

            let other = try await sandbox.create().json["sid"].string ?? ""
            let canceled = try await sandbox.api(.post, "/Messages/\(other).json", form: [("Status", "canceled")])
            #expect(canceled.json["status"].string == "canceled")
            try await sandbox.advance(5)
            #expect(try await sandbox.api(.get, "/Messages/\(other).json").json["status"].string == "canceled")
        }
    }

    @Test func `a message of another account is not found`() async throws {
        try await Sandbox.with { sandbox async throws in
            let sid = try await sandbox.create().json["sid"].string ?? ""
            #expect(try await sandbox.api(.get, "/Messages/\(sid).json", as: Sandbox.firm).status == 404)
            #expect(try await sandbox.api(.get, "/Messages/\(sid).json").status == 200)
        }
    }

    @Test func `the same seed makes the same SIDs and another seed others`() async throws {
        func sid(seed: UInt64) async throws -> String? {
            var found: String?
            try await Sandbox.with(seed: seed) { found = try await $0.create().json["sid"].string }
            return found
        }
        let first = try await sid(seed: 3)
        #expect(try await sid(seed: 3) == first)
        #expect(try await sid(seed: 4) != first)
    }

    @Test func `an unknown path is not found and a wrong method not allowed`() async throws {
        try await Sandbox.with { sandbox async throws in
            let unknown = try await sandbox.api(.get, "/Nothing.json")
            #expect(unknown.code == 20404)
            #expect(unknown.json["message"].string?.contains("/Nothing.json was not found") == true)
            #expect(try await sandbox.api(.delete, "/Messages.json").code == 20004)
        }
    }
}
