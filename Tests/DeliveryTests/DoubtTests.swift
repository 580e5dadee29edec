import GraphQL
import JobQueue
import TestSupport
import TestWorld
import Testing

@Suite struct DoubtTests {
    static let recipient = "+14155550123"
    static let silence = #"{"do":"no_callbacks"}"#
    static let dropAfter = #"{"do":"drop_after","times":1,"match":{"method":"POST","path":"/Messages"}}"#

    @Test func `accepted but not answered: in doubt, and settled by the account's list, never by a second POST`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(Self.dropAfter)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            // Whoever looks after what is in doubt sees why it is.
            let doubted = try await world.ask(
                "{ messages(filter: {status: [IN_DOUBT, UNKNOWN]}) { nodes { to errorMessage } } }", as: clinic.caller)
            let message = doubted["data"]?["messages"]?["nodes"]?.arrayValue?.first
            #expect(message?["to"] == .string(Self.recipient))
            #expect(message?["errorMessage"]?.stringValue?.hasSuffix(".") == true, "\(doubted)")
            try await world.hurry("message.settle_doubt")
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
            let sid = try await world.carrier.sid(to: Self.recipient)
            #expect(try await world.value("SELECT twilio_sid, error_message IS NULL FROM messages") == "\(sid)|t")
            #expect(try await world.value("SELECT state FROM message_attempts") == "ACCEPTED")
        }
    }

    @Test func `accepted but not answered: the signed callback settles it`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(Self.dropAfter)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            let sid = try await world.carrier.sid(to: Self.recipient)
            try await world.carrier.control("/callback", #"{"messageSid":"\#(sid)","status":"delivered"}"#)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.value("SELECT twilio_sid FROM messages") == sid)
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test(arguments: [
        (#"{"do":"status","status":500,"times":1,"match":{"method":"POST","path":"/Messages"}}"#),
        (#"{"do":"drop_before","times":1,"match":{"method":"POST","path":"/Messages"}}"#),
        (#"{"do":"truncate","times":1,"match":{"method":"POST","path":"/Messages"}}"#),
    ])
    func `what may have been taken is doubted and not sent again`(rule: String) async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(rule)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            try await world.hurry("message.send")
            _ = try await world.send("Something else", to: "+14155550199", as: clinic)
            #expect(try await eventually { try await world.status(to: "+14155550199") == "ACCEPTED" })
            #expect(try await world.carrier.posts(to: Self.recipient) == 1)
            #expect(try await world.status() == "IN_DOUBT")
        }
    }

    @Test func `past hope it is unknown, not sent again, and a late callback still settles it`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(
                #"{"do":"status","status":500,"accept":true,"times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(
                #"{"do":"status","status":503,"match":{"method":"GET","path":"/Messages"}}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            try await world.hurry("message.settle_doubt")
            #expect(
                try await eventually {
                    try await world.count("jobs", where: "attempt = 1 AND state = 'AVAILABLE'") == 1
                })
            #expect(try await world.status() == "IN_DOUBT", "hope is not over yet")
            try await world.data.psql("UPDATE message_attempts SET started_at = now() - interval '11 hours 1 minute'")
            try await world.hurry("message.settle_doubt")
            #expect(try await eventually { try await world.status() == "UNKNOWN" })
            #expect(try await eventually { try await world.count("jobs") == 0 })

            let sid = try await world.carrier.sid(to: Self.recipient)
            try await world.carrier.control("/callback", #"{"messageSid":"\#(sid)","status":"delivered"}"#)
            #expect(try await eventually { try await world.status() == "DELIVERED" })
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `two doubts about the same text settle neither by the list`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(Self.dropAfter)
            try await world.carrier.misbehave(
                #"{"do":"drop_before","times":1,"match":{"method":"POST","path":"/Messages"}}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.count("messages", where: "status = 'IN_DOUBT'") == 2 })
            #expect(try await world.carrier.messages(to: Self.recipient) == 1)
            try await world.hurry("message.settle_doubt")
            #expect(
                try await eventually {
                    try await world.count(
                        "jobs", where: "kind = 'message.settle_doubt' AND attempt = 1 AND state = 'AVAILABLE'")
                        == 2
                })
            #expect(try await world.count("messages", where: "status = 'IN_DOUBT'") == 2)
            // The one that did arrive is told apart by its callback alone.
            let sid = try await world.carrier.sid(to: Self.recipient)
            try await world.carrier.control("/callback", #"{"messageSid":"\#(sid)","status":"delivered"}"#)
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 1 })
        }
    }

    /// The carrier has the message and does not answer when its worker stops.
    private static func stopInThePost(_ world: World) async throws {
        let clinic = try await world.makeTextingClinic()
        try await world.carrier.misbehave(silence)
        try await world.carrier.misbehave(
            #"{"do":"latency","milliseconds":30000,"times":1,"match":{"method":"POST","path":"/Messages"}}"#)
        _ = try await world.send(as: clinic)
        let worker = world.worker()
        let running = Task { await worker.run() }
        #expect(try await eventually { try await world.carrier.messages(to: recipient) == 1 })
        running.cancel()
        await running.value
    }

    @Test func `a worker that is stopped while it sends still writes down that it is in doubt`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            try await Self.stopInThePost(world)
            #expect(try await world.status() == "IN_DOUBT")
            #expect(try await world.value("SELECT state FROM message_attempts") == "IN_DOUBT")
            try await world.working {
                try await world.hurry("message.settle_doubt")
                let isSettled = try await eventually { try await world.status() == "DELIVERED" }
                #expect(isSettled)
            }
            #expect(try await world.carrier.posts() == 1)
        }
    }

    @Test func `a worker that dies while it sends leaves a doubt, not a second POST`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            try await Self.stopInThePost(world)
            // As a process that was killed leaves it: nothing written down, and the job's lease about to run out.
            try await world.data.psql(
                """
                UPDATE messages SET status = 'SENDING';
                UPDATE message_attempts SET state = 'SENDING', finished_at = NULL, deadline = now() + interval '1 hour';
                DELETE FROM jobs;
                INSERT INTO jobs (org_id, kind, subject_id, state, lease_owner, lease_until, run_at)
                  SELECT org_id, 'message.send', id, 'RUNNING', gen_random_uuid(), now(), 'infinity' FROM messages;
                """)
            try await world.working {
                // Within the attempt's deadline it is left to whoever may still be at it.
                let isLeftAlone = try await eventually {
                    try await world.count("jobs", where: "state = 'AVAILABLE' AND run_at > now()") == 1
                }
                #expect(isLeftAlone)
                #expect(try await world.status() == "SENDING")
                try await world.data.psql("UPDATE message_attempts SET deadline = now()")
                try await world.hurry("message.send")
                let isDoubted = try await eventually { try await world.status() == "IN_DOUBT" }
                #expect(isDoubted)
                #expect(try await world.carrier.posts() == 1)
                try await world.hurry("message.settle_doubt")
                let isSettled = try await eventually { try await world.status() == "DELIVERED" }
                #expect(isSettled)
                #expect(try await world.carrier.posts() == 1)
            }
        }
    }

    @Test func `an attempt whose COMMIT was not answered goes out all the same, once`() async throws {
        let cutter = CommitCutter()
        var options = WorldOptions(isWorking: false)
        options.conninfo = { try await cutter.start(before: $0) }
        try await withWorld(options) { world in
            let clinic = try await world.makeTextingClinic()
            _ = try await world.send(as: clinic)
            cutter.arm(for: "INSERT INTO message_attempts")
            try await world.working {
                let isOut = try await eventually { try await world.status() == "DELIVERED" }
                #expect(isOut)
            }
            #expect(cutter.cuts == 1)
            #expect(try await world.history() == ["QUEUED", "SENDING", "ACCEPTED", "SENT", "DELIVERED"])
            #expect(try await world.carrier.posts() == 1)
        }
        try await cutter.stop()
    }

    /// The POST takes a while; `change` is carried out meanwhile.
    /// - Parameter rule: what the carrier does then.
    private static func duringThePost(
        _ world: World, to recipient: String = recipient, rule: String? = nil, _ change: () async throws -> Void
    ) async throws {
        let clinic = try await world.makeTextingClinic()
        try await world.carrier.misbehave(
            #"{"do":"latency","milliseconds":1500,"match":{"method":"POST","path":"/Messages"}}"#)
        if let rule { try await world.carrier.misbehave(rule) }
        _ = try await world.send(to: recipient, as: clinic)
        let isUnderWay = try await eventually { try await world.carrier.posts() == 1 }
        #expect(isUnderWay)
        try await change()
    }

    @Test(arguments: [(recipient, "ACCEPTED"), ("+15005550001", "FAILED")])
    func `what cannot be written down at once is written down later, and not doubted`(
        recipient: String, status: String
    ) async throws {
        try await withWorld { world in
            try await Self.duringThePost(world, to: recipient, rule: Self.silence) {
                try await world.data.psql("REVOKE UPDATE ON message_attempts FROM switchboard_tenant")
            }
            // Longer than an answer takes: several tries fail.
            try await Task.sleep(for: .seconds(3))
            try await world.data.psql(
                "GRANT UPDATE (state, finished_at, reason, twilio_sid) ON message_attempts TO switchboard_tenant")
            let isWritten = try await eventually { try await world.status(to: recipient) == status }
            #expect(isWritten)
            #expect(try await world.value("SELECT state FROM message_attempts") == status)
            #expect(try await !world.history(to: recipient).contains("IN_DOUBT"))
            #expect(try await world.carrier.posts() == 1)
        }
    }

    /// As whoever finds the attempt past its deadline leaves it.
    private static func doubt(_ world: World) async throws {
        try await world.data.psql(
            """
            UPDATE messages SET status = 'IN_DOUBT';
            UPDATE message_attempts SET state = 'IN_DOUBT', reason = 'The worker died while sending.';
            DELETE FROM jobs WHERE kind = 'message.send';
            """)
    }

    @Test func `who knows for certain that Twilio refused ends the doubt of others`() async throws {
        try await withWorld { world in
            try await Self.duringThePost(world, to: "+15005550001") { try await Self.doubt(world) }
            let isEnded = try await eventually { try await world.status(to: "+15005550001") == "FAILED" }
            #expect(isEnded)
            #expect(try await world.value("SELECT state FROM message_attempts") == "FAILED")
        }
    }

    @Test func `who knows for certain that Twilio did not take it ends the doubt, and it goes once more`() async throws
    {
        try await withWorld { world in
            let busy = #"{"do":"status","status":429,"times":1,"match":{"method":"POST","path":"/Messages"}}"#
            try await Self.duringThePost(world, rule: busy) { try await Self.doubt(world) }
            let isQueued = try await eventually {
                try await world.count("messages", where: "status <> 'IN_DOUBT'") == 1
            }
            #expect(isQueued)
            try await world.hurry("message.send")
            let isOut = try await eventually { try await world.status() == "DELIVERED" }
            #expect(isOut)
            #expect(try await world.carrier.posts() == 2)
            #expect(try await world.carrier.messages(to: Self.recipient) == 1)
        }
    }

    @Test func `negative control: without the record of its attempts, a message is created twice`() async throws {
        var options = WorldOptions()
        options.forgetsAttempts = true
        try await withWorld(options) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(Self.dropAfter)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "ACCEPTED" })
            #expect(try await world.carrier.messages(to: Self.recipient) == 2)
        }
    }

    @Test func `negative control: when nobody looks, doubt and silence stay`() async throws {
        var options = WorldOptions()
        options.settlesDoubt = false
        try await withWorld(options) { world in
            let clinic = try await world.makeTextingClinic()
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            try await world.carrier.misbehave(Self.silence)
            try await world.carrier.misbehave(Self.dropAfter)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "IN_DOUBT" })
            try await world.hurry("message.settle_doubt")
            _ = try await world.send(to: "+14155550124", as: clinic)
            #expect(try await eventually { try await world.status(to: "+14155550124") == "ACCEPTED" })
            try await world.hurryReconciliation()
            _ = try await world.send(to: "+14155550125", as: clinic)
            #expect(try await eventually { try await world.status(to: "+14155550125") == "ACCEPTED" })
            #expect(try await world.status() == "IN_DOUBT")
            #expect(try await world.status(to: "+14155550124") == "ACCEPTED")
        }
    }
}
