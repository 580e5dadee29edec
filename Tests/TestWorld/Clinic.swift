import Accounts
package import Foundation
package import GraphQL
package import OrderedCollections
package import Postgres
package import QueryEngine
import TestSupport
package import TwilioSandbox

/// An organization of a world, and the account at the carrier that it has.
package struct Clinic: Sendable {
    package let organization: OrganizationID
    package let caller: Caller
    package let account: SandboxAccount

    package var number: String { account.numbers[0].phoneNumber }
}

extension World {
    /// An organization that has registered nothing yet.
    package func makeClinic(_ account: Int = 0, slug: String? = nil) async throws -> Clinic {
        let organization = try await organizations.create(slug: slug ?? "clinic-\(account)", name: "Clinic \(account)")
        let caller = Caller(
            kind: .apiKey(id: UUID()), role: .owner, organization: organization, requestID: "request-\(account)")
        return Clinic(organization: organization, caller: caller, account: carrier.accounts[account])
    }

    /// An organization that can text: its credential is verified and its numbers are known.
    package func makeTextingClinic(_ account: Int = 0) async throws -> Clinic {
        let clinic = try await makeClinic(account)
        _ = try await register(clinic)
        let credential = try await credential(of: clinic)
        try await data.psql(
            clinic.account.numbers.map {
                """
                INSERT INTO phone_numbers (org_id, credential_id, number, display_name, country_code, number_type, voice,
                                           sms, mms)
                VALUES ('\(clinic.organization)', '\(credential)', '\($0.phoneNumber)', 'line', 'US', 'LOCAL', true, true,
                        true);
                """
            }.joined())
        return clinic
    }

    // MARK: Asking

    package func ask(
        _ document: String, _ variables: OrderedDictionary<String, JSONValue> = [:], as caller: Caller
    ) async throws -> JSONValue {
        let response = await engine.execute(EngineRequest(document, variables: variables), caller: caller)
        return try JSONValue(parsing: response.bytes)
    }

    /// The payload of a mutation with one `input`.
    package func mutate(
        _ name: String, _ input: JSONValue, _ selection: String, as clinic: Clinic
    ) async throws -> JSONValue {
        let type = name.prefix(1).uppercased() + name.dropFirst() + "Input"
        let answer = try await ask(
            "mutation M($i: \(type)!) { \(name)(input: $i) { \(selection) userErrors { code message field } } }",
            ["i": input], as: clinic.caller)
        guard let payload = answer["data"]?[name], !payload.isNull else { throw NoPayload(answer: "\(answer)") }
        return payload
    }

    package struct NoPayload: Error {
        package let answer: String
    }

    package func register(
        _ clinic: Clinic, account: SandboxAccount? = nil, token: String? = nil,
        more: OrderedDictionary<String, JSONValue> = [:]
    ) async throws -> JSONValue {
        let account = account ?? clinic.account
        let input: OrderedDictionary<String, JSONValue> = [
            "accountSid": .string(account.sid), "authToken": .string(token ?? account.authToken),
        ]
        return try await mutate(
            "registerTwilioCredential", .object(input.merging(more) { $1 }),
            "credential { id status isDefault label lastError }", as: clinic)
    }

    /// Takes a message for sending; the recipient is one of +14155550100 to +14155550199.
    package func send(
        _ body: String = "Hello", to: String = "+14155550123", key: String? = nil, as clinic: Clinic
    ) async throws -> JSONValue {
        try await mutate(
            "sendMessage",
            [
                "to": .string(to), "body": .string(body), "from": .string(clinic.number),
                "idempotencyKey": key.map { .string($0) } ?? .null,
            ],
            "message { id status }", as: clinic)
    }

    package func rotate(
        _ credential: UUID, _ input: OrderedDictionary<String, JSONValue>, as clinic: Clinic
    ) async throws -> JSONValue {
        let id: OrderedDictionary<String, JSONValue> = ["id": .string(OpaqueID.encode(credential, prefix: "cred"))]
        return try await mutate(
            "rotateTwilioCredential", .object(id.merging(input) { $1 }),
            "credential { id status secretHint previousTokenUntil lastError }", as: clinic)
    }

    package func revoke(_ clinic: Clinic) async throws {
        let id = OpaqueID.encode(try await credential(of: clinic), prefix: "cred")
        _ = try await mutate("revokeCredential", ["id": .string(id)], "credential { status }", as: clinic)
    }

    /// The newest credential of a clinic that is not revoked.
    package func credential(of clinic: Clinic) async throws -> UUID {
        let text = try await value(
            """
            SELECT id FROM credentials WHERE org_id = '\(clinic.organization)' AND status <> 'REVOKED'
            ORDER BY created_at DESC LIMIT 1
            """)
        guard let id = UUID(uuidString: text) else { throw NoPayload(answer: "no credential: \(text)") }
        return id
    }

    package func hook(of clinic: Clinic) async throws -> String {
        try await value(
            """
            SELECT token FROM hook_tokens
            WHERE org_id = '\(clinic.organization)' AND credential_id = '\(try await credential(of: clinic))'
            """)
    }

    /// Where the one message to a recipient stands.
    package func status(to recipient: String = "+14155550123") async throws -> String {
        try await value("SELECT status FROM messages WHERE direction = 'OUTBOUND' AND to_address = '\(recipient)'")
    }

    /// Every status that the one message to a recipient has had.
    package func history(to recipient: String = "+14155550123") async throws -> [String] {
        try await value(
            """
            SELECT e.status FROM message_status_events e JOIN messages m ON m.id = e.message_id
            WHERE m.direction = 'OUTBOUND' AND m.to_address = '\(recipient)' ORDER BY e.id
            """
        ).split(separator: "\n").map(String.init)
    }
}

extension JSONValue {
    /// The code of a payload's first user error.
    package var refusal: String? { self["userErrors"]?.arrayValue?.first?["code"]?.stringValue }
    package var refusalMessage: String? { self["userErrors"]?.arrayValue?.first?["message"]?.stringValue }
}

extension World {
    /// Brings a clinic's numbers and past messages in, and points its numbers here. Needs workers.
    package func syncWithHooks(_ clinic: Clinic, policy: String = "WHEN_EMPTY") async throws {
        let state = try await sync(clinic, policy: policy)
        guard state == "COMPLETED" else { throw NoPayload(answer: "the sync is \(state)") }
    }

    /// Starts a sync, waits for its end, and answers how it ended.
    package func sync(_ clinic: Clinic, policy: String = "WHEN_EMPTY") async throws -> String {
        let payload = try await mutate("startSync", ["webhooks": .string(policy)], "sync { state }", as: clinic)
        if let refusal = payload.refusal { return refusal }
        let newest =
            "SELECT state FROM sync_runs WHERE org_id = '\(clinic.organization)' ORDER BY created_at DESC LIMIT 1"
        _ = try await eventually { ["COMPLETED", "FAILED"].contains(try await value(newest)) }
        return try await value(newest)
    }
}
