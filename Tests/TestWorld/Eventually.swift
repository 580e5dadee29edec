/// Whether something becomes so within ten seconds. It is looked at anew every few milliseconds.
///
/// Within one closure, ask always or never inside of `#expect`: where the first closure is a macro's argument and the
/// second is not, Swift 6.3 compiles the first one in place of the second (when their types are the same), and the test
/// then looks at something else than it says.
package func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return try await condition()
}
