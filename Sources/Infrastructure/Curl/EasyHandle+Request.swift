import CCurl
import Glibc

extension EasyHandle {
    /// What many requests have in common, and what therefore need not be set for each of them.
    struct Settings: Equatable {
        let method: HTTPRequest.Method
        /// They stay in a handle that rests, for the next request of its pool that has the same: no place for a secret.
        let headers: HTTPHeaders
        let hasBody: Bool
        let hasCredentials: Bool
        let reach: HTTPRequest.Reach
        let connectTimeout: Duration
        let totalTimeout: Duration?
        let heedsRefusedStreams: Bool

        fileprivate init(_ request: HTTPRequest, _ configuration: TransportConfiguration) {
            method = request.method
            headers = request.headers
            hasBody = request.method == .post || request.body != nil
            hasCredentials = request.basicAuthentication != nil
            reach = request.reach
            connectTimeout = request.connectTimeout
            totalTimeout = request.totalTimeout
            heedsRefusedStreams = request.mayUseStreams(configuration.httpVersion)
        }
    }

    /// Everything that a transfer's handle is told.
    /// - Parameter configuration: the same for all requests of a handle.
    func prepare(for transfer: Transfer, _ configuration: TransportConfiguration) {
        let request = transfer.request
        let settings = Settings(request, configuration)
        settle(settings) {
            limit(request, configuration)
            trust(configuration)
            speak(configuration.httpVersion)
            choose(request.method)
            write(request.headers)
            if settings.hasCredentials { set(CURLOPT_HTTPAUTH, Int(switchboard_auth_basic)) }
            watchSockets()
            listen(heedsRefusedStreams: settings.heedsRefusedStreams)
        }
        set(CURLOPT_URL, request.url)
        if let body = request.body ?? (request.method == .post ? [] : nil) { setBody(body) }
        if let credentials = request.basicAuthentication { setCredentials(credentials) }
        serve(transfer)
    }

    /// Nothing that the environment, a server or a default could add: no proxy, no redirect, no other protocol.
    private func limit(_ request: HTTPRequest, _ configuration: TransportConfiguration) {
        set(CURLOPT_NOSIGNAL, true)
        // Without this, ending a transfer would wait for a name look-up still under way.
        set(CURLOPT_QUICK_EXIT, true)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, false)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOPROXY, "*")
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout)
        if let total = request.totalTimeout { set(CURLOPT_TIMEOUT_MS, total) }
        set(CURLOPT_MAXAGE_CONN, max(1, Int(configuration.longestIdle.components.seconds)))
        set(CURLOPT_TCP_NODELAY, true)
    }

    private func trust(_ configuration: TransportConfiguration) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.certificateAuthorities { set(CURLOPT_CAINFO, file) }
    }

    private func speak(_ version: TransportConfiguration.HTTPVersion) {
        let choice =
            switch version {
            case .negotiated: CURL_HTTP_VERSION_2TLS
            case .http1: CURL_HTTP_VERSION_1_1
            case .http2PriorKnowledge: CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            }
        set(CURLOPT_HTTP_VERSION, Int(choice))
        set(CURLOPT_FORBID_REUSE, version == .http2PriorKnowledge)
    }

    private func choose(_ method: HTTPRequest.Method) {
        switch method {
        case .get: set(CURLOPT_HTTPGET, true)
        case .head: set(CURLOPT_NOBODY, true)
        case .post: set(CURLOPT_POST, true)
        case .put, .patch, .delete: set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    private func write(_ headers: HTTPHeaders) {
        // "Name;" is how libcurl is told of an empty value; "Name:" takes a header of its own away.
        var lines = headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // With `Expect: 100-continue`, libcurl would wait, and send again by itself after a 417.
        lines.append("Expect:")
        if headers["Content-Type"] == nil { lines.append("Content-Type:") }
        setHeaders(lines)
    }

    /// libcurl hands over each address that it is about to connect to, after it has resolved the name. `SocketWatch` must
    /// hear of every opening and closing.
    private func watchSockets() {
        unsafe onOpenSocket { context, _, address in
            guard let easy = unsafe EasyHandle.from(context), let transfer = easy.transfer,
                let address = unsafe address, unsafe transfer.mayConnect(to: UnsafePointer(address))
            else {
                return switchboard_no_socket
            }
            return unsafe easy.sockets.open(
                address.pointee.family, address.pointee.socktype, address.pointee.protocol)
        }
        unsafe onCloseSocket { context, socket in
            guard let context = unsafe context else { return Glibc.close(socket) }
            return unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue().close(socket)
        }
    }

    private func listen(heedsRefusedStreams: Bool) {
        unsafe onHeader { bytes, size, count, context in
            let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            return unsafe EasyHandle.from(context)?.transfer?.headerLine(line) == true ? size * count : 0
        }
        unsafe onBody { bytes, size, count, context in
            let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            return unsafe EasyHandle.from(context)?.transfer?.bodyBytes(bytes) == true ? size * count : 0
        }
        unsafe onPrereq { context, _, _, _, _ in
            unsafe EasyHandle.from(context)?.transfer?.requestBegins() == true
                ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        guard heedsRefusedStreams else { return }
        // Only libcurl's own trace tells a refused HTTP/2 stream from a lost connection. Headers and data, which the
        // trace also shows, are not looked at.
        set(CURLOPT_VERBOSE, true)
        unsafe onDebug { _, type, bytes, size, context in
            if type == CURLINFO_TEXT, unsafe Transfer.saysStreamRefused(.init(start: bytes, count: size)) {
                unsafe EasyHandle.from(context)?.transfer?.streamWasRefused()
            }
            return 0
        }
    }
}

extension HTTPRequest {
    /// Whether HTTP/2 may be spoken: in the clear it is not negotiated.
    fileprivate func mayUseStreams(_ version: TransportConfiguration.HTTPVersion) -> Bool {
        switch version {
        // An `s` at its place: `check` has seen that the scheme is one of the two.
        case .negotiated: url.utf8.dropFirst(4).first.map { $0 | 0x20 == UInt8(ascii: "s") } ?? false
        case .http1: false
        case .http2PriorKnowledge: true
        }
    }
}

extension Transfer {
    /// The whole line that libcurl traces in `Curl_retry_request` (lib/transfer.c), and nothing that merely holds it.
    fileprivate static func saysStreamRefused(_ line: UnsafeRawBufferPointer) -> Bool {
        unsafe line.elementsEqual("REFUSED_STREAM, retrying a fresh connect\n".utf8)
    }
}
