package import Logging

/// HTTP over libcurl's multi interface, on one thread of its own.
///
/// A request that must not be repeated goes out at most once (see `Transfer.requestBegins`), redirects are not
/// followed, certificates are verified, and an error says whether the request may have been sent. Cancelling the
/// calling task ends the transfer, and the call then returns with what is known about its delivery.
package final class HTTPTransport: Sendable {
    private let loop: TransferLoop
    private let configuration: TransportConfiguration
    private let logger: Logger

    /// Throws `unavailable` when libcurl cannot be initialized.
    package init(
        _ configuration: TransportConfiguration = TransportConfiguration(),
        logger: Logger = Logger(label: "switchboard.http")
    ) throws(TransportError) {
        loop = try TransferLoop(configuration: configuration)
        self.configuration = configuration
        self.logger = logger
        loop.startThread()
    }

    deinit {
        loop.stop()
    }

    /// The whole answer, whatever its status.
    package func send(_ request: consuming HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try request.check()
        let transfer = transfer(request)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { loop.start(transfer, for: Receiver(whole: $0)) }
        } onCancel: {
            loop.abort(transfer)
        }
        if case .failure(let error) = outcome { log(error, transfer.request) }
        return try outcome.get()
    }

    /// Returns when the answer's headers have come; its body follows in `chunks`, as long as the transport is held.
    package func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        try request.check()
        let transfer = transfer(request)
        let (chunks, feed) = Receiver.Chunks.makeStream(bufferingPolicy: .bufferingOldest(Receiver.waitingChunks))
        feed.onTermination = { [loop] _ in loop.abort(transfer) }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation {
                loop.start(transfer, for: Receiver(head: $0, chunks: chunks, feed: feed))
            }
        } onCancel: {
            loop.abort(transfer)
        }
        if case .failure(let error) = outcome { log(error, request) }
        return try outcome.get()
    }

    /// Ends every transfer with `shutDown` and returns when the thread has let go of libcurl.
    package func shutdown() async {
        await loop.stopAndWait()
    }

    private func transfer(_ request: consuming HTTPRequest) -> Transfer {
        let mayRepeat = request.method.isIdempotent || configuration.dangerouslyLetsRequestsRepeat
        return Transfer(request: request, mayRepeat: mayRepeat)
    }

    private func log(_ error: TransportError, _ request: HTTPRequest) {
        logger.debug(
            "HTTP transfer failed",
            metadata: [
                "method": "\(request.method.rawValue)", "kind": "\(error.kind.rawValue)",
                "delivery": "\(error.delivery.rawValue)", "detail": "\(error.detail)",
            ])
    }
}
