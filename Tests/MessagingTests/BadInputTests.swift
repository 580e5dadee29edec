import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What a caller is told who asks for what cannot be sent.
@Suite struct BadInputTests {
    static let national = "(415) 555-0123"

    @Test(
        arguments: [
            ("sendMessage", ["to": .string(national), "body": "Hello"], ["to"]),
            ("sendMessage", ["to": "+14155550123", "from": .string(national), "body": "Hello"], ["from"]),
            ("scheduleMessage", ["to": .string(national), "body": "Hello", "localAt": "2030-01-01T09:00"], ["to"]),
            (
                "sendBulkMessage",
                ["recipients": [["to": "+14155550123"]], "from": .string(national), "body": "Hello"], ["from"]
            ),
        ] as [(String, JSONValue, [JSONValue])])
    func `a number as it is written at home is refused with the one that was likely meant`(
        mutation: String, input: JSONValue, field: [JSONValue]
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let refused = try await world.mutate(mutation, input, "__typename", as: clinic)
            #expect(refused.refusal == "INVALID_PHONE")
            #expect(refused["userErrors"]?.arrayValue?.first?["field"] == .array(field))
            #expect(refused.refusalMessage?.contains("E.164") == true)
            #expect(refused.refusalMessage?.contains("Did you mean") == false, "nothing says which country is meant")
            _ = try await world.mutate("updateSettings", ["defaultCountry": "US"], "settings { id }", as: clinic)
            let advised = try await world.mutate(mutation, input, "__typename", as: clinic)
            #expect(advised.refusalMessage?.hasSuffix("Did you mean +14155550123?") == true)
            #expect(try await world.count("messages") == 0)
        }
    }

    @Test func `a bulk tells of each number which one was likely meant`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.mutate("updateSettings", ["defaultCountry": "US"], "settings { id }", as: clinic)
            _ = try await world.mutate(
                "sendBulkMessage",
                [
                    "body": "Hello",
                    "recipients": [["to": .string(Self.national)], ["to": "+14155550124"], ["to": "nobody"]],
                ], "bulkMessage { id }", as: clinic)
            let reasons = try await world.value(
                "SELECT error_message FROM bulk_recipients WHERE error_code = 'INVALID_PHONE' ORDER BY position"
            ).split(separator: "\n")
            #expect(reasons.count == 2)
            #expect(reasons.first?.hasSuffix("Did you mean +14155550123?") == true)
            #expect(reasons.last?.contains("Did you mean") == false)
        }
    }

    @Test func `a number that cannot text is no sender`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET sms = false WHERE number = '\(clinic.number)'")
            let refused = try await world.send(as: clinic)
            #expect(refused.refusal == "SENDER_NOT_OWNED")
            #expect(refused["userErrors"]?.arrayValue?.first?["field"] == ["from"])
            // Negative control: the other one can.
            let other = try await world.mutate(
                "sendMessage",
                ["to": "+14155550123", "body": "Hello", "from": .string(clinic.account.numbers[1].phoneNumber)],
                "message { id }", as: clinic)
            #expect(other.refusal == nil)
        }
    }

    @Test func `once Twilio says that the account is suspended, no more is taken, and it says what to do`() async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"status":"suspended"}"#)
            #expect(try await world.send(as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "20005")
            #expect(try await eventually { try await world.value("SELECT status FROM credentials") == "INVALID" })
            let refused = try await world.send(to: "+14155550124", as: clinic)
            #expect(refused.refusal == "ACCOUNT_SUSPENDED")
            #expect(refused.refusalMessage?.contains("Reactivate the Twilio account") == true)
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"status":"active"}"#)
            let id = OpaqueID.encode(try await world.credential(of: clinic), prefix: "cred")
            _ = try await world.mutate("verifyCredential", ["id": .string(id)], "credential { status }", as: clinic)
            #expect(try await world.send(to: "+14155550124", as: clinic).refusal == nil)
        }
    }

    @Test func `a trial account that texts an unverified recipient is told how to go on`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"type":"Trial"}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "FAILED" })
            #expect(
                try await world.value("SELECT error_code, error_message FROM messages")
                    == "21608|Upgrade the trial account, or verify the recipient's number in the Twilio Console.")
        }
    }
}
