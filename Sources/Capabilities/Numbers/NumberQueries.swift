import Postgres

/// The SQL of this capability.
enum NumberQueries {
    static let record = Statement(
        """
        INSERT INTO phone_numbers
          (org_id, credential_id, number, display_name, country_code, number_type, twilio_sid, voice, sms, mms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (org_id, number) DO UPDATE
          SET credential_id = excluded.credential_id, display_name = excluded.display_name,
              twilio_sid = excluded.twilio_sid, voice = excluded.voice, sms = excluded.sms, mms = excluded.mms,
              is_active = true
        """)

    static let deactivateOthers = Statement(
        """
        UPDATE phone_numbers SET is_active = false
        WHERE org_id = $1 AND credential_id = $2 AND is_active AND number <> ALL ($3::text[])
        """)

    static let find = Statement("SELECT id FROM phone_numbers WHERE org_id = $1 AND number = $2")

    static let ownedSender = Statement(
        """
        SELECT id, number, mms FROM phone_numbers
        WHERE org_id = $1 AND credential_id = $2 AND number = $3 AND is_active AND sms
        """)

    /// The numbers of a credential that take part; `$3` whether they have to carry media. Of one that never had a turn, `turn`
    /// is null.
    static let rotation = Statement(
        """
        SELECT n.id, n.number, n.country_code, n.rotation_weight, r.turn,
               CASE WHEN r.rests_until > now() THEN r.rests_until END AS rests_until
        FROM phone_numbers n LEFT JOIN sender_rotation r ON r.org_id = $1 AND r.phone_number_id = n.id
        WHERE n.org_id = $1 AND n.credential_id = $2 AND n.is_active AND n.sms AND n.rotation_enabled
          AND (n.mms OR NOT $3::boolean)
        ORDER BY n.id
        """)

    /// `$2` numbers, `$3` the floors of their turns and `$4` by how much these move.
    static let makeTurns = Statement(
        """
        INSERT INTO sender_rotation (org_id, phone_number_id) SELECT $1::uuid, n FROM unnest($2::uuid[]) AS n ORDER BY n
        ON CONFLICT (org_id, phone_number_id) DO NOTHING
        """)

    static let moveTurns = Statement(
        """
        UPDATE sender_rotation r SET turn = greatest(r.turn, m.floor) + m.by
        FROM unnest($2::uuid[], $3::text[]::double precision[], $4::text[]::double precision[]) AS m (id, floor, by)
        WHERE r.org_id = $1 AND r.phone_number_id = m.id
        """)

    /// Three troubles in a row, and the number rests for half an hour.
    static let trouble = Statement(
        """
        UPDATE sender_rotation
        SET troubles = CASE WHEN troubles >= 2 THEN 0 ELSE troubles + 1 END,
            rests_until = CASE WHEN troubles >= 2 THEN clock_timestamp() + interval '30 minutes' ELSE rests_until END
        WHERE org_id = $1 AND phone_number_id = $2
        """)

    /// What somebody else has locked recovers with the next message that arrives.
    static let recover = Statement(
        """
        UPDATE sender_rotation SET troubles = 0
        WHERE org_id = $1 AND phone_number_id IN (
          SELECT phone_number_id FROM sender_rotation
          WHERE org_id = $1 AND phone_number_id = ANY ($2::uuid[]) AND troubles > 0 FOR UPDATE SKIP LOCKED)
        """)

    /// `$3` whether rotation is given, and so on: what is not given stays. A rate that is null is that of the kind.
    static let configure = Statement(
        """
        UPDATE phone_numbers
        SET rotation_enabled = coalesce($3::boolean, rotation_enabled),
            rotation_weight = coalesce($4::int, rotation_weight),
            segments_per_second =
              CASE WHEN $5::boolean THEN $6::text::double precision ELSE segments_per_second END
        WHERE org_id = $1 AND id = $2 RETURNING id
        """)
}
