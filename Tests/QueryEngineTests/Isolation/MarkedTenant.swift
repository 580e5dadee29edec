import Foundation
import Postgres
import QueryEngine

/// A tenant whose every text, number, instant and id carries its mark, and no other tenant's. Rows of every kind that the
/// schema can ask for: nulls, equal instants, all statuses, quotes, control characters and letters with two cases.
struct MarkedTenant: Sendable {
    let number: Int
    /// In every text that is not an enum value or a code of two to four letters.
    let word: String
    /// What every uuid begins with, and what every SID holds.
    let hexadecimal: String
    /// What every whole number begins with: seven digits in all.
    let digits: Int
    /// Of every instant.
    let year: Int
    let contacts: Int
    let messages: Int

    static let alpha = MarkedTenant(
        number: 1, word: "alphamark", hexadecimal: "a1faa1fa", digits: 711, year: 2031, contacts: 12, messages: 40)
    static let beta = MarkedTenant(
        number: 2, word: "betamark", hexadecimal: "be7abe7a", digits: 822, year: 2042, contacts: 8, messages: 27)
    static let both = [alpha, beta]

    var other: MarkedTenant { number == 1 ? .beta : .alpha }
    var organizationID: String { "\(hexadecimal)-0000-4000-8000-000000000000" }
    var id: OrganizationID { OrganizationID(UUID(uuidString: organizationID) ?? UUID()) }

    func caller(_ role: Role) -> Caller {
        Caller(
            kind: .apiKey(id: UUID(uuidString: "\(hexadecimal)-0009-4000-8000-000000000001") ?? UUID()), role: role,
            organization: id, requestID: "request-\(word)")
    }

    static let platform = Caller(
        kind: .apiKey(id: UUID()), role: .platformAdmin, organization: nil, requestID: "request-platform")

    /// Its rows as SQL; each tenant's stand by themselves.
    var rows: String {
        """
        CREATE OR REPLACE FUNCTION pg_temp.u(kind int, i int) RETURNS uuid LANGUAGE sql AS $$
          SELECT ('\(hexadecimal)-' || lpad(kind::text, 4, '0') || '-4000-8000-'
            || lpad(to_hex((i * 40503) % 65536), 12, '0'))::uuid $$;
        CREATE OR REPLACE FUNCTION pg_temp.t(i int) RETURNS timestamptz LANGUAGE sql AS $$
          SELECT '\(year)-02-01T00:00:00Z'::timestamptz + (i / 3) * interval '1 day 1 hour'
            + (i % 5) * interval '0.000001 s' + (i % 2) * interval '0.5 s' $$;
        CREATE OR REPLACE FUNCTION pg_temp.n(i int) RETURNS int LANGUAGE sql AS $$ SELECT \(digits)0000 + i $$;
        INSERT INTO organizations (id, slug, name, created_at)
          VALUES ('\(organizationID)', '\(word)', 'Clinic \(word)', pg_temp.t(0));
        INSERT INTO credentials (org_id, id, kind, label, status, is_default, account_sid, secret_hint, account_type,
                                 account_friendly_name, last_verified_at, last_error, previous_token_until, created_at,
                                 revoked_at, account_status)
          SELECT '\(organizationID)', pg_temp.u(5, i), 'TWILIO', '\(word) account ' || i,
                 (ARRAY['VERIFIED', 'UNVERIFIED', 'INVALID', 'REVOKED'])[i], i = 1,
                 'AC\(hexadecimal)' || lpad(i::text, 24, '0'), 'h' || i, CASE WHEN i < 3 THEN '\(word) Full' END,
                 CASE WHEN i > 1 THEN '\(word) friendly' END, CASE WHEN i <> 2 THEN pg_temp.t(i) END,
                 CASE WHEN i = 3 THEN '\(word) was refused' END, CASE WHEN i = 1 THEN pg_temp.t(11) END, pg_temp.t(i % 3),
                 CASE WHEN i = 4 THEN pg_temp.t(9) END,
                 CASE WHEN i <> 2 THEN (ARRAY['ACTIVE', '', 'SUSPENDED', 'CLOSED'])[i] END
          FROM generate_series(1, 4) i;
        INSERT INTO users (id, email, name)
          SELECT pg_temp.u(10, i), '\(word)' || i || '@example.com', '\(word) person ' || i FROM generate_series(1, 6) i;
        INSERT INTO memberships (org_id, id, user_id, role, email, name, created_at)
          SELECT '\(organizationID)', pg_temp.u(11, i), pg_temp.u(10, i),
                 (ARRAY['OWNER', 'ADMIN', 'AGENT', 'VIEWER'])[1 + i % 4], '\(word)' || i || '@example.com',
                 '\(word) person ' || i, pg_temp.t(i)
          FROM generate_series(1, 6) i;
        INSERT INTO invitations (org_id, id, token_hash, email, role, inviter_kind, inviter_id, created_at, expires_at,
                                 accepted_at, revoked_at)
          SELECT '\(organizationID)', pg_temp.u(12, i), decode('\(hexadecimal)' || lpad(to_hex(i), 56, '0'), 'hex'),
                 '\(word)' || i || '@example.com', (ARRAY['OWNER', 'ADMIN', 'AGENT', 'VIEWER'])[1 + i % 4],
                 'USER', pg_temp.u(10, 1), pg_temp.t(i), pg_temp.t(i + 1), CASE WHEN i % 3 = 0 THEN pg_temp.t(i + 2) END,
                 CASE WHEN i % 3 = 1 THEN pg_temp.t(i + 3) END
          FROM generate_series(1, 7) i;
        INSERT INTO api_keys (org_id, id, label, role, hint, created_at, expires_at, last_used_at, revoked_at)
          SELECT '\(organizationID)', pg_temp.u(13, i), '\(word) desk ' || i,
                 (ARRAY['OWNER', 'ADMIN', 'AGENT', 'VIEWER'])[1 + i % 4], 'k' || i, pg_temp.t(i),
                 CASE WHEN i % 2 = 0 THEN pg_temp.t(i + 1) END, CASE WHEN i % 3 > 0 THEN pg_temp.t(i + 2) END,
                 CASE WHEN i % 4 = 0 THEN pg_temp.t(i + 3) END
          FROM generate_series(1, 7) i;
        INSERT INTO organization_settings (org_id, default_country, opt_out_reply, opt_in_reply, help_reply, stop_words,
                                           start_words, help_words, guidance, front_desk_phone, registration_url,
                                           time_zone, office_hours, unknown_sender_reply, opted_out_reply,
                                           outside_hours_reply, media_reply, retention_days, quiet_from, quiet_until,
                                           look_ups)
          VALUES ('\(organizationID)', (ARRAY['US', 'GB'])[\(number)], '\(word) stopped {organization}', '\(word) started',
                  '\(word) "help"', ARRAY['\(word) basta'], ARRAY['\(word) ja', '\(word) oui'], ARRAY['\(word) hilfe'],
                  true, '+1500555\(number)777', 'https://\(word)/', '\(word)/Zone', ARRAY['\(word) 09:00'], '\(word) who',
                  '\(word) stopped', '\(word) closed', '\(word) what', 30, '21:30', '07:45', \(number) = 1);
        INSERT INTO contacts (org_id, id, name, phone, tags, other_phones, time_zone, opted_out_at, created_at)
          SELECT '\(organizationID)', pg_temp.u(1, i),
                 CASE WHEN i % 4 > 0 THEN (ARRAY['\(word) Ünal 100%', 'ÉTÉ \(word)_x', '\(word) "q" \\ ñ'])[i % 4] END,
                 '+1500555\(number)' || lpad(i::text, 3, '0'),
                 (ARRAY['\(word) vip', '\(word) "ünal"', '\(word) old'])[1:i % 4],
                 CASE WHEN i % 4 = 1 THEN ARRAY['+1500555\(number)8' || lpad(i::text, 2, '0')] ELSE '{}' END,
                 CASE WHEN i % 3 = 0 THEN '\(word)/Zone' END,
                 CASE WHEN i % 5 = 0 THEN pg_temp.t(i) END, pg_temp.t(i)
          FROM generate_series(1, \(contacts)) i;
        INSERT INTO conversations (org_id, id, contact_id, unread_count, last_message_at, created_at, assigned_to)
          SELECT '\(organizationID)', pg_temp.u(2, i), pg_temp.u(1, i), pg_temp.n(i), pg_temp.t(i % 7), pg_temp.t(i),
                 CASE WHEN i % 3 > 0 THEN pg_temp.u(11, 1 + i % 6) END
          FROM generate_series(1, \(contacts - 2)) i;
        INSERT INTO phone_numbers (org_id, id, credential_id, number, display_name, country_code, number_type, twilio_sid,
                                   sender_group, voice, sms, mms, rotation_enabled, is_primary, is_active, monthly_cost_micros,
                                   monthly_cost_currency, created_at, segments_per_second, rotation_weight)
          SELECT '\(organizationID)', pg_temp.u(3, i), pg_temp.u(5, 1 + i % 2), '+1500555\(number)9' || lpad(i::text, 2, '0'),
                 '\(word) line ' || i, 'US', (ARRAY['LOCAL', 'TOLL_FREE', 'MOBILE'])[1 + i % 3],
                 CASE WHEN i % 2 = 0 THEN 'PN\(hexadecimal)' || lpad(i::text, 24, '0') END,
                 '\(word) group ' || i % 2, i % 2 = 0, i % 3 > 0, i = 1,
                 i % 3 <> 1, i = 2, i <> 4, CASE WHEN i % 3 > 0 THEN pg_temp.n(i * 125) END,
                 CASE WHEN i % 3 > 0 THEN 'USD' END, pg_temp.t(i), CASE WHEN i % 2 = 1 THEN i + 0.5 END, i
          FROM generate_series(1, \(5 + number)) i;
        INSERT INTO messaging_accounts (org_id, credential_id, messages_per_second, messaging_service_sid)
          SELECT '\(organizationID)', pg_temp.u(5, i), CASE WHEN i = 1 THEN 12.5 END,
                 CASE WHEN i = 2 THEN 'MG\(hexadecimal)' || lpad(i::text, 24, '0') END
          FROM generate_series(1, 2) i;
        INSERT INTO templates (org_id, id, name, category, kind, current_version_id, archived_at, created_at, updated_at)
          SELECT '\(organizationID)', pg_temp.u(10, i), '\(word) template ' || i,
                 (ARRAY['APPOINTMENT', 'REMINDER', 'BILLING'])[1 + i % 3], (ARRAY['STATIC', 'DYNAMIC'])[1 + i % 2],
                 pg_temp.u(11, i), CASE WHEN i = 4 THEN pg_temp.t(i) END, pg_temp.t(i), pg_temp.t(9 - i)
          FROM generate_series(1, 5) i;
        INSERT INTO template_versions (org_id, id, template_id, number, body, created_at)
          SELECT '\(organizationID)', pg_temp.u(11, i), pg_temp.u(10, 1 + (i - 1) % 5), pg_temp.n(i),
                 '\(word) “{name}” ' || i, pg_temp.t(i)
          FROM generate_series(1, 8) i;
        INSERT INTO template_variables (org_id, id, version_id, position, name, type, default_value)
          SELECT '\(organizationID)', pg_temp.u(12, i), pg_temp.u(11, 1 + i % 8), pg_temp.n(i), '\(word)_' || i,
                 (ARRAY['TEXT', 'NUMBER', 'DATE', 'TIME', 'URL'])[1 + i % 5], CASE WHEN i % 2 = 0 THEN '\(word) ja' END
          FROM generate_series(1, 11) i;
        INSERT INTO bulk_messages (org_id, id, state, body, variables, credential_id, phone_number_id, respects_quiet_hours,
                                   valid_for, scheduled_at, total, refused, created, canceled, created_at, finished_at,
                                   template_id, template_version_id, media_urls)
          SELECT '\(organizationID)', pg_temp.u(8, i), (ARRAY['RUNNING', 'PAUSED', 'CANCELED', 'COMPLETED'])[i],
                 '\(word) to {name} ' || i, '{}', pg_temp.u(5, 1), CASE WHEN i % 2 = 0 THEN pg_temp.u(3, i) END, i = 1,
                 3600, CASE WHEN i = 3 THEN pg_temp.t(i) END,
                 pg_temp.n(i) + pg_temp.n(1) + pg_temp.n(2) + pg_temp.n(3), pg_temp.n(1), pg_temp.n(2), pg_temp.n(3),
                 pg_temp.t(i), CASE WHEN i > 2 THEN pg_temp.t(i + 1) END, CASE WHEN i > 1 THEN pg_temp.u(10, i) END,
                 CASE WHEN i > 1 THEN pg_temp.u(11, i) END,
                 CASE WHEN i = 2 THEN ARRAY['https://\(word).example.com/a'] ELSE '{}' END
          FROM generate_series(1, 4) i;
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, twilio_sid, error_code,
                              error_message, price_micros, price_currency, contact_id, conversation_id, phone_number_id,
                              credential_id, template_id, template_version_id, redacted_at, carrier_redaction,
                              auto_response, scheduled_at, sent_at, delivered_at, created_at, bulk_id,
                              messaging_service_sid, resend_of)
          SELECT '\(organizationID)', pg_temp.u(4, i), CASE WHEN i % 3 = 0 THEN 'INBOUND' ELSE 'OUTBOUND' END,
                 CASE WHEN i % 3 = 0 THEN 'RECEIVED' ELSE (ARRAY['SCHEDULED', 'QUEUED', 'SENDING', 'IN_DOUBT', 'ACCEPTED',
                   'SENT', 'DELIVERED', 'UNDELIVERED', 'FAILED', 'CANCELED', 'UNKNOWN'])[1 + i % 11] END,
                 CASE WHEN i % 4 > 0 THEN '+1500555\(number)9' || lpad(i::text, 2, '0') END,
                 '+1500555\(number)' || lpad(i::text, 3, '0'),
                 (ARRAY['\(word) plain', E'\(word) "quoted" \\\\ back\\n\\t\\r\\b\\f\\u0001\\u007f', '\(word) ÜNÏCODE Ñ ß',
                   E'😀 \(word) \\u2028 \\u2029', '\(word) 100%_ ''x''', 'Re: \(word) ' || repeat('long ', 20)])[1 + i % 6],
                 pg_temp.n(i), CASE WHEN i % 2 = 0 THEN 'SM\(hexadecimal)' || lpad(i::text, 24, '0') END,
                 CASE WHEN i % 7 = 0 THEN pg_temp.n(i) END, CASE WHEN i % 7 = 0 THEN '\(word) could not' END,
                 CASE i % 5 WHEN 0 THEN -pg_temp.n(i * 10) WHEN 1 THEN pg_temp.n(i * 100)
                   WHEN 2 THEN \(digits)0000::bigint * 1000000000 WHEN 3 THEN pg_temp.n(0) END,
                 CASE WHEN i % 5 <> 4 THEN (ARRAY['USD', 'EUR'])[1 + i % 2] END,
                 pg_temp.u(1, 1 + i % \(contacts - 2)), pg_temp.u(2, 1 + i % \(contacts - 2)),
                 CASE WHEN i % 3 = 1 THEN pg_temp.u(3, 1 + i % 5) END, pg_temp.u(5, 1),
                 CASE WHEN i % 4 = 1 THEN pg_temp.u(10, 1 + i % 5) END, CASE WHEN i % 4 = 1 THEN pg_temp.u(11, 1 + i % 8) END,
                 CASE WHEN i % 5 = 3 THEN pg_temp.t(i + 5) END,
                 CASE WHEN i % 5 = 3 THEN (ARRAY['PENDING', 'DONE', 'FAILED'])[1 + i % 3] END,
                 i % 6 = 0,
                 CASE WHEN i % 8 = 0 THEN pg_temp.t(i + 1) END, CASE WHEN i % 2 = 0 THEN pg_temp.t(i + 2) END,
                 CASE WHEN i % 4 = 0 THEN pg_temp.t(i + 3) END, pg_temp.t(i),
                 CASE WHEN i % 3 = 2 THEN pg_temp.u(8, 1 + i % 4) END,
                 CASE WHEN i % 9 = 1 THEN 'MG\(hexadecimal)' || lpad(i::text, 24, '0') END,
                 CASE WHEN i % 10 = 7 THEN pg_temp.u(4, i - 1) END
          FROM generate_series(1, \(messages)) i;
        INSERT INTO bulk_recipients (org_id, id, bulk_id, position, phone, due_at, state, error_code, error_message,
                                     message_id)
          SELECT '\(organizationID)', pg_temp.u(10, i), pg_temp.u(8, 1 + i % 4), pg_temp.n(i),
                 '+1500555\(number)' || lpad(i::text, 3, '0'), pg_temp.t(i),
                 (ARRAY['PENDING', 'CREATED', 'REFUSED', 'CANCELED'])[1 + i % 4],
                 CASE WHEN i % 4 = 2 THEN '\(word)_CODE' END, CASE WHEN i % 4 = 2 THEN '\(word) cannot be' END,
                 CASE WHEN i % 4 = 1 THEN pg_temp.u(4, i) END
          FROM generate_series(1, 15) i;
        INSERT INTO media_contents (org_id, hash, content)
          VALUES ('\(organizationID)', decode(repeat('0\(number)', 32), 'hex'), '\(word)');
        INSERT INTO message_media (org_id, id, message_id, position, content_type, state, reason, size, hash, url, created_at)
          SELECT '\(organizationID)', pg_temp.u(13, i), pg_temp.u(4, 1 + i % \(messages)), pg_temp.n(i), '\(word)/png',
                 (ARRAY['PENDING', 'STORED', 'REFUSED', 'REMOVED', 'LINKED'])[1 + i % 5],
                 CASE WHEN i % 5 = 2 THEN '\(word) is too large' END, CASE WHEN i % 5 = 1 THEN pg_temp.n(i) END,
                 CASE WHEN i % 5 = 1 THEN decode(repeat('0\(number)', 32), 'hex') END,
                 CASE WHEN i % 5 = 4 THEN 'https://\(word).example.com/' || i END, pg_temp.t(i)
          FROM generate_series(1, 9) i;
        INSERT INTO opt_outs (org_id, id, contact_id, phone, sender_group, source, wording, message_id, reason, created_at,
                              ended_at, end_source, end_reason)
          SELECT '\(organizationID)', pg_temp.u(8, i), pg_temp.u(1, 1 + i % \(contacts)),
                 '+1500555\(number)' || lpad(i::text, 3, '0'), CASE WHEN i % 3 = 0 THEN '\(word) group' END,
                 (ARRAY['KEYWORD', 'WORDING', 'CARRIER', 'MANUAL'])[1 + i % 4],
                 CASE WHEN i % 2 = 0 THEN '\(word) “stop”' END, CASE WHEN i % 2 = 0 THEN pg_temp.u(4, i) END,
                 CASE WHEN i % 4 = 3 THEN '\(word) called' END, pg_temp.t(i),
                 CASE WHEN i % 3 = 1 THEN pg_temp.t(i + 4) END, CASE WHEN i % 3 = 1 THEN 'MANUAL' END,
                 CASE WHEN i % 3 = 1 THEN '\(word) agreed' END
          FROM generate_series(1, 9) i;
        INSERT INTO message_status_events (org_id, message_id, status, source, occurred_at)
          SELECT '\(organizationID)', pg_temp.u(4, i), (ARRAY['QUEUED', 'SENDING', 'ACCEPTED', 'SENT'])[s],
                 (ARRAY['API', 'WORKER', 'CALLBACK', 'WEBHOOK', 'SYNC'])[1 + (i + s) % 5], pg_temp.t(20 - s)
          FROM generate_series(1, \(messages)) i, generate_series(1, 4) s WHERE s <= i % 5;
        INSERT INTO sync_runs (org_id, id, credential_id, webhooks, state, numbers_found, messages_found, messages_added,
                               error, created_at, started_at, finished_at)
          SELECT '\(organizationID)', pg_temp.u(6, i), pg_temp.u(5, 1), 'NEVER',
                 CASE WHEN i = 1 THEN 'FAILED' ELSE 'COMPLETED' END,
                 pg_temp.n(i), pg_temp.n(i + 1), pg_temp.n(i + 2), CASE WHEN i = 1 THEN '\(word) went wrong' END,
                 pg_temp.t(i), pg_temp.t(i), pg_temp.t(i)
          FROM generate_series(1, 2) i;
        INSERT INTO audit_events (org_id, id, occurred_at, actor_kind, actor_id, action, outcome, subject_kind, subject_id,
                                  purpose, request_id, source, mac_key_id, mac)
          SELECT '\(organizationID)', pg_temp.u(7, i), pg_temp.t(i),
                 (ARRAY['API_KEY', 'WORKER', 'COMMAND_LINE'])[1 + i % 3], CASE WHEN i % 3 = 0 THEN pg_temp.u(9, i) END,
                 '\(word).' || (ARRAY['register', 'revoke'])[1 + i % 2], CASE WHEN i % 4 = 0 THEN 'REFUSED' ELSE 'DONE' END,
                 '\(word)', CASE WHEN i % 2 = 0 THEN pg_temp.u(5, i) END, CASE WHEN i % 3 = 1 THEN '\(word) purpose' END,
                 CASE WHEN i % 3 = 2 THEN '\(word)-request' END, CASE WHEN i % 2 = 1 THEN '\(word)-source' END,
                 pg_temp.u(6, i), decode(repeat('00', 32), 'hex')
          FROM generate_series(1, \(messages / 3)) i;
        INSERT INTO usage_counters (org_id, metric, day, slot, count)
          VALUES ('\(organizationID)', 'MESSAGES_OUTBOUND', '\(year)-03-01', 0, pg_temp.n(5)),
                 ('\(organizationID)', 'MESSAGES_OUTBOUND', '\(year)-03-01', 1, 3),
                 ('\(organizationID)', 'MESSAGES_INBOUND', '\(year)-03-01', 0, 17);
        -- Beyond 32 bits, so that `Int` does not hold it: of one tenant, and of one metric, so that all else is answered.
        INSERT INTO usage_counters (org_id, metric, day, slot, count)
          SELECT '\(organizationID)', 'MESSAGES_INBOUND', '\(year)-04-01', 0, \(digits)0000::bigint * 1000
          WHERE \(number) = 2;
        """
    }
}
