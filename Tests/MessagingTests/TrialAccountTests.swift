import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Trial accounts, which text verified numbers only.
@Suite struct TrialAccountTests {
    static let verified = "+14155550111"
    static let stranger = "+14155550123"

    /// The account as Twilio has it from now on.
    static func become(
        _ type: String, verified: [String] = [verified], account: Int = 0, in world: World
    ) async throws {
        let list = verified.map { "\"\($0)\"" }.joined(separator: ",")
        try await world.carrier.control(
            "/accounts/\(world.carrier.accounts[account].sid)", #"{"type":"\#(type)","verifiedCallerIds":[\#(list)]}"#)
    }

    static func trial(_ world: World, account: Int = 0) async throws -> Clinic {
        try await become("Trial", account: account, in: world)
        return try await world.makeTextingClinic(account)
    }

    /// How often Twilio was asked for verified numbers.
    static func looks(_ world: World) async throws -> JSONValue? {
        try await world.carrier.control("/requests?method=GET&path=/OutgoingCallerIds")["count"]
    }

    static func schedule(to recipient: String, _ world: World, as clinic: Clinic) async throws -> JSONValue {
        let tomorrow = try await world.value(
            "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
        return try await world.mutate(
            "scheduleMessage",
            ["to": .string(recipient), "body": "Hello", "from": .string(clinic.number), "at": .string(tomorrow)],
            "message { id }", as: clinic)
    }

    @Test func `who is not verified is refused when the send is asked for, and nothing is queued`() async throws {
        try await withWorld { world in
            let clinic = try await Self.trial(world)
            for refused in [
                try await world.send(to: Self.stranger, key: "one", as: clinic),
                try await Self.schedule(to: Self.stranger, world, as: clinic),
            ] {
                #expect(refused.refusal == "RECIPIENT_UNVERIFIED")
                #expect(refused["message"] == .null)
                #expect(refused["userErrors"]?.arrayValue?.first?["field"] == ["to"])
                #expect(refused.refusalMessage?.contains("Verify it in the Twilio console") == true)
                #expect(refused.refusalMessage?.contains("upgrade the account") == true)
            }
            for table in ["messages", "jobs", "contacts", "idempotency_keys"] {
                #expect(try await world.count(table) == 0, "\(table)")
            }
            #expect(try await world.carrier.posts() == 0)
            // The verified one is texted, and so is a number of the account's own; for neither Twilio is asked again.
            let looks = try await Self.looks(world)
            #expect(try await world.send(to: Self.verified, as: clinic).refusal == nil)
            #expect(try await world.send(to: clinic.account.numbers[1].phoneNumber, as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status(to: Self.verified) == "DELIVERED" })
            #expect(try await Self.looks(world) == looks)
            // Negative control: where the account's type is not known, Twilio has to say so itself.
            try await world.data.psql("UPDATE credentials SET account_type = NULL")
            #expect(try await world.send(to: Self.stranger, key: "one", as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status(to: Self.stranger) == "FAILED" })
            #expect(try await world.value("SELECT error_code FROM messages WHERE status = 'FAILED'") == "21608")
        }
    }

    @Test func `who was verified a moment ago is texted, and Twilio is asked for it once`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.trial(world)
            #expect(try await world.send(to: Self.stranger, as: clinic).refusal == "RECIPIENT_UNVERIFIED")
            try await Self.become("Trial", verified: [Self.verified, Self.stranger], in: world)
            #expect(try await world.send(to: Self.stranger, as: clinic).refusal == nil)
            let looks = try await Self.looks(world)
            #expect(try await world.send(to: Self.stranger, as: clinic).refusal == nil)
            #expect(try await Self.looks(world) == looks)
        }
    }

    @Test func `an account that was upgraded texts everybody at once, and Twilio is not asked again`() async throws {
        try await withWorld { world in
            let clinic = try await Self.trial(world)
            try await Self.become("Full", verified: [], in: world)
            #expect(try await world.send(to: Self.stranger, as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status(to: Self.stranger) == "DELIVERED" })
            #expect(try await world.value("SELECT account_type FROM credentials") == "Full")
            #expect(try await world.count("verified_recipients") == 0)
            let asked = try await world.carrier.control("/requests?method=GET")["count"]
            #expect(try await world.send(to: "+14155550124", as: clinic).refusal == nil)
            #expect(try await world.carrier.control("/requests?method=GET")["count"] == asked)
        }
    }

    @Test(arguments: ["/Accounts/", "/OutgoingCallerIds"])
    func `while Twilio does not tell, the message is taken`(path: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.trial(world)
            // What was copied at the registration is too old by now to refuse anybody.
            try await world.data.psql("UPDATE credentials SET recipients_copied_at = now() - interval '1 hour'")
            try await world.carrier.misbehave(
                #"{"do":"status","status":500,"match":{"method":"GET","path":"\#(path)"}}"#)
            #expect(try await world.send(to: Self.stranger, as: clinic).refusal == nil)
            try await world.carrier.behave()
            #expect(try await world.send(to: "+14155550124", as: clinic).refusal == "RECIPIENT_UNVERIFIED")
        }
    }

    @Test func `who is verified no more fails once, by what Twilio says, and is refused beforehand then`() async throws
    {
        try await withWorld { world in
            let clinic = try await Self.trial(world)
            try await Self.become("Trial", verified: [], in: world)
            #expect(try await world.send(to: Self.verified, as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status(to: Self.verified) == "FAILED" })
            #expect(try await eventually { try await world.count("verified_recipients") == 0 })
            #expect(try await world.send(to: Self.verified, as: clinic).refusal == "RECIPIENT_UNVERIFIED")
            #expect(try await world.value("SELECT status FROM credentials") == "VERIFIED")
        }
    }

    @Test(arguments: ["sync", "verification", "rotation"])
    func `the copy is renewed with the account`(by what: String) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            #expect(try await world.count("verified_recipients") == 0)
            // One of Twilio's numbers is no telephone number here.
            try await Self.become("Trial", verified: [Self.verified, "+1"], in: world)
            let id = OpaqueID.encode(try await world.credential(of: clinic), prefix: "cred")
            switch what {
            case "sync":
                #expect(try await world.sync(clinic) == "COMPLETED")
            case "verification":
                let checked = try await world.mutate(
                    "verifyCredential", ["id": .string(id)],
                    "credential { accountType accountStatus } checks { name message }", as: clinic)
                #expect(checked["credential"] == ["accountType": "Trial", "accountStatus": "ACTIVE"])
            default:
                let rotated = try await world.rotate(
                    try await world.credential(of: clinic), ["authToken": .string(clinic.account.authToken)],
                    as: clinic)
                #expect(rotated.refusal == nil, "\(rotated)")
            }
            #expect(
                try await world.value("SELECT account_type, phone FROM credentials, verified_recipients")
                    == "Trial|\(Self.verified)")
            #expect(try await world.send(to: Self.stranger, as: clinic).refusal == "RECIPIENT_UNVERIFIED")
            try await world.revoke(clinic)
            #expect(try await world.count("verified_recipients") == 0)
        }
    }

    @Test func `a bulk refuses each who is not verified, texts the others, and Twilio is asked once`() async throws {
        try await withWorld { world in
            let clinic = try await Self.trial(world)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            // Verified after the copy, before the bulk.
            let fresh = "+14155550112"
            try await Self.become("Trial", verified: [Self.verified, fresh], in: world)
            let recipients = (105..<120).map { JSONValue.object(["to": .string("+14155550\($0)")]) }
            let taken = try await world.mutate(
                "sendBulkMessage", ["body": "Hello", "recipients": .array(recipients)], "bulkMessage { id }", as: clinic
            )
            #expect(taken.refusal == nil, "\(taken)")
            let isOver = try await eventually {
                try await world.value("SELECT state FROM bulk_messages") == "COMPLETED"
            }
            #expect(isOver)
            #expect(
                try await world.value("SELECT string_agg(to_address, ',' ORDER BY to_address) FROM messages")
                    == "\(Self.verified),\(fresh)")
            #expect(
                try await world.value(
                    "SELECT DISTINCT error_code, error_message LIKE '%Verify it%', count(*) FROM bulk_recipients WHERE state = 'REFUSED' GROUP BY 1, 2"
                ) == "RECIPIENT_UNVERIFIED|t|13")
            // Once at the registration, once for the bulk.
            #expect(try await Self.looks(world) == 2)
            #expect(try await world.carrier.posts() == 2)
        }
    }

    @Test(arguments: ["/Accounts/", "/OutgoingCallerIds"])
    func `while Twilio does not tell, a bulk goes on, and does not ask in each run`(path: String) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await Self.trial(world)
            try await world.data.psql(
                """
                UPDATE credentials SET recipients_copied_at = now() - interval '1 hour';
                UPDATE phone_numbers SET segments_per_second = 0.1
                """)
            try await world.carrier.misbehave(
                #"{"do":"status","status":500,"match":{"method":"GET","path":"\#(path)"}}"#)
            let recipients = (120..<150).map { JSONValue.object(["to": .string("+14155550\($0)")]) }
            _ = try await world.mutate(
                "sendBulkMessage", ["body": "Hello", "recipients": .array(recipients)], "bulkMessage { id }", as: clinic
            )
            let asked = try await world.carrier.control("/requests?method=GET")["count"]?.intValue ?? -1
            for _ in 0..<4 {
                try await world.feedBulks()
                try await world.data.psql("DELETE FROM jobs WHERE kind = 'message.send'")
            }
            #expect(try await world.count("messages") == 8)
            func more() async throws -> Int64 {
                Int64(try await world.carrier.control("/requests?method=GET")["count"]?.intValue ?? -1) - Int64(asked)
            }
            // For the account, and if that is told for its numbers.
            let once = try await more()
            #expect(once == (path == "/Accounts/" ? 1 : 2))
            // Twilio tells again, and after a minute it is asked again.
            try await world.carrier.behave()
            try await world.feedBulks()
            #expect(try await more() == once)
            world.carrier.clock.hurry(by: .seconds(61))
            try await world.data.psql("DELETE FROM jobs WHERE kind = 'message.send'")
            try await world.feedBulks()
            #expect(try await more() == once + 2)
            #expect(try await world.count("bulk_recipients", where: "error_code = 'RECIPIENT_UNVERIFIED'") > 0)
        }
    }

    @Test func `what is verified in one account is not in another's, and no other tenant sees it`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let north = try await Self.trial(world)
            try await Self.become("Trial", verified: [Self.stranger], account: 1, in: world)
            let south = try await world.makeTextingClinic(1)
            #expect(try await world.send(to: Self.verified, as: south).refusal == "RECIPIENT_UNVERIFIED")
            #expect(try await world.send(to: Self.stranger, as: north).refusal == "RECIPIENT_UNVERIFIED")
            #expect(try await world.send(to: Self.stranger, as: south).refusal == nil)
            let seen = try await world.database.read(
                south.organization, Statement("SELECT phone FROM verified_recipients"), [])
            #expect(seen.rows.compactMap { $0.string("phone") } == [Self.stranger])
            // Negative control: there are two.
            #expect(try await world.count("verified_recipients") == 2)
        }
    }
}
