import Foundation
import Postgres
import QueryEngine
import TestSupport

/// Two organizations with the same things under different names: every text, number and id of one carries its mark.
struct Clinic: Sendable {
    let number: Int
    /// In every text of its rows.
    let mark: String

    static let alpha = Clinic(number: 1, mark: "alpha")
    static let beta = Clinic(number: 2, mark: "beta")

    var id: OrganizationID { OrganizationID(uuid(0)) }

    /// The uuid of the clinic's thing of this number: hundreds tell the kind.
    func uuid(_ thing: Int) -> UUID {
        let text =
            "0000000\(number)-0000-4000-8000-" + String(repeating: "0", count: 12 - "\(thing)".count) + "\(thing)"
        return UUID(uuidString: text) ?? UUID()
    }

    func contact(_ index: Int) -> UUID { uuid(100 + index) }
    func conversation(_ index: Int) -> UUID { uuid(200 + index) }
    func phoneNumber(_ index: Int) -> UUID { uuid(300 + index) }
    func message(_ index: Int) -> UUID { uuid(400 + index) }
    var credential: UUID { uuid(500) }
    var syncRun: UUID { uuid(600) }
    func auditEvent(_ index: Int) -> UUID { uuid(700 + index) }

    static func id(_ prefix: String, _ uuid: UUID) -> String { OpaqueID.encode(uuid, prefix: prefix) }

    func caller(_ role: Role = .owner) -> Caller {
        Caller(kind: .apiKey(id: uuid(900)), role: role, organization: id, requestID: "request-\(mark)")
    }

    static let platform = Caller(
        kind: .apiKey(id: UUID()), role: .platformAdmin, organization: nil, requestID: "request-platform")

    /// Its rows. Messages 2, 3 and 4 were created at the same microsecond, so that only the id orders them.
    var rows: String {
        """
        INSERT INTO organizations (id, slug, name, created_at)
          VALUES ('\(uuid(0))', '\(mark)', 'Clinic \(mark)', '2026-01-0\(number) 00:00:00.5Z');
        INSERT INTO credentials (org_id, id, kind, label, status, is_default, account_sid, secret_hint, created_at)
          VALUES ('\(uuid(0))', '\(credential)', 'TWILIO', '\(mark) account', 'VERIFIED', true,
                  'AC' || repeat('\(number)', 32), 'h\(number)nt', '2026-01-10T00:00:00Z');
        INSERT INTO contacts (org_id, id, name, phone, opted_out_at, created_at)
          SELECT '\(uuid(0))', ('\(prefix)' || (100 + i))::uuid, CASE WHEN i < 3 THEN '\(mark) 100% Contact_' || i END,
                 '+1415555010' || (i + \(number * 3 - 3)), CASE WHEN i = 3 THEN now() END,
                 '2026-02-01T00:00:00Z'::timestamptz + i * interval '1 day'
          FROM generate_series(1, 3) i;
        INSERT INTO conversations (org_id, id, contact_id, unread_count, last_message_at, created_at)
          SELECT '\(uuid(0))', ('\(prefix)' || (200 + i))::uuid, ('\(prefix)' || (100 + i))::uuid, i,
                 '2026-03-01T00:00:00Z'::timestamptz + i * interval '1 hour', '2026-02-02T00:00:00Z'
          FROM generate_series(1, 3) i;
        INSERT INTO phone_numbers (org_id, id, credential_id, number, display_name, country_code, number_type, voice, sms,
                                   mms, monthly_cost_micros, monthly_cost_currency, created_at)
          SELECT '\(uuid(0))', ('\(prefix)' || (300 + i))::uuid, '\(credential)', '+1415555015' || (i + \(number * 2)),
                 '\(mark) line ' || i, 'US', 'LOCAL', true, true, i = 1,
                 CASE i WHEN 1 THEN 1150000 ELSE 9223372036854775807 END, 'USD', '2026-02-03T00:00:00Z'
          FROM generate_series(1, 2) i;
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, price_micros,
                              price_currency, contact_id, conversation_id, phone_number_id, credential_id, created_at)
          SELECT '\(uuid(0))', ('\(prefix)' || (400 + i))::uuid, CASE WHEN i % 2 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END,
                 CASE WHEN i % 2 = 0 THEN 'RECEIVED' WHEN i = 7 THEN 'FAILED' ELSE 'DELIVERED' END, '+14155550150',
                 '+14155550101', '\(mark) message ' || i || ' with "quotes" and ünïcode', i,
                 CASE WHEN i = 1 THEN -7500 WHEN i = 2 THEN 1 END, CASE WHEN i < 3 THEN 'USD' END,
                 ('\(prefix)' || (101 + i % 3))::uuid, ('\(prefix)' || (201 + i % 3))::uuid,
                 CASE WHEN i = 1 THEN '\(phoneNumber(1))'::uuid END, '\(credential)',
                 '2026-03-01T12:00:00.123456Z'::timestamptz
                   + (CASE WHEN i BETWEEN 2 AND 4 THEN 2 ELSE i END) * interval '1 microsecond'
          FROM generate_series(1, 7) i;
        INSERT INTO message_status_events (org_id, message_id, status, source, occurred_at)
          SELECT '\(uuid(0))', '\(message(1))', s, 'API', '2026-03-01T12:00:00Z'
          FROM unnest(ARRAY['QUEUED', 'SENDING', 'ACCEPTED']) s;
        INSERT INTO sync_runs (org_id, id, credential_id, webhooks, state, numbers_found, created_at)
          VALUES ('\(uuid(0))', '\(syncRun)', '\(credential)', 'NEVER', 'COMPLETED', 2, '2026-02-03T00:00:00Z');
        INSERT INTO audit_events (org_id, id, occurred_at, actor_kind, action, outcome, subject_kind, subject_id, purpose,
                                  mac_key_id, mac)
          SELECT '\(uuid(0))', ('\(prefix)' || (700 + i))::uuid, '2026-02-03T00:00:00Z'::timestamptz + i * interval '1 s',
                 'WORKER', 'credential.register', 'DONE', 'credential', '\(credential)', '\(mark) purpose',
                 gen_random_uuid(), decode(repeat('00', 32), 'hex')
          FROM generate_series(1, 2) i;
        INSERT INTO usage_counters (org_id, metric, day, slot, count)
          VALUES ('\(uuid(0))', 'MESSAGES_OUTBOUND', '2026-03-01', 0, \(number * 10)),
                 ('\(uuid(0))', 'MESSAGES_INBOUND', '2026-03-01', 0, \(number));
        """
    }

    /// The uuid up to its last three digits.
    private var prefix: String { "0000000\(number)-0000-4000-8000-000000000" }
}
