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
        SELECT id, number FROM phone_numbers
        WHERE org_id = $1 AND credential_id = $2 AND number = $3 AND is_active AND sms
        """)

    static let rotation = Statement(
        """
        SELECT id, number FROM phone_numbers
        WHERE org_id = $1 AND credential_id = $2 AND is_active AND sms AND rotation_enabled
        ORDER BY hashtextextended(id::text || $3::uuid::text, 0), id
        LIMIT 1
        """)
}
