/// Those who live in the reactor's turn: they call each other without waiting, and nobody else comes between.
@globalActor package actor Turn {
    package static let shared = Turn()

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe Reactor.shared.asUnownedSerialExecutor()
    }

    /// Runs `body` where it is known to be the reactor's turn, as in a call of the reactor. Ends the process if it is not.
    ///
    /// What `assumeIsolated` does, except that the reactor is asked and not the runtime, which takes thirty times as long.
    package static nonisolated func assumed<Result: Sendable>(_ body: @Turn () throws -> Result) rethrows -> Result {
        Reactor.shared.checkIsolated()
        return try withoutActuallyEscaping(body) { body in
            try unsafe unsafeBitCast(body, to: (() throws -> Result).self)()
        }
    }
}
