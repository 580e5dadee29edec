import Credentials
import GraphQL
import Postgres
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

/// What came in while no webhook reached us.
@Suite struct MissedMessageTests {
    static let late = "+14155550150"
    static let stopping = "+14155550151"
    static let told = "+14155550152"
    static let recent = "+14155550153"

    /// A clinic whose numbers call nobody; what came in there eight minutes ago, and half a minute ago.
    static func clinic(_ world: World) async throws -> Clinic {
        let clinic = try await SyncTests.registered(world)
        #expect(try await world.sync(clinic, policy: "NEVER") == "COMPLETED")
        try await world.carrier.control(
            "/messages",
            """
            {"account":"\(clinic.account.sid)","messages":[
              {"direction":"inbound","from":"\(late)","to":"\(clinic.number)","body":"I am late","secondsAgo":500},
              {"direction":"inbound","from":"\(stopping)","to":"\(clinic.number)","body":"STOP","secondsAgo":490},
              {"direction":"inbound","from":"\(told)","to":"\(clinic.number)","body":"Hello","secondsAgo":480},
              {"direction":"outbound-api","from":"\(clinic.number)","to":"\(late)","body":"By hand","secondsAgo":470},
              {"direction":"inbound","from":"\(recent)","to":"\(clinic.number)","body":"Just now","secondsAgo":30}]}
            """)
        return clinic
    }

    static func webhook(_ from: String, _ body: String, of clinic: Clinic, in world: World) async throws
        -> SignedWebhook
    {
        let list = try await world.carrier.control("/messages?from=%2B\(from.dropFirst())")
        return SignedWebhook(
            world.hooks.inbound(try await world.hook(of: clinic)),
            [
                ("AccountSid", clinic.account.sid),
                ("MessageSid", list["messages"]?.arrayValue?.first?["sid"]?.stringValue ?? ""), ("From", from),
                ("To", clinic.number), ("Body", body),
            ], token: clinic.account.authToken)
    }

    static func gather(_ world: World) async throws {
        let before = try await world.value("SELECT coalesce(max(checked_until)::text, '') FROM inbound_checks")
        try await world.hurry("message.gather")
        let isOver = try await eventually {
            try await world.value("SELECT coalesce(max(checked_until)::text, '') FROM inbound_checks") != before
        }
        #expect(isOver)
    }

    static func found(_ world: World) async throws -> String {
        try await world.value(
            """
            SELECT string_agg(m.body || ' ' || c.unread_count, ',' ORDER BY m.created_at)
            FROM messages m JOIN conversations c ON c.id = m.conversation_id
            WHERE m.from_address BETWEEN '\(late)' AND '\(recent)'
            """)
    }

    @Test
    func `it is found within minutes, unread, and obeyed; a webhook that comes after it or before it is no second one`()
        async throws
    {
        try await withWorld { world in
            let clinic = try await Self.clinic(world)
            let guided = try await world.mutate(
                "updateSettings", ["guidance": true, "unknownSenderReply": "Who are you?"], "settings { id }",
                as: clinic)
            #expect(guided.refusal == nil)
            #expect(try await Self.webhook(Self.told, "Hello", of: clinic, in: world).post(in: world) == 204)
            try await Self.gather(world)
            let all = "I am late 1,STOP 1,Hello 1"
            #expect(try await Self.found(world) == all)
            #expect(try await world.count("messages", where: "body = 'By hand'") == 0)
            #expect(try await world.value("SELECT opted_out FROM contacts WHERE phone = '\(Self.stopping)'") == "t")
            #expect(try await world.value("SELECT came_unasked FROM contacts WHERE phone = '\(Self.late)'") == "t")
            #expect(
                try await world.value(
                    "SELECT sum(count) FROM usage_counters WHERE metric = 'MESSAGES_INBOUND'") == "3")
            #expect(
                try await world.value(
                    "SELECT string_agg(source, ',' ORDER BY source) FROM message_status_events WHERE source IN ('RECONCILIATION', 'WEBHOOK')"
                ) == "RECONCILIATION,RECONCILIATION,WEBHOOK")
            // Who is late is answered as if the webhook had come; so is who was told of.
            #expect(
                try await world.value(
                    "SELECT string_agg(to_address, ',' ORDER BY to_address) FROM messages WHERE auto_response")
                    == "\(Self.late),\(Self.told)")
            // Late, but it comes.
            #expect(try await Self.webhook(Self.late, "I am late", of: clinic, in: world).post(in: world) == 204)
            #expect(try await Self.found(world) == all)
            try await Self.gather(world)
            #expect(try await Self.found(world) == all)
            // Negative control: what keeps it from being found again is that it is known.
            try await world.data.psql(
                """
                UPDATE organization_settings SET guidance = false;
                DELETE FROM webhook_receipts; DELETE FROM opt_outs; DELETE FROM message_status_events;
                DELETE FROM message_sids WHERE message_id IN (SELECT id FROM messages WHERE body = 'I am late');
                DELETE FROM messages WHERE body = 'I am late';
                """)
            try await Self.gather(world)
            #expect(try await Self.found(world) == "I am late 2,STOP 1,Hello 1")
        }
    }

    @Test func `while the next one's contact is waited for, no counter is held`() async throws {
        try await withWorld { world in
            let clinic = try await SyncTests.registered(world)
            #expect(try await world.sync(clinic, policy: "NEVER") == "COMPLETED")
            let always = try await world.mutate(
                "updateSettings", ["keywordReplies": "ALWAYS"], "settings { id }", as: clinic)
            #expect(always.refusal == nil)
            // Whichever end of the list is read first, one who asks for help comes before the one who is waited for.
            try await world.carrier.control(
                "/messages",
                """
                {"account":"\(clinic.account.sid)","messages":[
                  {"direction":"inbound","from":"\(Self.late)","to":"\(clinic.number)","body":"HELP","secondsAgo":500},
                  {"direction":"inbound","from":"\(Self.told)","to":"\(clinic.number)","body":"Hello","secondsAgo":490},
                  {"direction":"inbound","from":"\(Self.stopping)","to":"\(clinic.number)","body":"HELP","secondsAgo":480}
                ]}
                """)
            // Every counter of the day is there already.
            try await world.data.psql(
                """
                INSERT INTO contacts (org_id, phone) VALUES ('\(clinic.organization)', '\(Self.told)');
                INSERT INTO usage_counters (org_id, metric, day, slot, count)
                  SELECT '\(clinic.organization)', metric, (now() AT TIME ZONE 'UTC')::date, slot, 0
                  FROM unnest(ARRAY['MESSAGES_INBOUND', 'MESSAGES_OUTBOUND']) AS metric, generate_series(0, 15) AS slot
                  ON CONFLICT DO NOTHING;
                """)
            try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(
                    Statement("SELECT id FROM contacts WHERE org_id = $1 AND phone = $2 FOR UPDATE"),
                    [.organization(clinic.organization), .text(Self.told)])
                try await world.hurry("message.gather")
                let isWaiting = try await eventually {
                    try await world.lockWaiters() == 1
                }
                #expect(isWaiting)
                let free = try await world.value(
                    "SELECT count(*) FROM (SELECT 1 FROM usage_counters FOR UPDATE SKIP LOCKED) AS free")
                #expect(free == "32")
            }
            let isFound = try await eventually {
                try await world.value(
                    "SELECT metric || ' ' || sum(count) FROM usage_counters GROUP BY metric ORDER BY metric")
                    == "MESSAGES_INBOUND 3\nMESSAGES_OUTBOUND 2"
            }
            #expect(isFound)
            #expect(try await world.count("messages", where: "auto_response") == 2)
        }
    }

    @Test func `nobody is asked by a credential that is refused, and no more by one that is revoked`() async throws {
        try await withWorld { world in
            let clinic = try await Self.clinic(world)
            try await world.data.psql("UPDATE credentials SET status = 'INVALID'")
            try await world.hurry("message.gather")
            #expect(
                try await eventually {
                    try await world.count("jobs", where: "kind = 'message.gather' AND run_at > now()") == 1
                })
            #expect(try await world.count("inbound_checks") == 0)
            try await world.data.psql("UPDATE credentials SET status = 'VERIFIED'")
            try await Self.gather(world)
            try await world.revoke(clinic)
            try await world.hurry("message.gather")
            #expect(try await eventually { try await world.count("jobs", where: "kind = 'message.gather'") == 0 })
        }
    }

    @Test func `while Twilio does not answer, the next look begins where this one began`() async throws {
        try await withWorld { world in
            _ = try await Self.clinic(world)
            await world.carrier.stop()
            try await world.hurry("message.gather")
            #expect(
                try await eventually {
                    try await world.count("jobs", where: "kind = 'message.gather' AND run_at > now()") == 1
                })
            #expect(try await world.count("inbound_checks") == 0)
        }
    }
}
