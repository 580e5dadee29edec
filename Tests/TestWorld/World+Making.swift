package import Accounts
import Audit
import Contacts
import Credentials
package import Curl
import GraphQL
import JobQueue
import Logging
import Messaging
import Numbers
import OptOuts
import Postgres
package import QueryEngine
import SchemaFiles
package import Server
import Settings
import Sync
import Synchronization
import Templates
import TestSupport
import Twilio
package import Vault

/// What a world is made with.
package struct WorldOptions: Sendable {
    /// Whether workers run from the beginning; else `World.working` runs them when the test is ready.
    package var isWorking = true
    package var transport = TransportConfiguration()
    package var engine = EngineConfiguration()
    package var limits = AccountLimits()
    /// How long the server that is listened to may be silent: long, so that a busy machine is not taken for a dead one
    /// where a test is about something else.
    package var listenerPatience: Duration = .seconds(60)
    /// Whose `X-Forwarded-For` the edge believes.
    package var trustedProxies = TrustedProxies()
    /// Root keys that the vault holds beside the one it begins with, to rotate to.
    package var otherRootKeys: [LocalRootKey] = []
    /// By which connection string the world reaches its database; `nil` for its own.
    package var conninfo: (@Sendable (_ own: String) async throws -> String)?
    /// Negative controls: without the record of attempts, and without looking for what became of them.
    package var forgetsAttempts = false
    package var settlesDoubt = true
    /// How old an attempt may be when its POST begins.
    package var longestWait = MessageSender.longestWait

    package init(
        isWorking: Bool = true, transport: TransportConfiguration = TransportConfiguration(),
        engine: EngineConfiguration = EngineConfiguration(), limits: AccountLimits = AccountLimits(),
        listenerPatience: Duration = .seconds(60),
        trustedProxies: TrustedProxies = TrustedProxies()
    ) {
        self.listenerPatience = listenerPatience
        self.isWorking = isWorking
        self.transport = transport
        self.engine = engine
        self.limits = limits
        self.trustedProxies = trustedProxies
    }
}

/// Makes a world for this one call. Afterwards everything has ended, and nobody is connected to its database.
package func withWorld<R: Sendable>(
    _ options: WorldOptions = WorldOptions(), _ body: @Sendable (World) async throws -> R
) async throws -> R {
    try await Turnstile.worlds.pass {
        try await withMigratedDatabase { data in
            let log = LogLines()
            let carrier = try await TestCarrier(transport: HTTPTransport(options.transport, logger: log.logger()))
            let outcome: Result<R, any Error>
            do {
                outcome = .success(try await live(on: data, carrier, options, log, body))
            } catch {
                outcome = .failure(error)
            }
            await carrier.stop()
            await carrier.transport.shutdown()
            let result = try outcome.get()
            try await checkSIDs(in: data)
            return result
        }
    }
}

/// Each message's SID is its own in `message_sids`, and nothing else is: whatever the test was about.
private func checkSIDs(in data: TestDatabase) async throws {
    struct Disagreement: Error { let sids: String }
    let sids = try await data.psql(
        """
        SELECT string_agg(coalesce(m.twilio_sid, s.twilio_sid), ' ')
        FROM (SELECT org_id, id, twilio_sid FROM messages WHERE twilio_sid IS NOT NULL) m
        FULL JOIN message_sids s ON s.org_id = m.org_id AND s.message_id = m.id AND s.twilio_sid = m.twilio_sid
        WHERE m.id IS NULL OR s.message_id IS NULL
        """)
    guard sids.isEmpty else { throw Disagreement(sids: sids) }
}

private func live<R: Sendable>(
    on data: TestDatabase, _ carrier: TestCarrier, _ options: WorldOptions, _ log: LogLines,
    _ body: @Sendable (World) async throws -> R
) async throws -> R {
    let logger = log.logger()
    let configuration = DatabaseConfiguration(
        conninfo: try await options.conninfo?(data.conninfo) ?? data.conninfo)
    let database = Database(configuration: configuration, logger: logger)
    let listener = NotificationListener(
        configuration: configuration, patience: options.listenerPatience, logger: logger)
    let announcer = Announcer(database: database, logger: logger)
    let foundations = RunningServices([database, announcer, listener], logger: logger)
    return try await foundations.during {
        let vault = KeyVault(provider: LocalRootKey(try RootKey.generate()), also: options.otherRootKeys)
        let auditKey = try await PlatformKeyStore.open(
            purpose: AuditLog.keyPurpose, vault: vault, database: database)
        let audit = AuditLog(key: auditKey)
        let factory = TwilioClientFactory(
            transport: carrier.transport, endpoints: try TwilioEndpoints(base: carrier.url),
            traffic: TwilioTraffic(clock: carrier.clock))
        let credentials = CredentialManager(
            database: database, listener: listener, vault: vault, factory: factory, audit: audit, logger: logger)
        let outbox = TestOutbox()
        var configuration = AccountsConfiguration()
        configuration.passwordStrength = .least
        configuration.delivery = outbox
        configuration.limits = options.limits
        let accounts = try await AccountDesk(
            database: database, listener: listener, announcer: announcer, vault: vault, audit: audit,
            transport: carrier.transport, configuration: configuration, logger: logger)
        let queue = WorkQueue(database: database, announcer: announcer)
        let messages = MessageAnnouncements(queue: queue, announcer: announcer)
        let syncs = SyncAnnouncements(queue: queue, announcer: announcer)
        let links = MediaLinks(
            key: try await PlatformKeyStore.open(purpose: MediaLinks.keyPurpose, vault: vault, database: database))
        let publicURL = Mutex("")
        let schema = try Schema(sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) })
        let engine = try Engine(
            schema: schema, catalog: try BindingCatalog(schema: schema), database: database, listener: listener,
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
                    media: factory.media, links: links, publicURL: { publicURL.withLock { $0 } }),
                SyncCommands.all(announcements: syncs),
            ].reduce(into: [:]) { all, some in all.merge(some) { own, _ in own } },
            resolvers: accounts.resolvers.merging(
                MessagingCommands.resolvers(database: database, credentials: credentials, media: factory.media)
            ) { own, _ in own }, configuration: options.engine, logger: logger)
        let desk = HookDesk(
            credentials: credentials, messages: MessageWebhooks(database: database, announcements: messages))
        var edgeConfiguration = HookDesk.configuration
        edgeConfiguration.trustedProxies = options.trustedProxies
        let server = HTTPServer(
            configuration: edgeConfiguration, executor: engine, access: WorldAccess(finder: accounts.finder),
            webhooks: desk, files: WorldFiles(files: MediaFiles(database: database, links: links)),
            readiness: [], metrics: PrometheusRegistry(), logger: logger)
        let edge = RunningServices(accounts.services + [credentials, engine, server], logger: logger)
        return try await edge.during {
            let hooks = HookURLs(publicURL: "http://127.0.0.1:\(try await server.waitUntilListening())")
            desk.open(under: hooks.publicURL)
            publicURL.withLock { $0 = hooks.publicURL }
            let world = World(
                data: data, database: database, listener: listener, announcer: announcer,
                transport: carrier.transport, vault: vault, factory: factory, engine: engine,
                accounts: accounts, outbox: outbox, credentials: credentials,
                carrier: carrier, desk: desk,
                hooks: hooks, log: log, audit: audit, auditKey: auditKey,
                sender: MessageSender(
                    database: database, credentials: credentials, announcements: messages, hooks: hooks,
                    longestWait: options.longestWait, dangerouslyForgetsAttempts: options.forgetsAttempts),
                settler: DoubtSettler(database: database, credentials: credentials, announcements: messages),
                settlesDoubt: options.settlesDoubt,
                feeder: BulkFeeder(
                    database: database, credentials: credentials, announcements: messages, clock: carrier.clock),
                reconciler: Reconciler(database: database, credentials: credentials, announcements: messages),
                runner: SyncRunner(
                    database: database, credentials: credentials, announcements: syncs, hooks: hooks),
                fetcher: MediaFetcher(database: database, credentials: credentials, announcements: messages),
                finder: MediaFinder(database: database, credentials: credentials, announcements: messages),
                gatherer: InboundGatherer(
                    database: database, credentials: credentials, announcements: messages),
                redactor: Redactor(
                    database: database, credentials: credentials, announcements: messages, audit: audit),
                links: links, queue: queue)
            return options.isWorking ? try await world.working { try await body(world) } : try await body(world)
        }
    }
}
