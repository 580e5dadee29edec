import FoundationEssentials
import TestServer
import Testing
import Twilio

@Suite struct PagingTests {
    private static let root = "/2010-04-01/Accounts/\(Fixture.accountText)/Messages.json"

    private static func page(_ messages: Range<Int>, next: String?) -> String {
        let list = messages.map { Fixture.message($0) }.joined(separator: ",")
        let next = next.map { "\"\($0)\"" } ?? "null"
        return """
            {"first_page_uri": "\(root)?Page=0", "end": \(messages.upperBound), "start": 0, "page": 0, \
            "page_size": 2, "previous_page_uri": null, "uri": "\(root)", "next_page_uri": \(next), \
            "messages": [\(list)]}
            """
    }

    /// Three pages of two, by page tokens.
    private static let threePages: RawServer.Script = { connection in
        while let request = connection.readRequest() {
            let number =
                request.target.split(separator: "&").first { $0.hasPrefix("Page=") }.flatMap { Int($0.dropFirst(5)) }
                ?? 0
            let next = number < 2 ? "\(root)?PageSize=2&Page=\(number + 1)&PageToken=PASM\(number)" : nil
            connection.answer(200, page(number * 2..<number * 2 + 2, next: next))
        }
    }

    @Test func `a list runs over all pages, and asks for each once`() async throws {
        try await withTwilio(Self.threePages) { client, server in
            var numbers: [String] = []
            for try await message in client.messages.list(pageSize: 2) {
                numbers.append(String(message.sid.text.suffix(4)))
            }
            #expect(numbers == ["1000", "1001", "1002", "1003", "1004", "1005"])
            #expect(
                server.received.map(\.target) == [
                    "\(Self.root)?PageSize=2", "\(Self.root)?PageSize=2&Page=1&PageToken=PASM0",
                    "\(Self.root)?PageSize=2&Page=2&PageToken=PASM1",
                ])
        }
    }

    @Test func `reading can go on at a kept place`() async throws {
        try await withTwilio(Self.threePages) { client, _ in
            let list = client.messages.list(pageSize: 2)
            var pages = list.pages()
            let first = try #require(try await pages.next())
            let place = try #require(first.next)
            let kept = try #require(list.place(at: place.pathAndQuery))
            let second = try await list.page(at: kept)
            #expect(second.elements.map { String($0.sid.text.suffix(4)) } == ["1002", "1003"])
        }
    }

    @Test func `a list that is walked halfway reads no more pages than needed`() async throws {
        try await withTwilio(Self.threePages) { client, server in
            for try await _ in client.messages.list(pageSize: 2) { break }
            #expect(server.received.count == 1)
        }
    }

    @Test func `filters carry their operator in the key`() async throws {
        try await withTwilio(Self.threePages) { client, server in
            var filter = Message.Filter()
            filter.to = "+14155550123"
            filter.dateSent = TimeFilter(
                from: .instant(Date(timeIntervalSince1970: 1_704_164_645)), to: .day(try #require(Day("2024-01-05"))))
            for try await _ in client.messages.list(filter, pageSize: 5000) { break }
            #expect(
                server.received[0].target == Self.root
                    + "?To=%2B14155550123&DateSent%3E=2024-01-02T03%3A04%3A05Z&DateSent%3C=2024-01-05&PageSize=1000")
        }
    }

    @Test(arguments: [
        "https://evil.test/x", "//evil.test/x", "/elsewhere", "/2010-04-01/Accounts/ACother/Messages.json",
        "/2010-04-01/Accounts/\(Fixture.accountText)/../ACother/Messages.json",
        "/2010-04-01/Accounts/\(Fixture.accountText)/%2e%2E/ACother/Messages.json",
        "/2010-04-01/Accounts/\(Fixture.accountText)/a b",
    ])
    func `a next page elsewhere is not followed`(next: String) async throws {
        try await withTwilio({ connection in
            while connection.readRequest() != nil { connection.answer(200, Self.page(0..<1, next: next)) }
        }) { client, server in
            await #expect(throws: TwilioCallError.malformedAnswer("the next page is not of this list")) {
                for try await _ in client.messages.list() {}
            }
            #expect(server.received.count == 1)
        }
    }

    @Test func `a page that names itself as the next one ends the list with an error`() async throws {
        let itself = "\(Self.root)?PageSize=50"
        try await withTwilio({ connection in
            while connection.readRequest() != nil { connection.answer(200, Self.page(0..<1, next: itself)) }
        }) { client, server in
            await #expect(throws: TwilioCallError.self) {
                for try await _ in client.messages.list() {}
            }
            #expect(server.received.count == 1)
        }
    }

    @Test(arguments: ["{}", "[]", #"{"messages": null}"#, #"{"messages": [{"sid": "x"}]}"#])
    func `a page without its list is an error, not an empty list`(body: String) async throws {
        try await withTwilio({ connection in
            while connection.readRequest() != nil { connection.answer(200, body) }
        }) { client, _ in
            await #expect(throws: TwilioCallError.self) {
                for try await _ in client.messages.list() {}
            }
        }
    }
}
