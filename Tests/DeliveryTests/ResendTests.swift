import GraphQL
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What an organization wants to become of a message of which nobody knows whether it went out.
@Suite struct ResendTests {
    static let recipient = "+14155550123"
    static let policy = "RESEND_ONE_TIME_CODES"

    static func send(_ world: World, isCode: Bool, validFor: Int = 300, media: [JSONValue] = [], as clinic: Clinic)
        async throws
    {
        _ = try await world.mutate(
            "sendMessage",
            [
                "to": .string(recipient), "body": "Your code is 1234.", "from": .string(clinic.number),
                "oneTimeCode": .bool(isCode), "validFor": .number("\(validFor)"), "mediaUrls": .array(media),
            ], "message { id }", as: clinic)
    }

    /// One that the carrier never got and that is past hope.
    static func lose(_ world: World, isCode: Bool, policy: String?, media: [JSONValue] = []) async throws -> Clinic {
        let clinic = try await world.makeTextingClinic()
        try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
        if let policy {
            let set = try await world.mutate(
                "updateSettings", ["unknownPolicy": .string(policy)], "settings { unknownPolicy }", as: clinic)
            #expect(set["settings"] == ["unknownPolicy": .string(policy)])
        }
        try await world.carrier.misbehave(
            #"{"do":"drop_before","times":1,"match":{"method":"POST","path":"/Messages"}}"#)
        try await send(world, isCode: isCode, media: media, as: clinic)
        #expect(try await eventually { try await world.count("messages", where: "status = 'IN_DOUBT'") == 1 })
        try await pass(world, minutes: 8)
        #expect(try await eventually { try await world.count("messages", where: "status = 'UNKNOWN'") == 1 })
        return clinic
    }

    /// So much time goes by for what is in doubt, and it is looked at.
    static func pass(_ world: World, minutes: Int) async throws {
        try await world.data.psql(
            """
            UPDATE message_attempts SET started_at = started_at - interval '\(minutes) minutes' WHERE state = 'IN_DOUBT'
            """)
        try await world.hurry("message.settle_doubt")
    }

    @Test func `a one-time code is sent once more where the organization wants that, as a message of its own`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await Self.lose(world, isCode: true, policy: Self.policy)
            #expect(
                try await eventually {
                    try await world.count("messages", where: "resend_of IS NOT NULL AND status = 'DELIVERED'") == 1
                })
            #expect(try await world.carrier.messages(to: Self.recipient) == 1)
            let answer = try await world.ask(
                "{ messages { nodes { status body resendOf { status errorMessage } } } }", as: clinic.caller)
            let nodes = answer["data"]?["messages"]?["nodes"]?.arrayValue ?? []
            #expect(nodes.count == 2)
            let other = nodes.first { $0["status"] == "DELIVERED" }
            #expect(other?["body"] == "Your code is 1234.")
            #expect(other?["resendOf"]?["status"] == "UNKNOWN")
            #expect(other?["resendOf"]?["errorMessage"]?.stringValue?.hasSuffix(".") == true)
        }
    }

    @Test func `what was sent once more is not sent a third time`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            _ = try await world.mutate(
                "updateSettings", ["unknownPolicy": .string(Self.policy)], "settings { id }", as: clinic)
            try await world.carrier.misbehave(#"{"do":"drop_before","match":{"method":"POST","path":"/Messages"}}"#)
            try await Self.send(world, isCode: true, as: clinic)
            for round in 1...2 {
                #expect(try await eventually { try await world.count("messages", where: "status = 'IN_DOUBT'") == 1 })
                try await Self.pass(world, minutes: 8)
                #expect(
                    try await eventually { try await world.count("messages", where: "status = 'UNKNOWN'") == round })
            }
            #expect(try await eventually { try await world.count("jobs") == 0 })
            #expect(try await world.count("messages") == 2)
            #expect(try await world.carrier.posts() == 2)
        }
    }

    /// Negative controls: what is no code, and an organization that has not chosen it or has chosen otherwise.
    @Test(arguments: [(false, policy), (true, nil), (true, "NEVER_RESEND")] as [(Bool, String?)])
    func `nothing else is ever sent again`(isCode: Bool, policy: String?) async throws {
        try await withWorld { world in
            _ = try await Self.lose(world, isCode: isCode, policy: policy)
            #expect(try await eventually { try await world.count("jobs") == 0 })
            #expect(try await world.count("messages") == 1)
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `hope lasts as long as the message is valid, and a little more`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(
                #"{"do":"drop_before","times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            try await Self.send(world, isCode: false, validFor: 3_600, as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            // An hour, and a tenth of it.
            try await Self.pass(world, minutes: 65)
            #expect(
                try await eventually {
                    try await world.count("jobs", where: "attempt = 1 AND state = 'AVAILABLE'") == 1
                })
            #expect(try await world.status() == "IN_DOUBT")
            try await Self.pass(world, minutes: 2)
            #expect(try await eventually { try await world.status() == "UNKNOWN" })
        }
    }

    @Test func `a late callback still says what became of the first`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.mutate(
                "updateSettings", ["unknownPolicy": .string(Self.policy)], "settings { id }", as: clinic)
            try await world.carrier.misbehave(
                #"{"do":"status","status":500,"accept":true,"times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
            try await world.carrier.misbehave(
                #"{"do":"status","status":503,"match":{"method":"GET","path":"/Messages"}}"#)
            try await Self.send(world, isCode: true, as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            let sid = try await world.carrier.sid(to: Self.recipient)
            try await Self.pass(world, minutes: 8)
            #expect(try await eventually { try await world.count("messages", where: "resend_of IS NOT NULL") == 1 })
            try await world.carrier.control("/callback", #"{"messageSid":"\#(sid)","status":"delivered"}"#)
            #expect(
                try await eventually {
                    try await world.value("SELECT status FROM messages WHERE resend_of IS NULL") == "DELIVERED"
                })
        }
    }
}
