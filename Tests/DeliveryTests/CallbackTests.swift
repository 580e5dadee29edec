import Credentials
import GraphQL
import Postgres
import TestSupport
import TestWorld
import Testing
import TwilioSandbox

@Suite struct CallbackTests {
    static let recipient = "+14155550123"

    /// A message that the carrier has and says nothing more about.
    static func accepted(_ world: World) async throws -> (clinic: Clinic, sid: String) {
        let clinic = try await world.makeTextingClinic()
        try await world.carrier.misbehave(#"{"do":"no_callbacks"}"#)
        _ = try await world.send(as: clinic)
        #expect(try await eventually { try await world.status() == "ACCEPTED" })
        return (clinic, try await world.carrier.sid(to: recipient))
    }

    static func url(_ world: World, _ clinic: Clinic) async throws -> String {
        let nonce = try await world.value("SELECT nonce FROM message_attempts")
        return world.hooks.status(try await world.hook(of: clinic), attempt: nonce)
    }

    static func report(_ sid: String, _ status: String, account: String) -> [(String, String)] {
        [("AccountSid", account), ("MessageSid", sid), ("MessageStatus", status)]
    }

    @Test func `callbacks that come twice and out of order end in DELIVERED, each state once`() async throws {
        try await withWorld { world in
            let (clinic, sid) = try await Self.accepted(world)
            let url = try await Self.url(world, clinic)
            for status in ["delivered", "sent", "delivered", "queued", "sent"] {
                let webhook = SignedWebhook(
                    url, Self.report(sid, status, account: clinic.account.sid), token: clinic.account.authToken)
                #expect(try await webhook.post(in: world) == 204)
            }
            #expect(try await world.status() == "DELIVERED")
            #expect(try await world.history() == ["QUEUED", "SENDING", "ACCEPTED", "DELIVERED"])
        }
    }

    @Test func `duplicated and reordered by the carrier itself, too`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(#"{"do":"duplicate_callbacks","copies":3}"#)
            try await world.carrier.misbehave(#"{"do":"reorder_callbacks"}"#)
            for index in 0..<5 { _ = try await world.send(to: "+1415555011\(index)", as: clinic) }
            #expect(try await eventually { try await world.count("messages", where: "status = 'DELIVERED'") == 5 })
            #expect(try await world.carrier.posts() == 5)
            #expect(try await world.count("message_status_events", where: "status = 'DELIVERED'") == 5)
        }
    }

    @Test func `what is not genuine is refused and changes nothing`() async throws {
        try await withWorld { world in
            let (clinic, sid) = try await Self.accepted(world)
            let other = try await world.makeClinic(1)
            _ = try await world.register(other)
            let url = try await Self.url(world, clinic)
            let nonce = try await world.value("SELECT nonce FROM message_attempts")
            let othersURL = world.hooks.status(try await world.hook(of: other), attempt: nonce)
            let (mine, theirs) = (clinic.account, other.account)
            let own = Self.report(sid, "delivered", account: mine.sid)

            // A wrong signature, none, another account's token, a foreign account inside, a form that says it is JSON.
            #expect(try await SignedWebhook(url, own, token: mine.authToken).post(in: world, signature: "AAAA") == 403)
            #expect(try await SignedWebhook(url, own, token: mine.authToken).post(in: world, signature: "") == 403)
            #expect(try await SignedWebhook(url, own, token: theirs.authToken).post(in: world) == 403)
            let foreign = Self.report(sid, "delivered", account: theirs.sid)
            #expect(try await SignedWebhook(url, foreign, token: mine.authToken).post(in: world) == 403)
            var json = SignedWebhook(url, own, token: mine.authToken)
            json.contentType = "application/json"
            #expect(try await json.post(in: world) == 403)
            // Signed for another URL than the one that was called.
            var moved = SignedWebhook(url, own, token: mine.authToken)
            let signature = moved.signatureText
            moved.url = url.replacing(nonce, with: String(nonce.reversed()))
            #expect(try await moved.post(in: world, signature: signature) == 403)
            // Genuine, by another organization's hook: accepted as its own, and it has no such message.
            #expect(try await SignedWebhook(othersURL, foreign, token: theirs.authToken).post(in: world) == 204)
            // Nobody's hook.
            let nobodys = world.hooks.status("hk_" + String(repeating: "a", count: 32), attempt: nonce)
            #expect(try await SignedWebhook(nobodys, own, token: mine.authToken).post(in: world) == 404)

            #expect(try await world.status() == "ACCEPTED")
            #expect(try await world.history() == ["QUEUED", "SENDING", "ACCEPTED"])
            // Negative control: the same report, right in everything, moves it.
            #expect(try await SignedWebhook(url, own, token: mine.authToken).post(in: world) == 204)
            #expect(try await world.status() == "DELIVERED")
        }
    }

    @Test func `a revoked credential's hook is nobody's`() async throws {
        try await withWorld { world in
            let (clinic, sid) = try await Self.accepted(world)
            let webhook = SignedWebhook(
                try await Self.url(world, clinic), Self.report(sid, "delivered", account: clinic.account.sid),
                token: clinic.account.authToken)
            try await world.revoke(clinic)
            #expect(try await webhook.post(in: world) == 404)
            #expect(try await world.status() == "ACCEPTED")
        }
    }

    @Test func `a message that the carrier could not deliver says why`() async throws {
        try await withWorld { world in
            let clinic = try await world.makeTextingClinic()
            try await world.carrier.misbehave(#"{"do":"outcome","outcome":"undelivered","errorCode":30005}"#)
            _ = try await world.send(as: clinic)
            #expect(try await eventually { try await world.status() == "UNDELIVERED" })
            #expect(try await world.value("SELECT error_code FROM messages") == "30005")
            #expect(try await world.value("SELECT error_message FROM messages").contains("carrier"))
        }
    }

    @Test func `many callbacks that have to be looked at alone leave room for others`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeTextingClinic()
            let credential = try await world.credential(of: clinic)
            func sid(_ index: Int) -> String { "SM" + String(repeating: "0", count: 30) + String(10 + index) }
            try await world.data.psql(
                (0..<20).map { index in
                    """
                    WITH contact AS (
                      INSERT INTO contacts (org_id, phone) VALUES ('\(clinic.organization)', '+15005556\(100 + index)')
                      RETURNING org_id, id, phone
                    ), conversation AS (
                      INSERT INTO conversations (org_id, contact_id, last_message_at)
                      SELECT org_id, id, now() FROM contact RETURNING id
                    )
                    INSERT INTO messages (org_id, direction, status, from_address, to_address, body, segments, twilio_sid,
                                          contact_id, conversation_id, credential_id)
                    SELECT c.org_id, 'OUTBOUND', 'ACCEPTED', '\(clinic.number)', c.phone, 'Hello', 1, '\(sid(index))',
                           c.id, v.id, '\(credential)'
                    FROM contact c, conversation v;
                    """
                }.joined() + "INSERT INTO message_sids SELECT org_id, twilio_sid, id FROM messages")
            let url = world.hooks.status(try await world.hook(of: clinic), attempt: "unknown")
            let callbacks = (0..<20).map { index in
                SignedWebhook(
                    url,
                    Self.report(sid(index), "undelivered", account: clinic.account.sid) + [("ErrorCode", "30005")],
                    token: clinic.account.authToken)
            }
            let posting = try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(
                    Statement("SELECT id FROM messages WHERE org_id = $1 FOR UPDATE"),
                    [.organization(clinic.organization)])
                let posting = callbacks.map { callback in Task { try await callback.post(in: world) } }
                let areWaiting = try await eventually {
                    try await world.lockWaiters() >= 4
                }
                #expect(areWaiting)
                // One that is not held up is taken meanwhile, and who asks something is answered.
                let answer = try await world.ask("{ messages(first: 30) { nodes { id } } }", as: clinic.caller)
                #expect(answer["data"]?["messages"]?["nodes"]?.arrayValue?.count == 20)
                return posting
            }
            for one in posting { #expect(try await one.value == 204) }
            #expect(try await world.count("messages", where: "status = 'UNDELIVERED'") == 20)
        }
    }

    @Test func `a callback that waits for its message holds nothing that whoever has the message needs`() async throws {
        let lock = Statement("SELECT id FROM messages WHERE org_id = $1 FOR UPDATE")
        let claim = Statement(
            "INSERT INTO webhook_receipts (org_id, signed_key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING signed_key"
        )
        try await withWorld { world in
            let (clinic, sid) = try await Self.accepted(world)
            let webhook = SignedWebhook(
                try await Self.url(world, clinic), Self.report(sid, "delivered", account: clinic.account.sid),
                token: clinic.account.authToken)
            let organization = PostgresValue.organization(clinic.organization)
            let posting = try await world.database.withTenant(clinic.organization) { transaction in
                _ = try await transaction.execute(lock, [organization])
                let posting = Task { try await webhook.post(in: world) }
                let isWaiting = try await eventually {
                    try await world.lockWaiters() == 1
                }
                #expect(isWaiting)
                // What it says is taken in already, say by another node: with the receipt in its hands the two would wait
                // for each other.
                let claimed = try await transaction.execute(
                    claim, [organization, .text("status/\(sid)/DELIVERED")])
                #expect(claimed.count == 1)
                return posting
            }
            #expect(try await posting.value == 204)
            #expect(try await world.status() == "ACCEPTED")
        }
    }
}
