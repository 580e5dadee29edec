import Postgres

/// The SQL of this capability.
enum SettingsQueries {
    static let read = Statement("SELECT default_country FROM settings WHERE org_id = $1")

    static let make = Statement("INSERT INTO organization_settings (org_id) VALUES ($1) ON CONFLICT DO NOTHING")

    /// `$2` is an object of what was given, by the names of the API, already checked.
    static let change = Statement(
        """
        UPDATE organization_settings SET
          default_country = CASE WHEN $2::jsonb ? 'defaultCountry' THEN $2::jsonb ->> 'defaultCountry'
            ELSE default_country END
        WHERE org_id = $1
        """)
}
