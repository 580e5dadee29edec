/// One ``Secret`` that several tasks hold at once, as the holders of a lease do. The bytes are overwritten when
/// the last holder lets go.
package final class SharedSecret: Sendable, CustomReflectable {
    private let secret: Secret

    package init(_ secret: consuming Secret) {
        self.secret = secret
    }

    /// Length in bytes.
    package var count: Int { secret.count }

    /// Lends the bytes for the duration of `body`, which must not let the pointer out.
    package func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try secret.withBytes(body)
    }

    /// Lends the secret itself, for what takes one.
    package func withSecret<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Secret) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(secret)
    }

    /// Empty, so that `dump` and debuggers' summaries find nothing to walk into.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
