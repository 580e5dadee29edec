import Testing

/// One demo for all tests of a suite, for those that leave it as usable as it was.
struct SharedDemo: SuiteTrait, TestScoping {
    @TaskLocal private static var running: Demo?

    /// The demo of the suite that the current test is in.
    static var current: Demo {
        get throws {
            guard let running else { throw Unexpected("The suite has no demo") }
            return running
        }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withPlace { place in
            try await withDemo(in: place) { demo in
                try await Self.$running.withValue(demo) { try await function() }
            }
        }
    }
}

extension Trait where Self == SharedDemo {
    static var sharedDemo: Self { SharedDemo() }
}
