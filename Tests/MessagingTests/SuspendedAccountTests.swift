import GraphQL
import OrderedCollections
import QueryEngine
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// Accounts for which Twilio does nothing.
@Suite struct SuspendedAccountTests {
    static func verify(_ world: World, _ clinic: Clinic) async throws -> JSONValue {
        let id = OpaqueID.encode(try await world.credential(of: clinic), prefix: "cred")
        return try await world.mutate(
            "verifyCredential", ["id": .string(id)], "credential { status accountStatus lastError }", as: clinic)
    }

    /// By what it becomes known, the account's status, and what is told then.
    @Test(arguments: [
        ("verification", "suspended", "SUSPENDED", "Reactivate the Twilio account"),
        ("verification", "closed", "CLOSED", "Register another one"),
        ("sync", "suspended", "SUSPENDED", "Reactivate the Twilio account"),
        ("sync", "closed", "CLOSED", "Register another one"),
        ("send", "suspended", "SUSPENDED", "Reactivate the Twilio account"),
    ])
    func `once it is known, a send is refused with what to do, and nothing is queued`(
        by what: String, status: String, known: String, remedy: String
    ) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"status":"\#(status)"}"#)
            switch what {
            case "verification":
                let credential = try await Self.verify(world, clinic)["credential"]
                #expect(credential?["status"] == "INVALID")
                #expect(credential?["accountStatus"] == .string(known))
            case "sync":
                #expect(try await world.sync(clinic) == "FAILED")
                let error = try await world.value("SELECT error FROM sync_runs")
                #expect(error.contains(remedy) && error.contains("verifyCredential"), "\(error)")
            default:
                #expect(try await world.send(to: "+14155550111", as: clinic).refusal == nil)
                #expect(try await eventually { try await world.status(to: "+14155550111") == "FAILED" })
                #expect(try await eventually { try await world.value("SELECT status FROM credentials") == "INVALID" })
            }
            #expect(try await world.value("SELECT account_status FROM credentials") == known)
            let before = try await world.count("messages")
            let later = try await world.value(
                "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
            let input: OrderedDictionary<String, JSONValue> = ["body": "Hello", "from": .string(clinic.number)]
            for (mutation, more) in [
                ("sendMessage", ["to": "+14155550123"]),
                ("scheduleMessage", ["to": "+14155550123", "at": .string(later)]),
                ("sendBulkMessage", ["recipients": [["to": "+14155550123"]]]),
            ] as [(String, OrderedDictionary<String, JSONValue>)] {
                let refused = try await world.mutate(
                    mutation, .object(input.merging(more) { $1 }), "__typename", as: clinic)
                #expect(refused.refusal == "ACCOUNT_SUSPENDED", "\(mutation)")
                #expect(refused["userErrors"]?.arrayValue?.first?["field"] == ["credentialId"])
                #expect(refused.refusalMessage?.contains(remedy) == true, "\(refused.refusalMessage ?? "")")
                #expect(refused.refusalMessage?.contains("verifyCredential") == true)
            }
            #expect(try await world.count("messages") == before)
            #expect(try await world.count("bulk_messages") == 0)
            #expect(try await world.carrier.posts(to: "+14155550123") == 0)
            // It is active again: that is asked for, and then it sends.
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"status":"active"}"#)
            #expect(try await Self.verify(world, clinic)["credential"]?["accountStatus"] == "ACTIVE")
            #expect(try await world.send(to: "+14155550123", as: clinic).refusal == nil)
            #expect(try await eventually { try await world.status(to: "+14155550123") == "DELIVERED" })
        }
    }

    @Test func `a token that Twilio refuses is told apart from an account that is suspended`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let token = String(repeating: "0", count: 32)
            try await world.carrier.control(
                "/accounts/\(clinic.account.sid)", #"{"authToken":"\#(token)"}"#)
            let refused = try await Self.verify(world, clinic)["credential"]
            #expect(refused?["status"] == "INVALID")
            #expect(refused?["accountStatus"] == .null)
            #expect(try await world.send(as: clinic).refusal == "CREDENTIAL_INVALID")
            // Suspended as well: with the token that it has now, Twilio says that.
            try await world.carrier.control(
                "/accounts/\(clinic.account.sid)",
                #"{"authToken":"\#(clinic.account.authToken)","status":"suspended"}"#)
            #expect(try await Self.verify(world, clinic)["credential"]?["accountStatus"] == "SUSPENDED")
            #expect(try await world.send(as: clinic).refusal == "ACCOUNT_SUSPENDED")
        }
    }

    /// Where it is not known that the account is suspended, each message comes to its own end.
    @Test(arguments: [(true, "REFUSED|ACCOUNT_SUSPENDED", 0), (false, "CREATED|", 10)])
    func `a bulk of an account that was suspended meanwhile refuses who is left, each with the reason`(
        isKnown: Bool, recipientsAre: String, messages: Int
    ) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let recipients = (100..<110).map { JSONValue.object(["to": .string("+14155550\($0)")]) }
            let taken = try await world.mutate(
                "sendBulkMessage", ["body": "Hello", "recipients": .array(recipients)], "bulkMessage { id }", as: clinic
            )
            #expect(taken.refusal == nil)
            try await world.carrier.control("/accounts/\(clinic.account.sid)", #"{"status":"suspended"}"#)
            _ = try await Self.verify(world, clinic)
            if !isKnown { try await world.data.psql("UPDATE credentials SET account_status = NULL") }
            try await world.working {
                let isOver = try await eventually {
                    try await world.value("SELECT state FROM bulk_messages") == "COMPLETED"
                }
                #expect(isOver)
            }
            #expect(
                try await world.value("SELECT DISTINCT state, error_code FROM bulk_recipients")
                    == recipientsAre)
            #expect(try await world.count("messages", where: "status = 'FAILED'") == messages)
            #expect(try await world.carrier.posts() == 0)
        }
    }

    @Test func `what one organization's account is does not concern another's`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let north = try await world.makeTextingClinic()
            let south = try await world.makeTextingClinic(1)
            try await world.carrier.control("/accounts/\(north.account.sid)", #"{"status":"suspended"}"#)
            _ = try await Self.verify(world, north)
            #expect(try await world.send(as: north).refusal == "ACCOUNT_SUSPENDED")
            #expect(try await world.send(as: south).refusal == nil)
        }
    }
}
