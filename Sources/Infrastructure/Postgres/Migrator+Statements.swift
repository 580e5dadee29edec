extension Migrator {
    enum Statements {
        /// Held until the session ends.
        static let tryLock = Statement("SELECT pg_try_advisory_lock($1)")
        static let lockForTransaction = Statement("SELECT pg_advisory_xact_lock($1)")
        static let hasHistory = Statement("SELECT to_regclass('public.schema_migrations') IS NOT NULL")

        /// Extensions may bring tables of their own.
        static let hasNoTables = Statement(
            """
            SELECT NOT EXISTS (
              SELECT FROM pg_class c
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
            """)

        /// `check` works over any role.
        static let createHistory = """
            BEGIN;
            CREATE TABLE public.schema_migrations (
              version int PRIMARY KEY,
              name text NOT NULL,
              checksum text NOT NULL,
              compatible_with int NOT NULL,
              applied_at timestamptz NOT NULL DEFAULT now()
            );
            GRANT SELECT ON public.schema_migrations TO PUBLIC;
            COMMIT
            """

        /// The server computes the SHA-256, so that no code of ours has to.
        static let checksums = Statement(
            """
            SELECT encode(sha256(convert_to(f.sql, 'UTF8')), 'hex')
            FROM unnest($1::text[]) WITH ORDINALITY AS f (sql, position) ORDER BY f.position
            """)

        static let applied = Statement(
            """
            SELECT version, name, checksum, compatible_with, applied_at
            FROM public.schema_migrations ORDER BY version
            """)

        static let insertMigration = Statement(
            """
            INSERT INTO public.schema_migrations (version, name, checksum, compatible_with)
            VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'), $4)
            """)
    }
}
