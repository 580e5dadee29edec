import Credentials
import GraphQL
import QueryEngine
import TestSupport
import TestWorld
import Testing
import Twilio
import TwilioSandbox

/// Which number a message goes out from when the caller names none.
@Suite struct RotationTests {
    static func send(_ world: World, to: String, as clinic: Clinic) async throws -> String {
        let payload = try await world.mutate(
            "sendMessage", ["to": .string(to), "body": "Hello"], "message { from }", as: clinic)
        return payload["message"]?["from"]?.stringValue ?? payload.refusal ?? ""
    }

    @Test func `contacts are spread evenly, each keeps its number, and it is answered from the number it wrote to`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            var counts: [String: Int] = [:]
            var first: [String: String] = [:]
            for index in 10..<30 {
                let recipient = "+141555501\(index)"
                let from = try await Self.send(world, to: recipient, as: clinic)
                counts[from, default: 0] += 1
                first[recipient] = from
            }
            #expect(counts.values.sorted() == [10, 10])
            for (recipient, from) in first {
                #expect(try await Self.send(world, to: recipient, as: clinic) == from)
            }
            // Somebody writes to a number of ours.
            for number in clinic.account.numbers.map(\.phoneNumber) {
                let webhook = SignedWebhook(
                    world.hooks.inbound(try await world.hook(of: clinic)),
                    [
                        ("AccountSid", clinic.account.sid),
                        ("MessageSid", "SM" + String(repeating: String(number.suffix(1)), count: 32)),
                        ("From", "+14155550199"), ("To", number), ("Body", "Hi"),
                    ],
                    token: clinic.account.authToken)
                #expect(try await webhook.post(in: world) == 204)
                #expect(try await Self.send(world, to: "+14155550199", as: clinic) == number)
            }
        }
    }

    @Test func `a number takes part by its share, and not at all when its rotation is off or it cannot text`()
        async throws
    {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let numbers = clinic.account.numbers.map(\.phoneNumber)
            try await world.data.psql("UPDATE phone_numbers SET rotation_weight = 3 WHERE number = '\(numbers[0])'")
            var counts: [String: Int] = [:]
            for index in 10..<30 {
                counts[try await Self.send(world, to: "+141555501\(index)", as: clinic), default: 0] += 1
            }
            #expect(counts == [numbers[0]: 15, numbers[1]: 5])
            try await world.data.psql(
                "UPDATE phone_numbers SET rotation_enabled = false WHERE number = '\(numbers[0])'")
            #expect(try await Self.send(world, to: "+14155550190", as: clinic) == numbers[1])
            try await world.data.psql("UPDATE phone_numbers SET sms = false WHERE number = '\(numbers[1])'")
            #expect(try await Self.send(world, to: "+14155550191", as: clinic) == "NO_SENDER")
        }
    }

    @Test func `a number that carriers filter three times in a row rests, and its contacts get another`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let numbers = clinic.account.numbers.map(\.phoneNumber)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.carrier.misbehave(
                #"{"do":"outcome","outcome":"undelivered","errorCode":30007,"match":{"from":"\#(clinic.number)"}}"#)
            let resting =
                "SELECT number FROM phone_numbers n JOIN sender_rotation r ON r.phone_number_id = n.id WHERE rests_until > now()"
            for index in 0..<3 {
                // Negative control: fewer than three are bad luck.
                #expect(try await world.value(resting) == "")
                _ = try await world.send(to: "+1415555012\(index)", as: clinic)
                #expect(try await eventually { try await world.status(to: "+1415555012\(index)") == "UNDELIVERED" })
            }
            #expect(try await world.value(resting) == numbers[0])
            // Whom it knew, and who is new.
            #expect(try await Self.send(world, to: "+14155550120", as: clinic) == numbers[1])
            for index in 130..<134 {
                #expect(try await Self.send(world, to: "+14155550\(index)", as: clinic) == numbers[1])
            }
            // Named by the caller it sends all the same.
            #expect(try await world.send(to: "+14155550140", as: clinic).refusal == nil)
        }
    }

    private static func troubles(of number: String, _ world: World) async throws -> String {
        try await world.value(
            """
            SELECT troubles FROM sender_rotation r JOIN phone_numbers n ON n.id = r.phone_number_id
            WHERE number = '\(number)'
            """)
    }

    @Test func `what arrives in between ends the row`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            func send(_ index: Int, isFiltered: Bool) async throws {
                try await world.carrier.behave()
                if isFiltered {
                    try await world.carrier.misbehave(#"{"do":"outcome","outcome":"undelivered","errorCode":30007}"#)
                }
                let recipient = "+1415555012\(index)"
                _ = try await world.send(to: recipient, as: clinic)
                let end = isFiltered ? "UNDELIVERED" : "DELIVERED"
                #expect(try await eventually { try await world.status(to: recipient) == end })
            }
            for (index, isFiltered) in [true, true, false, true, true].enumerated() {
                try await send(index, isFiltered: isFiltered)
            }
            #expect(try await world.count("sender_rotation", where: "rests_until > now()") == 0)
            #expect(try await Self.troubles(of: clinic.number, world) == "2")
        }
    }

    @Test func `a number whose queue at Twilio is full three times in a row rests, too`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.carrier.misbehave(TemporaryRefusalTests.refusal(status: 429, code: 21_611, times: 3))
            let from = try await Self.send(world, to: "+14155550123", as: clinic)
            for count in 1...2 {
                let isInTrouble = try await eventually { try await Self.troubles(of: from, world) == "\(count)" }
                #expect(isInTrouble)
                #expect(try await eventually { try await world.status() == "QUEUED" })
                #expect(try await world.count("sender_rotation", where: "rests_until > now()") == 0)
                try await world.hurry("message.send")
            }
            let isResting = try await eventually {
                try await world.count("sender_rotation", where: "rests_until > now()") == 1
            }
            #expect(isResting)
            #expect(try await eventually { try await world.status() == "QUEUED" })
            try await world.hurry("message.send")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.value("SELECT from_address FROM messages") != from)
        }
    }

    @Test func `what waits for a number that has to rest goes out from another`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let from = try await Self.send(world, to: "+14155550123", as: clinic)
            try await world.data.psql(
                """
                UPDATE sender_rotation r SET rests_until = now() + interval '1 hour' FROM phone_numbers n
                WHERE n.id = r.phone_number_id AND n.number = '\(from)'
                """)
            try await world.working {
                let isOut = try await eventually { try await world.status() == "DELIVERED" }
                #expect(isOut)
            }
            #expect(try await world.value("SELECT from_address FROM messages") != from)
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `a number that the contact has opted out of does not step in for one that rests`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let from = try await Self.send(world, to: "+14155550123", as: clinic)
            try await world.data.psql(
                """
                UPDATE phone_numbers SET sender_group = CASE number WHEN '\(from)' THEN 'care' ELSE 'news' END;
                UPDATE sender_rotation r SET rests_until = now() + interval '1 hour' FROM phone_numbers n
                WHERE n.id = r.phone_number_id AND n.number = '\(from)'
                """)
            let recorded = try await world.mutate(
                "recordOptOut", ["phone": "+14155550123", "senderGroup": "news", "reason": "asked at the desk"],
                "optOut { id }", as: clinic)
            #expect(recorded.refusal == nil)
            try await world.working {
                let isOut = try await eventually { try await world.status() == "DELIVERED" }
                #expect(isOut)
            }
            #expect(try await world.value("SELECT from_address FROM messages") == from)
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `where the account has a messaging service, that sends, and tells which number it took`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            let credential = try await world.credential(of: clinic)
            let lease = try await world.credentials.lease(clinic.organization, credential: credential, purpose: .verify)
            guard
                case .accepted(let service) = await lease.client.messagingServices.create(.init(friendlyName: "Clinic"))
            else { return #expect(Bool(false), "no service") }
            let numbers = lease.client.incomingPhoneNumbers.list()
            for try await number in numbers {
                _ = await lease.client.messagingServices.phoneNumbers(of: service.sid).create(
                    .init(phoneNumberSid: number.sid))
            }
            let id = JSONValue.string(OpaqueID.encode(credential, prefix: "cred"))
            let selection = "account { messagingServiceSid messagesPerSecond }"
            let nobodys = try await world.mutate(
                "configureMessagingAccount",
                ["credentialId": id, "messagingServiceSid": .string("MG" + String(repeating: "0", count: 32))],
                selection, as: clinic)
            #expect(nobodys.refusal == "NO_SUCH_SERVICE")
            let set = try await world.mutate(
                "configureMessagingAccount",
                ["credentialId": id, "messagingServiceSid": .string(service.sid.description)], selection, as: clinic)
            #expect(set["account"]?["messagingServiceSid"] == .string(service.sid.description))

            #expect(try await Self.send(world, to: "+14155550123", as: clinic) == "")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            let from = try await world.value("SELECT from_address FROM messages")
            #expect(clinic.account.numbers.map(\.phoneNumber).contains(from))
            #expect(try await world.count("messages", where: "phone_number_id IS NOT NULL") == 1)
            let request = try await world.carrier.control("/requests?method=POST&path=/Messages")
            let parameters = request["requests"]?.arrayValue?.last?["parameters"]
            #expect(parameters?["From"] == nil)
            // In doubt it is found again, though nobody knows from which number.
            try await world.carrier.misbehave(DoubtTests.silence)
            try await world.carrier.misbehave(DoubtTests.dropAfter)
            _ = try await Self.send(world, to: "+14155550124", as: clinic)
            #expect(try await eventually { try await world.status(to: "+14155550124") == "IN_DOUBT" })
            try await world.hurry("message.settle_doubt")
            #expect(try await eventually { try await world.status(to: "+14155550124") == "DELIVERED" })
            #expect(try await world.carrier.posts(to: "+14155550124") == 1)
        }
    }
}
