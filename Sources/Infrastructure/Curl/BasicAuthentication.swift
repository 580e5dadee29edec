/// HTTP Basic credentials (RFC 7617) whose password stays in locked memory until libcurl asks for it.
///
/// The closure lends the password's bytes for the length of one call. Best effort ends there: libcurl copies the
/// string into ordinary memory of its own, builds the `Authorization` line from it, and frees both without zeroing. A
/// copy may stay in a connection or handle that is kept for the same `reusePool`, no longer than that pool
/// (`ConnectionPools`); `EasyHandle.forget` takes away the setting, so it is never sent for another request.
@safe package struct BasicAuthentication: Sendable {
    package typealias PasswordLoan = @Sendable ((UnsafeRawBufferPointer) -> Void) -> Void

    package let username: String
    let withPassword: PasswordLoan

    /// `username` must not hold a colon (RFC 7617, 2), nor the password a NUL: such a request is refused as invalid.
    package init(username: String, withPassword: @escaping PasswordLoan) {
        self.username = username
        unsafe self.withPassword = withPassword
    }
}
