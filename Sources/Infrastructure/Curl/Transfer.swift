import CCurl
import Synchronization

/// One request on its way, and what has come back so far.
///
/// `@unchecked Sendable`: `request` and `isCancelled` may be used by any thread; everything else belongs to whoever
/// starts it and then, by the inbox of `TransferLoop`, to the transfer thread, which libcurl's callbacks also run on.
final class Transfer: @unchecked Sendable {
    let request: HTTPRequest
    let mayRepeat: Bool
    let isCancelled = Atomic(false)

    /// Set while libcurl works on it.
    var easy: EasyHandle?
    /// Among those under way, while it is.
    var place = 0
    /// Where `easy` is from.
    var pool: ConnectionPools.Pool?
    /// Nobody before the start.
    private var receiver: Receiver?
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var received = 0
    private var evidence = DeliveryEvidence()
    /// Why *we* ended the transfer, when we did: libcurl then only knows that a callback said no.
    private var verdict: (kind: TransportError.Kind, detail: String)?

    init(request: consuming HTTPRequest, mayRepeat: Bool) {
        self.request = request
        self.mayRepeat = mayRepeat
    }

    /// Before anything else can happen to it.
    func tell(_ receiver: Receiver) {
        self.receiver = receiver
    }

    // MARK: What libcurl tells, on the transfer thread

    /// Just before a socket is opened. False stops it: one address that must not be reached is enough, since whoever
    /// answers for a name with a public and a private address means no good.
    func mayConnect(to address: UnsafePointer<curl_sockaddr>) -> Bool {
        guard request.reach == .publicOnly, unsafe !PublicAddress.isPublic(address) else { return true }
        verdict = (.addressNotPublic, "the host has an address that is not public")
        return false
    }

    /// Just before a request is written. False stops it.
    func requestBegins() -> Bool {
        guard verdict == nil else { return false }
        if evidence.requestsBegun >= 1, !mayRepeat {
            if evidence.streamRefused {
                verdict = (.streamRefused, "the server refused the HTTP/2 stream")
            } else {
                verdict = (.secondSendPrevented, "the connection was lost before the answer began")
            }
            return false
        }
        evidence.requestsBegun += 1
        return true
    }

    func streamWasRefused() {
        evidence.streamRefused = true
    }

    /// Whether its handle may serve another transfer. What libcurl remembers after a failure, a refused stream or a
    /// second try is not for us to know, so only the plain case counts.
    func leavesHandleClean(_ result: CURLcode) -> Bool {
        result == CURLE_OK && verdict == nil && evidence.requestsBegun == 1 && !evidence.streamRefused
            && request.reusePool != nil
    }

    func headerLine(_ line: UnsafeRawBufferPointer) -> Bool {
        guard count(line.count) else { return false }
        unsafe head.take(line)
        if head.isFinal, receiver?.isStream == true { receiver?.head(status: head.status, headers: head.headers) }
        return true
    }

    func bodyBytes(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard count(bytes.count) else { return false }
        if let receiver, receiver.isStream {
            guard receiver.chunk(unsafe Array(bytes)) else {
                verdict = (.tooLarge, "the reader of the stream was too slow")
                return false
            }
        } else {
            unsafe body.append(contentsOf: bytes)
        }
        return true
    }

    private func count(_ bytes: Int) -> Bool {
        received += bytes
        guard received > request.responseSizeLimit else { return true }
        verdict = (.tooLarge, "the answer is larger than \(request.responseSizeLimit) bytes")
        return false
    }

    // MARK: The end, exactly once

    func finish(_ result: CURLcode, detail: String) {
        if result == CURLE_OK, verdict == nil, !head.isFinal {
            // libcurl takes an answer that ends within its headers for a whole one.
            fail(.connectionLost, "the answer ended within its headers")
        } else if result == CURLE_OK, verdict == nil {
            receiver?.end(.success(HTTPResponse(status: head.status, headers: head.headers, body: body)))
        } else if let verdict {
            fail(verdict.kind, verdict.detail)
        } else {
            fail(TransportError.Kind(result), detail)
        }
    }

    func fail(_ kind: TransportError.Kind, _ detail: String) {
        receiver?.end(.failure(TransportError(kind: kind, delivery: evidence.delivery, detail: detail)))
    }
}
