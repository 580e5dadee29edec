import Foundation
import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct ControlTests {
    @Test func `the guide lists calls with an example each`() async throws {
        try await Sandbox.with { sandbox async throws in
            let calls = try await sandbox.control(.get, "").json["calls"].array
            #expect(calls.count > 10)
            #expect(calls.allSatisfy { $0["example"] != .missing && $0["what"].string?.isEmpty == false })
            #expect(try await sandbox.control(.get, "/nothing").status == 404)
        }
    }

    @Test func `a page of another host name cannot use the control API`() async throws {
        try await Sandbox.with { sandbox async throws in
            let foreign = try await sandbox.send(.get, "/_control/accounts", host: "evil.example")
            #expect(foreign.status == 403)
            #expect(!foreign.text.contains(Sandbox.clinic.authToken))
            #expect(try await sandbox.send(.get, "/_control/accounts", host: "localhost:80").status == 200)
        }
    }

    @Test func `an account can be made while the sandbox runs`() async throws {
        try await Sandbox.with { sandbox async throws in
            let made = try await sandbox.control(.post, "/accounts", #"{"name":"South Clinic","numbers":3}"#).json
            let numbers = made["numbers"].array.compactMap(\.["phoneNumber"].string)
            #expect(Set(numbers.map { $0.prefix(5) }).count == 3)
            let account = SandboxAccount(
                sid: made["sid"].string ?? "", authToken: made["authToken"].string ?? "", friendlyName: "")
            let list = try await sandbox.api(.get, "/IncomingPhoneNumbers.json", as: account).json
            #expect(list["incoming_phone_numbers"].array.compactMap(\.["phone_number"].string) == numbers)
            let clash = try await sandbox.control(.post, "/accounts", #"{"numbers":["\#(numbers[0])"]}"#)
            #expect(clash.status == 400)
        }
    }

    @Test func `past messages are put in their place`() async throws {
        try await Sandbox.with { sandbox async throws in
            _ = try await sandbox.create(body: "now")
            let past = #"""
                {"account":"\#(Sandbox.clinic.sid)","messages":[{"direction":"inbound","from":"+14155550123",
                "to":"+12125550100","body":"before","secondsAgo":60}]}
                """#
            #expect(try await sandbox.control(.post, "/messages", past).status == 201)
            let bodies = try await sandbox.api(.get, "/Messages.json").json["messages"].array.map(\.["body"].string)
            #expect(bodies == ["now", "before"])
        }
    }

    @Test func `the page shows accounts and messages, escaped, and no token`() async throws {
        try await Sandbox.with { sandbox async throws in
            _ = try await sandbox.create(body: "<script>alert(1)</script>")
            let page = try await sandbox.send(.get, "/")
            #expect(page.status == 200)
            #expect(page.text.contains("North Clinic"))
            #expect(page.text.contains("&lt;script&gt;alert"))
            #expect(!page.text.contains("<script>"))
            #expect(!page.text.contains(Sandbox.clinic.authToken))
        }
    }

    @Test func `a configuration file is read and its mistakes are named`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("accounts.json")
        let sid = Sandbox.clinic.sid
        try Data(#"{"accounts":[{"sid":"\#(sid)","authToken":"t","numbers":[{"phoneNumber":"+12125550100"}]}]}"#.utf8)
            .write(to: file)
        let accounts = try SandboxConfiguration.accounts(fromFile: file)
        #expect(accounts.map(\.sid) == [sid])
        #expect(accounts.first?.numbers.first?.smsEnabled == true)
        try Data(#"{"accounts":[{"authToken":"t"}]}"#.utf8).write(to: file)
        #expect(throws: DecodingError.self) { try SandboxConfiguration.accounts(fromFile: file) }
    }

    @Test func `generated accounts own different fictional numbers`() {
        var taken: Set<String> = []
        var generator = SystemRandomNumberGenerator()
        let accounts = (0..<5).map {
            SandboxAccount.generated(name: "Clinic \($0)", numberCount: 3, taken: &taken, using: &generator)
        }
        let numbers = accounts.flatMap { $0.numbers.map(\.phoneNumber) }
        #expect(numbers.count == 15 && Set(numbers) == taken && taken.count == 15)
        #expect(Set(accounts.map(\.authToken)).count == 5)
        for account in accounts {
            #expect(!account.pastMessages.isEmpty)
            let own = Set(account.numbers.map(\.phoneNumber))
            for message in account.pastMessages {
                #expect(own.contains(message.direction == .inbound ? message.to : message.from))
                #expect(!own.contains(message.direction == .inbound ? message.from : message.to))
            }
        }
    }

    @Test func `accounts that clash are refused at the start`() {
        var twin = Sandbox.firm
        twin.numbers = Sandbox.clinic.numbers
        #expect(throws: SandboxError.self) { try Sandbox.make([Sandbox.clinic, twin]) }
        #expect(throws: SandboxError.self) { try Sandbox.make([Sandbox.clinic, Sandbox.clinic]) }
    }

    @Test func `the carrier's clock can be wrong, and what it writes with it`() async throws {
        try await Sandbox.with { sandbox async throws in
            let right = try await sandbox.control(.get, "/clock").json["unixTime"].int ?? 0
            let wrong = try await sandbox.control(.post, "/clock", #"{"skew":-300}"#).json["unixTime"].int ?? 0
            #expect(wrong == right - 300)
            #expect(try await sandbox.create().json["date_created"].string == "Tue, 14 Nov 2023 22:08:20 +0000")
            #expect(try await sandbox.control(.post, "/clock", #"{"skew":100000}"#).status == 400)
        }
    }

    @Test func `a customer's file has the size and the status that its address asks for`() async throws {
        try await Sandbox.with { sandbox async throws in
            let file = try await sandbox.send(.get, "/_files/a.pdf?size=7")
            #expect(file.status == 200 && file.text.utf8.count == 7)
            #expect(try await sandbox.send(.get, "/_files/a?status=403").status == 403)
            let requests = try await sandbox.control(.get, "/requests?path=/_files").json
            #expect(requests["count"].int == 2)
            #expect(requests["requests"].array.map(\.["status"].int) == [200, 403])
        }
    }
}
