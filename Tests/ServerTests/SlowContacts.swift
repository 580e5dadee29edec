/// Makes statements over contacts slow, by a policy that sleeps at each row.
enum SlowContacts {
    /// Puts one contact in for each organization, and makes the reading of it take a minute.
    static let on = """
        INSERT INTO contacts (org_id, phone, name) SELECT id, '+15005550006', 'Slow' FROM organizations;
        CREATE POLICY slow ON contacts AS RESTRICTIVE FOR SELECT TO switchboard_tenant
            USING (pg_sleep(60) IS NOT NULL);
        """
    static let off = "DROP POLICY slow ON contacts"

    /// Makes the writing of a contact take a second.
    static let slowWriting = """
        CREATE POLICY slow ON contacts AS RESTRICTIVE FOR INSERT TO switchboard_tenant
            WITH CHECK (pg_sleep(1) IS NOT NULL)
        """

    /// How many of the tenants' statements sleep at this moment.
    static let sleeping = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'switchboard_tenant' AND wait_event = 'PgSleep'
        """
}
