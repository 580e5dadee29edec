import Foundation
import GraphQL

extension Journey {
    static let sendMessage = """
        mutation Send($input: SendMessageInput!) {
          sendMessage(input: $input) {
            message { id status from to body segments contact { id phone } }
            userErrors { code message field }
          }
        }
        """

    private static let messageChanged = """
        subscription Live { messageChanged { id direction status body } }
        """

    private static let message = """
        query Message($id: ID!) {
          message(id: $id) { id status twilioSid sentAt deliveredAt statusEvents { status source } }
        }
        """

    private static let syncStatus = """
        query Sync {
          syncStatus { state numbersFound messagesFound messagesAdded error }
          phoneNumbers(first: 10) { nodes { id number isActive capabilities { sms } } totalCount }
          messages(first: 3) { nodes { id direction status createdAt contact { phone } } totalCount }
        }
        """

    private static let conversations = """
        query Inbox {
          conversations(first: 1) {
            nodes { unreadCount contact { phone } messages(first: 2) { nodes { direction status body } } }
          }
        }
        """

    private static let count = "query Count { messages(first: 1) { totalCount } }"

    func sync() async throws {
        console.step("startSync brings numbers and past messages in")
        let started = try await a.data(
            "mutation Sync($input: StartSyncInput!) { startSync(input: $input) { sync { state } userErrors { code message } } }",
            ["input": ["webhooks": "ALWAYS"]])
        try expect(code(started["startSync"]) == nil, "it starts", started.compact)
        var state: JSONValue = .null
        for _ in 0..<100 {
            state = try await a.data("query State { syncStatus { state error } }")["syncStatus"] ?? .null
            if ["COMPLETED", "FAILED"].contains(state["state"]?.stringValue) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        try expect(state["state"]?.stringValue == "COMPLETED", "it completes", state.compact)
        let found = try await a.data(Self.syncStatus)
        let numbers = found["phoneNumbers"]?["nodes"]?.arrayValue?.compactMap { $0["number"]?.stringValue } ?? []
        try expect(Set(numbers).isSuperset(of: clinicA.numbers), "its numbers are there", "\(numbers)")
        try expect(
            (found["messages"]?["totalCount"]?.intValue ?? 0) > 0, "and its past messages", found.compact)
    }

    func send() async throws -> JSONValue {
        console.step("\(a.name) sends a message, and watches it")
        let live = try await a.subscribe(Self.messageChanged)
        let before = try await carrier.creates(to: Self.patient)
        let key = "tour-\(UUID().uuidString)"
        let input: JSONValue = [
            "input": [
                "to": .string(Self.patient), "body": "Your appointment is tomorrow at 10.",
                "idempotencyKey": .string(key),
            ]
        ]
        let sent = try await a.data(Self.sendMessage, input)["sendMessage"]
        guard let id = sent?["message"]?["id"], !id.isNull else {
            throw Failure("The message was not taken: \(sent?.compact ?? "")")
        }
        try expect(sent?["message"]?["status"]?.stringValue == "QUEUED", "it is QUEUED")
        let seen = try await statuses(of: id, in: live, until: "DELIVERED")
        try expect(
            seen.suffix(2) == ["SENT", "DELIVERED"], "the subscription showed SENT and DELIVERED live", "\(seen)")
        let stored = try await a.data(Self.message, ["id": id])["message"]
        let history = stored?["statusEvents"]?.arrayValue ?? []
        let statuses = history.compactMap { $0["status"]?.stringValue }
        try expect(
            statuses == ["QUEUED", "SENDING", "ACCEPTED", "SENT", "DELIVERED"],
            "it went QUEUED → SENDING → ACCEPTED → SENT → DELIVERED", "\(statuses)")
        try expect(
            history.suffix(2).allSatisfy { $0["source"]?.stringValue == "CALLBACK" },
            "the last two by Twilio's signed callbacks")
        let again = try await a.data(Self.sendMessage, input)["sendMessage"]
        try expect(again?["message"]?["id"] == id, "the same idempotency key answers with the same message")
        let creates = try await carrier.creates(to: Self.patient) - before
        try expect(creates == 1, "and the carrier was asked exactly once", "\(creates) times")
        return id
    }

    func answer() async throws {
        console.step("The patient answers")
        let live = try await a.subscribe(Self.messageChanged)
        let body = "Thank you, I will be there. \(Int.random(in: 1_000...9_999))"
        let own = try ownNumber(
            await a.data("query Sender { messages(first: 1, filter: { direction: OUTBOUND }) { nodes { from } } }"))
        let status = try await carrier.text(from: Self.patient, to: own, body: body)
        try expect((200..<300).contains(status), "the signed webhook was taken", "\(status)")
        try await withTimeout("the live inbound message") {
            for try await event in live {
                let message = event["data"]?["messageChanged"]
                if message?["body"]?.stringValue == body { break }
            }
        }
        console.holds("the subscription showed it live")
        let inbox = try await a.data(Self.conversations)["conversations"]?["nodes"]?.arrayValue?.first
        try expect(inbox?["contact"]?["phone"]?.stringValue == Self.patient, "it is in the patient's conversation")
        let newest = inbox?["messages"]?["nodes"]?.arrayValue?.first
        try expect(
            newest?["body"]?.stringValue == body && newest?["status"]?.stringValue == "RECEIVED",
            "as the newest message, RECEIVED", inbox?.compact ?? "")
    }

    func forge() async throws {
        console.step("Somebody forges a webhook")
        let before = try await a.data(Self.count)
        let own = try ownNumber(
            await a.data("query Sender { messages(first: 1, filter: { direction: OUTBOUND }) { nodes { from } } }"))
        let url = try await carrier.smsURL(of: own, account: clinicA)
        let status = try await carrier.forge(url, account: clinicA.accountSid, from: Self.patient, to: own)
        try expect(status == 403, "a wrong signature is refused with 403", "\(status)")
        let after = try await a.data(Self.count)
        try expect(after == before, "and changes nothing", after.compact)
    }

    private func ownNumber(_ data: JSONValue) throws -> String {
        guard let own = data["messages"]?["nodes"]?.arrayValue?.first?["from"]?.stringValue else {
            throw Failure("There is no message that went out.")
        }
        return own
    }

    /// The statuses of one message as a subscription shows them, up to and with `last`.
    private func statuses(
        of id: JSONValue, in live: AsyncThrowingStream<JSONValue, any Error>, until last: String
    ) async throws -> [String] {
        try await withTimeout("\(last) on the subscription") {
            var seen: [String] = []
            for try await event in live {
                let message = event["data"]?["messageChanged"]
                guard message?["id"] == id, let status = message?["status"]?.stringValue else { continue }
                console.event(event)
                if seen.last != status { seen.append(status) }
                if status == last { break }
            }
            return seen
        }
    }

    private func withTimeout<R: Sendable>(
        _ what: String, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { tasks in
            tasks.addTask(operation: body)
            tasks.addTask {
                try await Task.sleep(for: .seconds(20))
                throw Failure("Waited 20 s for \(what), and it did not come.")
            }
            defer { tasks.cancelAll() }
            guard let first = try await tasks.next() else { throw Failure("Nothing came.") }
            return first
        }
    }
}
