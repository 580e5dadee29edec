import Testing

/// The real binary, as a user runs it. One suite after the other, since each demo is a PostgreSQL of its own.
@Suite("The binary", .serialized)
enum EndToEnd {
    /// What leaves a demo as usable as it was shares one.
    @Suite("A running demo", .serialized, .sharedDemo)
    enum Running {}
}
