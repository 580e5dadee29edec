import Foundation
import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What cannot be sent is told at once where that is known at once, with the field and what to do; else by the message.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var mutation = "sendMessage"
        /// What the clinic is made to be first.
        var before = ""
        let input: OrderedDictionary<String, JSONValue>
        let code: String
        let field: String
        /// What the message says to do.
        let remedy: String
    }

    static let cases = [
        Case(
            testDescription: "no number", input: ["to": "front desk"], code: "INVALID_PHONE", field: "to",
            remedy: "E.164 form"),
        Case(
            testDescription: "a national number, with a default country",
            before: """
                INSERT INTO organization_settings (org_id, default_country) SELECT id, 'US' FROM organizations
                ON CONFLICT (org_id) DO UPDATE SET default_country = 'US'
                """, input: ["to": "(415) 555-0123"],
            code: "INVALID_PHONE", field: "to", remedy: "Did you mean +14155550123?"),
        Case(
            testDescription: "opted out", before: "UPDATE contacts SET opted_out_at = now()", input: [:],
            code: "OPTED_OUT", field: "to", remedy: "START"),
        Case(testDescription: "empty", input: ["body": " \n"], code: "INVALID_BODY", field: "body", remedy: "a text"),
        Case(
            testDescription: "too long", input: ["body": .string(String(repeating: "x", count: 1_601))],
            code: "BODY_TOO_LONG", field: "body", remedy: "Shorten it"),
        Case(
            testDescription: "unknown template", input: ["body": .null, "templateId": "tpl_nothing"],
            code: "UNKNOWN_TEMPLATE", field: "templateId", remedy: "`templates` lists"),
        Case(
            testDescription: "sender not owned", input: ["from": "+12125550199"], code: "SENDER_NOT_OWNED",
            field: "from", remedy: "startSync"),
        Case(
            testDescription: "sender not capable", before: "UPDATE phone_numbers SET sms = false", input: [:],
            code: "SENDER_NOT_OWNED", field: "from", remedy: "that can text"),
        Case(
            testDescription: "no sender at all", before: "UPDATE phone_numbers SET rotation_enabled = false",
            input: ["from": .null], code: "NO_SENDER", field: "from", remedy: "startSync"),
        Case(
            testDescription: "credential invalid", before: "UPDATE credentials SET status = 'INVALID'", input: [:],
            code: "CREDENTIAL_INVALID", field: "credentialId", remedy: "verifyCredential"),
        Case(
            testDescription: "credential unverified", before: "UPDATE credentials SET status = 'UNVERIFIED'",
            input: [:],
            code: "CREDENTIAL_UNVERIFIED", field: "credentialId", remedy: "verifyCredential"),
        Case(
            testDescription: "unknown credential", input: ["credentialId": "cred_nothing"], code: "NOT_FOUND",
            field: "credentialId", remedy: "`credentials` lists"),
        Case(
            testDescription: "a key used before", input: ["idempotencyKey": "known"], code: "IDEMPOTENCY_KEY_REUSED",
            field: "idempotencyKey", remedy: "a new key"),
        Case(
            testDescription: "in the past", mutation: "scheduleMessage", input: ["at": ScheduleTests.at(-60)],
            code: "TIME_IN_PAST", field: "at", remedy: "a later one"),
        Case(
            testDescription: "in 36 days", mutation: "scheduleMessage", input: ["at": ScheduleTests.at(36 * 86_400)],
            code: "TIME_TOO_FAR", field: "at", remedy: "within the next 35 days"),
    ]

    @Test(arguments: cases) func `it is refused at once, with code, field and what to do`(_ bad: Case) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            // Negative control: nothing is wrong yet.
            #expect(try await world.send("Another text", key: "known", as: clinic).refusal == nil)
            if !bad.before.isEmpty { try await world.data.psql(bad.before) }
            let input: OrderedDictionary<String, JSONValue> = [
                "to": "+14155550123", "body": "Hello", "from": .string(clinic.number),
            ]
            let payload = try await world.mutate(
                bad.mutation, .object(input.merging(bad.input) { $1 }), "message { id }", as: clinic)
            #expect(payload.refusal == bad.code)
            #expect(payload["message"] == .null)
            let error = payload["userErrors"]?.arrayValue?.first
            #expect(error?["field"] == [.string(bad.field)])
            #expect(payload.refusalMessage?.contains(bad.remedy) == true, "\(payload.refusalMessage ?? "")")
            #expect(try await world.count("messages") == 1)
            #expect(try await world.count("jobs") == 1)
        }
    }

    @Test func `a missing variable is named, by its own field`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let made = try await world.mutate(
                "createTemplate", ["name": "Reminder", "body": "{name}: {day}."], "template { id }", as: clinic)
            let template = try #require(made["template"]?["id"])
            func send(_ variables: JSONValue) async throws -> JSONValue {
                try await world.mutate(
                    "sendMessage",
                    [
                        "to": "+14155550123", "from": .string(clinic.number), "templateId": template,
                        "variables": variables,
                    ], "message { body }", as: clinic)
            }
            let lacking = try await send(["name": "Ann"])
            #expect(lacking.refusal == "MISSING_VARIABLE")
            #expect(lacking["userErrors"]?.arrayValue?.first?["field"] == ["variables", "day"])
            #expect(lacking.refusalMessage?.contains("day") == true)
            #expect(try await send(["name": "Ann", "day": "Monday"])["message"]?["body"] == "Ann: Monday.")
        }
    }

    @Test func `without a Twilio account nothing can be sent, and how to get one is said`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let payload = try await world.send(as: clinic)
            #expect(payload.refusal == "TWILIO_NOT_CONFIGURED")
            #expect(payload["userErrors"]?.arrayValue?.first?["field"] == ["credentialId"])
            #expect(payload.refusalMessage?.contains("registerTwilioCredential") == true)
        }
    }

    /// What the account or the recipient is, and what Twilio then says.
    @Test(arguments: [
        (#"{"status":"suspended"}"#, "+14155550123", "20005", "Reactivate the Twilio account", "INVALID"),
        (#"{"type":"Trial"}"#, "+14155550123", "21608", "verify the recipient's number", "VERIFIED"),
        ("{}", "+15005550009", "21614", "mobile", "VERIFIED"),
    ])
    func `what only Twilio knows fails the message, with its code and what to do`(
        account: String, recipient: String, code: String, remedy: String, credential: String
    ) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.control("/accounts/\(clinic.account.sid)", account)
            _ = try await world.send(to: recipient, as: clinic)
            #expect(try await eventually { try await world.status(to: recipient) == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages") == code)
            let says = try await world.value("SELECT error_message FROM messages")
            #expect(says.contains(remedy), "\(says)")
            #expect(try await world.carrier.messages(to: recipient) == 0)
            // Where every message would be refused, the next one is refused at once; else the credential itself is good.
            #expect(try await eventually { try await world.value("SELECT status FROM credentials") == credential })
        }
    }
}
