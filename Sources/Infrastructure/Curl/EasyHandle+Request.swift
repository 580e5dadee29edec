import CCurl
import Glibc

extension EasyHandle {
    /// What many requests have in common, and what therefore need not be set for each of them.
    struct Settings: Equatable {
        let method: HTTPRequest.Method
        let hasBody: Bool
        let hasCredentials: Bool
        let reach: HTTPRequest.Reach
        let connectTimeout: Duration
        let totalTimeout: Duration?
        let heedsRefusedStreams: Bool

        fileprivate init(_ request: HTTPRequest, _ configuration: TransportConfiguration) {
            method = request.method
            hasBody = request.method == .post || request.body != nil
            hasCredentials = request.basicAuthentication != nil
            reach = request.reach
            connectTimeout = request.connectTimeout
            totalTimeout = request.totalTimeout
            heedsRefusedStreams = request.mayUseStreams(configuration.httpVersion)
        }
    }

    /// Everything that a transfer's handle is told. `context` is the transfer, unretained: the thread holds it.
    /// - Parameter configuration: the same for all requests of a handle.
    func prepare(_ request: HTTPRequest, _ configuration: TransportConfiguration, context: UnsafeMutableRawPointer) {
        let settings = Settings(request, configuration)
        settle(settings) {
            limit(request, configuration)
            trust(configuration)
            speak(configuration.httpVersion)
            choose(request.method)
            if settings.hasCredentials { set(CURLOPT_HTTPAUTH, Int(switchboard_auth_basic)) }
            if settings.reach == .publicOnly { watchAddresses() }
            listen(heedsRefusedStreams: settings.heedsRefusedStreams)
        }
        set(CURLOPT_URL, request.url)
        write(request)
        if let credentials = request.basicAuthentication { setCredentials(credentials) }
        unsafe setContext(context)
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

    private func write(_ request: HTTPRequest) {
        if let body = request.body ?? (request.method == .post ? [] : nil) { setBody(body) }
        // "Name;" is how libcurl is told of an empty value; "Name:" takes a header of its own away.
        var lines = request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // With `Expect: 100-continue`, libcurl would wait, and send again by itself after a 417.
        lines.append("Expect:")
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        setHeaders(lines)
    }

    /// libcurl hands over each address that it is about to connect to, after it has resolved the name.
    private func watchAddresses() {
        unsafe onOpenSocket { context, _, address in
            guard let address = unsafe address, unsafe Transfer.at(context).mayConnect(to: UnsafePointer(address))
            else {
                return switchboard_no_socket
            }
            return unsafe socket(
                address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
                address.pointee.protocol)
        }
    }

    private func listen(heedsRefusedStreams: Bool) {
        unsafe onData(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe Transfer.at(context).headerLine(.init(start: bytes, count: size * count)) ? size * count : 0
        }
        unsafe onData(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe Transfer.at(context).bodyBytes(.init(start: bytes, count: size * count)) ? size * count : 0
        }
        unsafe onPrereq { context, _, _, _, _ in
            unsafe Transfer.at(context).requestBegins() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        guard heedsRefusedStreams else { return }
        // Only libcurl's own trace tells a refused HTTP/2 stream from a lost connection. Headers and data, which the
        // trace also shows, are not looked at.
        set(CURLOPT_VERBOSE, true)
        unsafe onDebug { _, type, bytes, size, context in
            if type == CURLINFO_TEXT, unsafe Transfer.saysStreamRefused(.init(start: bytes, count: size)) {
                unsafe Transfer.at(context).streamWasRefused()
            }
            return 0
        }
    }
}

extension HTTPRequest {
    /// Whether HTTP/2 may be spoken: in the clear it is not negotiated.
    fileprivate func mayUseStreams(_ version: TransportConfiguration.HTTPVersion) -> Bool {
        switch version {
        case .negotiated: url.prefix(6).lowercased() == "https:"
        case .http1: false
        case .http2PriorKnowledge: true
        }
    }
}

extension Transfer {
    fileprivate static func at(_ context: UnsafeMutableRawPointer?) -> Transfer {
        // libcurl hands back the pointer that `prepare` gave it.
        guard let context = unsafe context else { preconditionFailure("libcurl lost its context") }
        return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// The whole line that libcurl traces in `Curl_retry_request` (lib/transfer.c), and nothing that merely holds it.
    fileprivate static func saysStreamRefused(_ line: UnsafeRawBufferPointer) -> Bool {
        unsafe line.elementsEqual("REFUSED_STREAM, retrying a fresh connect\n".utf8)
    }
}
