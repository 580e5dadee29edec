import Accounts
import Audit
import CAllocator
import Contacts
import Credentials
import Curl
import Foundation
import GraphQL
import JobQueue
import Logging
import Messaging
import Numbers
import OptOuts
import Postgres
import QueryEngine
import SchemaFiles
import Server
import ServiceLifecycle
import Settings
import Sync
import Templates
import Twilio
import Vault

/// The live world, wired in one place: what a running Switchboard is made of, from the database up to the edge.
struct Gateway: Sendable {
    let database: Database
    let transport: HTTPTransport
    let accounts: AccountDesk
    let server: HTTPServer<Engine>
    /// In the order in which they start; they stop the other way round, so that the edge closes first and the database
    /// last.
    let services: [any Service]

    /// Checks everything that can be wrong before anything is served: the root key, the database and its migrations, the
    /// schema and its bindings.
    static func assemble(_ settings: Settings, logger: Logger) async throws -> Gateway {
        try ProcessHardening.apply()
        _ = try SecretArena.shared()
        let migrator = try Migrator(migrations: Migrations.all(), logger: logger)
        try await migrator.check(conninfo: settings.database)

        let configuration = DatabaseConfiguration(conninfo: settings.database)
        let database = Database(configuration: configuration, logger: logger)
        let listener = NotificationListener(configuration: configuration, logger: logger)
        let announcer = Announcer(database: database, logger: logger)
        let transport = try Self.transport(settings, logger: logger)
        do {
            let vault = try await RootKeys.open(settings.rootKey, for: database)
            let base = Foundations(
                vault: vault, database: database, listener: listener, announcer: announcer, transport: transport)
            return try await assemble(settings, base, migrator: migrator, logger: logger)
        } catch {
            await database.close()
            await transport.shutdown()
            throw error
        }
    }

    /// What everything else stands on.
    private struct Foundations {
        let vault: KeyVault
        let database: Database
        let listener: NotificationListener
        let announcer: Announcer
        let transport: HTTPTransport
    }

    private static func assemble(
        _ settings: Settings, _ base: Foundations, migrator: Migrator, logger: Logger
    ) async throws -> Gateway {
        if switchboard_keep_freed_memory() == 0 {
            logger.notice("The allocator gives freed memory back at once, which makes large requests slower.")
        }
        let (database, listener, announcer) = (base.database, base.listener, base.announcer)
        let auditKey = try await PlatformKeyStore.open(
            purpose: AuditLog.keyPurpose, vault: base.vault, database: database)
        let audit = AuditLog(key: auditKey)
        let accounts = try await AccountDesk(
            database: database, listener: listener, announcer: announcer, vault: base.vault, audit: audit,
            transport: base.transport, configuration: Self.accounts(settings, transport: base.transport),
            logger: logger)
        let factory = TwilioClientFactory(
            transport: base.transport, endpoints: try Self.endpoints(settings))
        let credentials = CredentialManager(
            database: database, listener: listener, vault: base.vault, factory: factory, audit: audit,
            logger: logger)
        let hooks = HookURLs(publicURL: settings.publicURL)
        let queue = WorkQueue(database: database, announcer: announcer)
        let messages = MessageAnnouncements(queue: queue, announcer: announcer)
        let syncs = SyncAnnouncements(queue: queue, announcer: announcer)

        let links = MediaLinks(
            key: try await PlatformKeyStore.open(
                purpose: MediaLinks.keyPurpose, vault: base.vault, database: database))

        let engine = try await Self.engine(
            settings, database: database, listener: listener,
            commands: [
                accounts.commands,
                CredentialCommands.all(manager: credentials, announcer: announcer),
                SettingsCommands.all(following: [Redaction.follow]),
                ContactCommands.all(moving: [OptOutRegister.move]),
                OptOutCommands.all(audit: audit),
                TemplateCommands.all(),
                NumberCommands.all(),
                MessagingCommands.all(
                    database: database, announcements: messages, credentials: credentials, audit: audit,
                    media: factory.media, links: links, publicURL: { settings.publicURL }),
                SyncCommands.all(announcements: syncs),
            ].reduce(into: [:]) { all, some in all.merge(some) { own, _ in own } },
            resolvers: accounts.resolvers.merging(
                MessagingCommands.resolvers(database: database, credentials: credentials, media: factory.media)
            ) { own, _ in own }, logger: logger)
        let sender = MessageSender(
            database: database, credentials: credentials, announcements: messages, hooks: hooks)
        let settler = DoubtSettler(database: database, credentials: credentials, announcements: messages)
        let reconciler = Reconciler(database: database, credentials: credentials, announcements: messages)
        let runner = SyncRunner(database: database, credentials: credentials, announcements: syncs, hooks: hooks)
        let fetcher = MediaFetcher(database: database, credentials: credentials, announcements: messages)
        let finder = MediaFinder(database: database, credentials: credentials, announcements: messages)
        let gatherer = InboundGatherer(database: database, credentials: credentials, announcements: messages)
        let redactor = Redactor(
            database: database, credentials: credentials, announcements: messages, audit: audit)
        let worker = Worker(
            queue: queue, listener: listener,
            handlers: [
                JobHandler(
                    MessageJobs.send, concurrency: MessageJobs.sendsAtOnce,
                    organizationConcurrency: MessageJobs.sendsAtOnceOfOne, reserved: MessageJobs.sendsReserved,
                    run: sender.handle),
                JobHandler(MessageJobs.settleDoubt, concurrency: 4, run: settler.handle),
                JobHandler(
                    MessageJobs.bulk, concurrency: 4, organizationConcurrency: 2,
                    run: BulkFeeder(database: database, credentials: credentials, announcements: messages).handle),
                JobHandler(MessageJobs.reconcile, concurrency: 4, run: reconciler.handle),
                JobHandler(MessageJobs.redact, concurrency: 2, run: redactor.handle),
                JobHandler(MessageJobs.fetchMedia, concurrency: 4, run: fetcher.handle),
                JobHandler(MessageJobs.listMedia, concurrency: 2, run: finder.handle),
                JobHandler(MessageJobs.gather, concurrency: 2, run: gatherer.handle),
                JobHandler(SyncJobs.run, concurrency: 4, run: runner.handle),
                JobHandler(
                    PreviousTokens.job, concurrency: 2,
                    run: PreviousTokens(database: database, audit: audit).handle),
            ],
            logger: logger)
        var edge = settings.server
        if let trusted = try Self.trustedDocuments(settings, engine: engine) { edge.documents = .trusted(trusted) }
        let server = HTTPServer(
            configuration: edge, executor: engine, access: AccountAccess(finder: accounts.finder),
            webhooks: TwilioHooks(
                gate: WebhookGate(credentials: credentials, publicURL: settings.publicURL),
                messages: MessageWebhooks(database: database, announcements: messages), logger: logger),
            files: MediaFileSource(files: MediaFiles(database: database, links: links)),
            readiness: Self.readiness(settings, database: database, migrator: migrator),
            metrics: Observability.metrics, logger: logger)
        return Gateway(
            database: database, transport: base.transport,
            accounts: accounts, server: server,
            services: [
                TransportService(transport: base.transport), database,
                AuditSealer(database: database, key: auditKey, logger: logger), announcer, listener,
            ] + accounts.services + [
                credentials, engine, ChangeCleaner(database: database, logger: logger), worker, server,
            ])
    }
}
