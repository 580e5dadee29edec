/// A whole answer. Redirects are not followed: a 3xx comes as it is.
package struct HTTPResponse: Sendable, Equatable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]

    package init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// An answer whose body is read while it comes. Dropping `chunks`, or cancelling the task that reads them, ends the
/// transfer. A reader that lets more than 4,096 chunks wait gets `tooLarge`.
package struct HTTPStream: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    /// Ends with a `TransportError` when the transfer does.
    package let chunks: AsyncThrowingStream<[UInt8], any Error>
}
