import Postgres

/// The SQL of this capability. A status is only ever changed where it is compared in the same statement.
enum MessagingQueries {
    // MARK: Taking a message

    /// The default credential, or the one named by `$2`; revoked ones count as none.
    static let credential = Statement(
        """
        SELECT id, status, last_error, account_type, account_status FROM credentials
        WHERE org_id = $1 AND status <> 'REVOKED' AND CASE WHEN $2::uuid IS NULL THEN is_default ELSE id = $2::uuid END
        """)

    static let makeAccount = Statement(
        """
        INSERT INTO messaging_accounts (org_id, credential_id) VALUES ($1, $2)
        ON CONFLICT (org_id, credential_id) DO NOTHING
        """)

    /// `$3` whether a rate is given, `$5` whether a service is.
    static let configureAccount = Statement(
        """
        UPDATE messaging_accounts
        SET messages_per_second = CASE WHEN $3::boolean THEN $4::text::double precision ELSE messages_per_second END,
            messaging_service_sid = CASE WHEN $5::boolean THEN $6::text ELSE messaging_service_sid END
        WHERE org_id = $1 AND credential_id = $2
        """)

    static let messagingService = Statement(
        "SELECT messaging_service_sid FROM messaging_accounts WHERE org_id = $1 AND credential_id = $2")

    /// By what a message goes out: the credential as above, its messaging service, and the numbers to choose from, a row for
    /// each; `id` is null where there is none. With a sender `$3` that is the number, if it is the credential's; else those
    /// that take part in the rotation, `$4` whether they have to carry media. One statement, so that all of it is of one moment.
    static let senders = Statement(
        """
        SELECT k.id AS credential_id, k.status, k.last_error, k.account_type, k.account_status,
               (SELECT a.messaging_service_sid FROM messaging_accounts a
                WHERE a.org_id = $1 AND a.credential_id = k.id) AS messaging_service_sid,
               n.id, n.number, n.country_code, n.rotation_weight, n.mms, r.turn,
               CASE WHEN r.rests_until > now() THEN r.rests_until END AS rests_until
        FROM credentials k
        LEFT JOIN phone_numbers n ON n.org_id = $1 AND n.credential_id = k.id AND n.is_active AND n.sms
          AND CASE WHEN $3::text IS NULL THEN n.rotation_enabled AND (n.mms OR NOT $4::boolean) ELSE n.number = $3 END
        LEFT JOIN sender_rotation r ON r.org_id = $1 AND r.phone_number_id = n.id
        WHERE k.org_id = $1 AND k.status <> 'REVOKED' AND CASE WHEN $2::uuid IS NULL THEN k.is_default ELSE k.id = $2::uuid END
        ORDER BY n.id
        """)

    /// What is known of whoever has the phone `$2`: whether anything stands against them in the register, of whatever group, and
    /// which of our numbers they know. Asked when their row has been locked, in a statement of its own: one that waited for
    /// the lock would see what was there before.
    static let recipient = Statement(
        """
        SELECT c.id,
               EXISTS (SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = c.id AND o.ended_at IS NULL)
                 AS may_be_opted_out,
               (SELECT v.phone_number_id FROM conversations v WHERE v.org_id = $1 AND v.contact_id = c.id) AS known_number
        FROM contacts c
        WHERE c.org_id = $1 AND c.id = (SELECT coalesce(
          (SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = $2),
          (SELECT k.id FROM contacts k WHERE k.org_id = $1 AND k.phone = $2)))
        """)

    /// The number that the contact of a conversation knows us by.
    static let knownNumber = Statement("SELECT phone_number_id FROM conversations WHERE org_id = $1 AND id = $2")

    static let keepNumber = Statement(
        """
        UPDATE conversations SET phone_number_id = $3
        WHERE org_id = $1 AND id = $2 AND phone_number_id IS DISTINCT FROM $3::uuid
        """)

    /// Another sender for a message that still waits.
    static let changeSender = Statement(
        """
        UPDATE messages SET from_address = $3, phone_number_id = $4, turn_lines = 0, turn_at = NULL
        WHERE org_id = $1 AND id = $2 AND status = 'QUEUED'
        """)

    static let claimIdempotencyKey = Statement(
        """
        INSERT INTO idempotency_keys (org_id, operation, idempotency_key, input_hash, subject_id)
        VALUES ($1, $2, $3, sha256(convert_to($4, 'UTF8')), $5)
        ON CONFLICT (org_id, operation, idempotency_key) DO NOTHING RETURNING subject_id
        """)

    static let findIdempotencyKey = Statement(
        """
        SELECT subject_id, input_hash = sha256(convert_to($4, 'UTF8')) AS same_input FROM idempotency_keys
        WHERE org_id = $1 AND operation = $2 AND idempotency_key = $3
        """)

    /// In the conversation of the contact `$7`, who has joined it.
    static let insertOutbound = Statement(
        """
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, contact_id,
          conversation_id, phone_number_id, credential_id, expires_at, messaging_service_sid, sender_choice,
          one_time_code)
        VALUES ($1, $2, 'OUTBOUND', 'QUEUED', $3, $4, $5, $6, $7,
          (SELECT v.id FROM conversations v WHERE v.org_id = $1 AND v.contact_id = $7), $8, $9,
          now() + make_interval(secs => $10::bigint), $11, $12, $13)
        """)

    /// What Switchboard answers by itself. `$9` says whether it may go to one who has opted out.
    static let insertReply = Statement(
        """
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, contact_id,
          conversation_id, phone_number_id, credential_id, auto_response, answers_opt_out,
          expires_at)
        SELECT $1::uuid, $2::uuid, 'OUTBOUND', 'QUEUED', n.number, $3::text, $4::text, $5::int, $6::uuid, $7::uuid, n.id,
          $8::uuid, true, $9::boolean, now() + make_interval(secs => $11::bigint)
        FROM phone_numbers n WHERE n.org_id = $1 AND n.number = $10 AND n.credential_id = $8 AND n.is_active AND n.sms
        RETURNING id
        """)

    /// The first of its kind to this contact today.
    static let claimReply = Statement(
        """
        INSERT INTO auto_replies (org_id, contact_id, kind, day) VALUES ($1, $2, $3, (now() AT TIME ZONE 'UTC')::date)
        ON CONFLICT DO NOTHING RETURNING kind
        """)

    /// Where the contact `$2` stands who wrote `$5` from `$4` to `$3`.
    static let standing = Statement(
        """
        SELECT c.came_unasked AND c.name IS NULL AND NOT EXISTS (
                 SELECT FROM messages m WHERE m.org_id = $1 AND m.contact_id = $2 AND m.direction = 'OUTBOUND'
                   AND NOT m.auto_response) AS is_unknown,
               c.opted_out OR EXISTS (
                 SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = $2 AND o.ended_at IS NULL
                   AND (o.sender_group IS NULL OR o.sender_group =
                     (SELECT n.sender_group FROM phone_numbers n WHERE n.org_id = $1 AND n.number = $3))) AS is_opted_out,
               EXISTS (SELECT FROM phone_numbers n WHERE n.org_id = $1 AND n.number = $4)
                 OR EXISTS (SELECT FROM messages m WHERE m.org_id = $1 AND m.contact_id = $2 AND m.auto_response
                      AND m.body = $5) AS is_echo
        FROM contacts c WHERE c.org_id = $1 AND c.id = $2
        """)

    /// The same of many, whether they write what we say ourselves left aside: the contacts of the phones `$2` who wrote to the
    /// numbers `$3`, side by side. No row for a phone that is nobody's. Each is looked up by its keys, whatever the planner
    /// takes the tables for: a part with a LIMIT of its own is neither joined by a hash nor hashed as a whole.
    static let standings = Statement(
        """
        SELECT g.place, c.id, c.phone, c.is_unknown,
               c.opted_out OR EXISTS (
                 SELECT FROM opt_outs o WHERE o.org_id = $1 AND o.contact_id = c.id AND o.ended_at IS NULL
                   AND (o.sender_group IS NULL OR o.sender_group = n.sender_group)) AS is_opted_out,
               n.id AS number
        FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS g (phone, number, place)
        CROSS JOIN LATERAL (
          SELECT k.id, k.phone, k.opted_out,
                 k.came_unasked AND k.name IS NULL AND (
                   SELECT true FROM messages m WHERE m.org_id = $1 AND m.contact_id = k.id
                     AND m.direction = 'OUTBOUND' AND NOT m.auto_response LIMIT 1) IS NULL AS is_unknown
          FROM contacts k
          WHERE k.org_id = $1 AND k.id = (SELECT coalesce(
            (SELECT p.contact_id FROM contact_phones p WHERE p.org_id = $1 AND p.phone = g.phone),
            (SELECT f.id FROM contacts f WHERE f.org_id = $1 AND f.phone = g.phone)))
          LIMIT 1) AS c
        LEFT JOIN LATERAL (
          SELECT p.id, p.sender_group FROM phone_numbers p WHERE p.org_id = $1 AND p.number = g.number LIMIT 1) AS n
          ON true
        """)

    static let markRead = Statement(
        """
        WITH before AS MATERIALIZED (
          SELECT id, unread_count > 0 AS was_unread FROM conversations WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE
        ), marked AS (
          UPDATE conversations c SET unread_count = 0 FROM before b
          WHERE c.org_id = $1 AND c.id = b.id AND b.was_unread
        )
        SELECT was_unread FROM before
        """)

    /// Side by side: `$2` ids, `$3` senders, `$4` recipients, `$5` bodies, `$6` segments, `$7` SIDs, `$8` contacts and `$9` our
    /// numbers ('' for none), `$10` credentials. Each is a microsecond younger than the one before, so that those of one
    /// conversation keep their order. By a `nullif` no index would be used under row-level security, but for a SELECT of its own.
    static let insertInbound = Statement(
        """
        WITH named AS (
          INSERT INTO message_sids (org_id, twilio_sid, message_id)
          SELECT $1::uuid, g.sid, g.id FROM unnest($7::text[], $2::uuid[]) AS g (sid, id) ORDER BY g.sid
          ON CONFLICT DO NOTHING RETURNING message_id
        )
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, twilio_sid,
          contact_id, conversation_id, phone_number_id, credential_id, created_at)
        SELECT $1::uuid, g.id, 'INBOUND', 'RECEIVED', g.sender, g.recipient, g.body, g.segments, g.sid,
          nullif(g.contact_id, '')::uuid,
          (SELECT c.id FROM conversations c
           WHERE c.org_id = $1 AND c.contact_id = (SELECT nullif(g.contact_id, '')::uuid)),
          nullif(g.number, '')::uuid, g.credential_id, now() + (g.place - 1) * interval '1 microsecond'
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[],
          $10::uuid[]) WITH ORDINALITY
          AS g (id, sender, recipient, body, segments, sid, contact_id, number, credential_id, place)
        WHERE g.id IN (SELECT message_id FROM named) RETURNING id
        """)

    /// A message that Twilio had before it came here.
    static let insertPast = Statement(
        """
        WITH named AS (
          INSERT INTO message_sids (org_id, twilio_sid, message_id) VALUES ($1, $9, $2)
          ON CONFLICT DO NOTHING RETURNING message_id
        )
        INSERT INTO messages (org_id, id, direction, status, from_address, to_address, body, segments, twilio_sid,
          error_code, price_micros, price_currency, contact_id, conversation_id, phone_number_id, credential_id,
          sent_at, created_at)
        SELECT $1::uuid, message_id, $3::text, $4::text, $5::text, $6::text, $7::text, $8::bigint, $9::text, $10::bigint,
          $11::bigint, $12::text, $13::uuid, $14::uuid, $15::uuid, $16::uuid, $17::timestamptz, $18::timestamptz
        FROM named RETURNING id
        """)

    /// Whether a message in Twilio's list is one that went out from here and whose SID is not known here yet, because
    /// its attempt is under way or in doubt. `$2` contact, `$3` sender, `$4` body, `$5` when Twilio made it; a minute's
    /// margin for the two clocks.
    static let isOwnAttempt = Statement(
        """
        SELECT EXISTS (
          SELECT FROM messages
          WHERE org_id = $1 AND contact_id = $2 AND direction = 'OUTBOUND' AND twilio_sid IS NULL
            AND status IN ('SENDING', 'IN_DOUBT', 'UNKNOWN') AND coalesce(from_address, $3) = $3 AND body = $4
            AND created_at <= $5::timestamptz + interval '1 minute'
        ) OR EXISTS (
          SELECT FROM message_attempts a JOIN messages m ON m.org_id = $1 AND m.id = a.message_id
          WHERE a.org_id = $1 AND m.contact_id = $2 AND a.twilio_sid = $6
        ) AS is_own
        """)

    /// What the contact has written since `$3` that may be a keyword.
    static let laterWords = Statement(
        """
        SELECT body FROM messages
        WHERE org_id = $1 AND contact_id = $2 AND direction = 'INBOUND' AND created_at > $3
          AND char_length(body) <= 200
        ORDER BY created_at LIMIT 1000
        """)

    static let recordStatus = Statement(
        """
        INSERT INTO message_status_events (org_id, message_id, status, source)
        SELECT $1::uuid, m, $3::text, $4::text FROM unnest($2::uuid[]) AS m
        """)

    // MARK: Webhooks

    /// For how many milliseconds `$1` what follows in the transaction waits for each lock.
    static let waitForLocks = Statement("SELECT set_config('lock_timeout', $1, true)")

    static let receive = Statement(
        "INSERT INTO webhook_receipts (org_id, signed_key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING signed_key")

    /// In the order of the keys, so that two that claim the same ones do not deadlock.
    static let receiveMany = Statement(
        """
        INSERT INTO webhook_receipts (org_id, signed_key) SELECT $1::uuid, k FROM unnest($2::text[]) AS k ORDER BY k
        ON CONFLICT DO NOTHING RETURNING signed_key
        """)

    /// Those of the keys `$2` that somebody has claimed.
    static let received = Statement(
        "SELECT signed_key FROM webhook_receipts WHERE org_id = $1 AND signed_key = ANY ($2::text[])")
}
