package import GraphQL

/// What the engine allows, and how much it remembers.
package struct EngineConfiguration: Sendable {
    /// Limits on documents, checked while parsing and validating.
    package var limits = Limits()
    /// The most that one operation may cost: rows that it could read, page sizes multiplied down the tree, plus one for
    /// each object. Above it, `COST_EXCEEDED`.
    package var costLimit = 25_000
    /// Rows of a connection that is asked for without `first` and `last`.
    package var defaultPageSize = 50
    /// The most that `first` or `last` may be. Above it, `BAD_PAGE_SIZE`; a page is never cut short silently.
    package var maximumPageSize = 1_000
    /// The most that `first` of an export may be (see `EngineRequest.allowsExport`).
    package var maximumExportSize = 1_000_000
    /// How long an export may take, its reader's slowness included.
    package var exportTimeout: Duration = .seconds(300)
    /// Rows that a list without paging counts for in the cost.
    package var assumedListSize = 50
    /// What numbers over rows (`@aggregate`) count for in the cost, however many rows they are over.
    package var aggregateCost = 100
    /// Conditions and filters that the arguments of one field may hold, inside one another too. Above it,
    /// `FILTER_TOO_LARGE`.
    package var filterSize = 100
    /// How long a statement may run (`statement_timeout`), and a resolver or a command's work beside it is not counted.
    package var statementTimeout: Duration = .seconds(15)
    /// Whether `__schema` and `__type` are answered.
    package var allowsIntrospection = true
    /// Whether errors say “Did you mean”.
    package var suggestions = true
    /// Operations remembered, and the bytes of their documents.
    package var cachedOperations = 2_000
    package var cachedDocumentBytes = 16 * 1024 * 1024
    /// Plans remembered for each operation: one for each role, combination of `@skip`/`@include`, and set of optional
    /// arguments that is really asked.
    package var cachedPlansPerOperation = 64
    /// How long changes are kept for subscriptions that come back with their last event id.
    package var changeRetention: Duration = .seconds(24 * 3_600)
    /// How often older ones are cleared away.
    package var changeCleaningInterval: Duration = .seconds(60)
    /// How long a subscription waits for an announcement before it looks by itself.
    package var feedPollInterval: Duration = .seconds(1)

    package init() {}
}
