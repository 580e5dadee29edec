import Postgres

/// The SQL of this capability.
enum SettingsQueries {
    static let read = Statement(
        """
        SELECT organization_name, default_country, opt_out_scope, keyword_replies, opt_out_reply, opt_in_reply, help_reply,
               array_to_string(stop_words, E'\\n') AS stop_words, array_to_string(start_words, E'\\n') AS start_words,
               array_to_string(help_words, E'\\n') AS help_words, guidance, front_desk_phone, registration_url, time_zone,
               array_to_string(office_hours, E'\\n') AS office_hours, unknown_sender_reply, opted_out_reply,
               outside_hours_reply, media_reply, retention_days
        FROM settings WHERE org_id = $1
        """)

    static let make = Statement("INSERT INTO organization_settings (org_id) VALUES ($1) ON CONFLICT DO NOTHING")

    /// `$2` is an object of what was given, by the names of the API, already checked.
    static let change = Statement(
        """
        UPDATE organization_settings SET
          default_country = CASE WHEN $2::jsonb ? 'defaultCountry' THEN $2::jsonb ->> 'defaultCountry'
            ELSE default_country END,
          opt_out_scope = CASE WHEN $2 ? 'optOutScope' THEN coalesce($2 ->> 'optOutScope', 'ORGANIZATION')
            ELSE opt_out_scope END,
          keyword_replies = CASE WHEN $2 ? 'keywordReplies' THEN coalesce($2 ->> 'keywordReplies', 'UNLESS_CARRIER')
            ELSE keyword_replies END,
          opt_out_reply = CASE WHEN $2 ? 'optOutReply' THEN $2 ->> 'optOutReply' ELSE opt_out_reply END,
          opt_in_reply = CASE WHEN $2 ? 'optInReply' THEN $2 ->> 'optInReply' ELSE opt_in_reply END,
          help_reply = CASE WHEN $2 ? 'helpReply' THEN $2 ->> 'helpReply' ELSE help_reply END,
          stop_words = CASE WHEN $2 ? 'stopWords'
            THEN ARRAY(SELECT jsonb_array_elements_text(nullif($2 -> 'stopWords', 'null'))) ELSE stop_words END,
          start_words = CASE WHEN $2 ? 'startWords'
            THEN ARRAY(SELECT jsonb_array_elements_text(nullif($2 -> 'startWords', 'null'))) ELSE start_words END,
          help_words = CASE WHEN $2 ? 'helpWords'
            THEN ARRAY(SELECT jsonb_array_elements_text(nullif($2 -> 'helpWords', 'null'))) ELSE help_words END,
          guidance = CASE WHEN $2 ? 'guidance' THEN coalesce(($2 ->> 'guidance')::boolean, false) ELSE guidance END,
          front_desk_phone = CASE WHEN $2 ? 'frontDeskPhone' THEN $2 ->> 'frontDeskPhone' ELSE front_desk_phone END,
          registration_url = CASE WHEN $2 ? 'registrationUrl' THEN $2 ->> 'registrationUrl' ELSE registration_url END,
          time_zone = CASE WHEN $2 ? 'timeZone' THEN $2 ->> 'timeZone' ELSE time_zone END,
          office_hours = CASE WHEN $2 ? 'officeHours'
            THEN ARRAY(SELECT jsonb_array_elements_text(nullif($2 -> 'officeHours', 'null'))) ELSE office_hours END,
          unknown_sender_reply = CASE WHEN $2 ? 'unknownSenderReply' THEN $2 ->> 'unknownSenderReply'
            ELSE unknown_sender_reply END,
          opted_out_reply = CASE WHEN $2 ? 'optedOutReply' THEN $2 ->> 'optedOutReply' ELSE opted_out_reply END,
          outside_hours_reply = CASE WHEN $2 ? 'outsideHoursReply' THEN $2 ->> 'outsideHoursReply'
            ELSE outside_hours_reply END,
          media_reply = CASE WHEN $2 ? 'mediaReply' THEN $2 ->> 'mediaReply' ELSE media_reply END,
          quiet_from = CASE WHEN $2 ? 'quietHours' THEN $2 #>> '{quietHours,from}' ELSE quiet_from END,
          quiet_until = CASE WHEN $2 ? 'quietHours' THEN $2 #>> '{quietHours,until}' ELSE quiet_until END,
          look_ups = CASE WHEN $2 ? 'lookUps' THEN coalesce(($2 ->> 'lookUps')::boolean, false) ELSE look_ups END,
          retention_days = CASE WHEN $2 ? 'retentionDays' THEN ($2 ->> 'retentionDays')::int ELSE retention_days END,
          unknown_policy = CASE WHEN $2 ? 'unknownPolicy' THEN $2 ->> 'unknownPolicy' ELSE unknown_policy END
        WHERE org_id = $1
        """)
}
