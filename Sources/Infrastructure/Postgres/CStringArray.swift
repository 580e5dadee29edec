import Glibc

/// Calls `body` with NULL-terminated C copies of `strings`, themselves ended by a NULL.
func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    let copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    let pointers = unsafe copies.map { unsafe UnsafePointer($0) }
    return unsafe pointers.withUnsafeBufferPointer { buffer in
        // Never empty: it ends in a NULL.
        guard let start = buffer.baseAddress else { preconditionFailure("an array without a start") }
        return unsafe body(start)
    }
}
