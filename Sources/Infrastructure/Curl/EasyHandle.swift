import CCurl

/// One libcurl easy handle with what it points to: its header list and error text. It serves one transfer at a time,
/// and another of the same `ConnectionPools.Pool` only after `forget`; see `Transfer.leavesHandleClean` for when that
/// may be. Made, used and freed on the transfer thread only.
@safe final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// Where the sockets of its connections are opened and closed.
    let sockets: SocketWatch
    /// What it works on, and what libcurl's callbacks are about; nil between two transfers.
    private(set) var transfer: Transfer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private static let errorTextSize = Int(CURL_ERROR_SIZE)

    /// The first setting that libcurl refused, if any.
    private(set) var refusal: CURLcode = CURLE_OK

    init?(sockets: SocketWatch) {
        guard let easy = unsafe curl_easy_init() else { return nil }
        unsafe pointer = easy
        self.sockets = sockets
        unsafe errorText = .allocate(capacity: Self.errorTextSize)
        unsafe errorText.initialize(repeating: 0, count: Self.errorTextSize)
    }

    /// What its options are set for, apart from what each request brings of its own.
    private var settings: Settings?

    /// Sets the options by `set`, unless they are set so already from the request before.
    func settle(_ wanted: Settings, by set: () -> Void) {
        guard settings != wanted else { return }
        if settings != nil {
            unsafe curl_easy_reset(pointer)
            unsafe curl_slist_free_all(headerList)
            unsafe headerList = nil
        }
        settings = wanted
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText))
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_PRIVATE, context))
        set()
    }

    func serve(_ transfer: Transfer) {
        self.transfer = transfer
    }

    /// Takes back what a request brought of its own, so that nothing of it (URL, body, credentials, itself) is left for
    /// the next one, but for its settings. libcurl keeps the share and its caches. Not while a multi handle has it.
    func forget() {
        transfer = nil
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_URL, nil))
        // For libcurl a body, also none, makes a POST of what was a GET.
        if settings?.hasBody == true { unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, nil)) }
        if settings?.hasCredentials == true {
            unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_USERNAME, nil))
            unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_PASSWORD, nil))
        }
        unsafe errorText[0] = 0
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }

    private func note(_ code: CURLcode) {
        if refusal == CURLE_OK { refusal = code }
    }

    func set(_ option: CURLoption, _ value: Int) {
        unsafe note(switchboard_easy_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) {
        set(option, value ? 1 : 0)
    }

    func set(_ option: CURLoption, _ value: String) {
        unsafe note(switchboard_easy_set_string(pointer, option, value))
    }

    /// Milliseconds, at least one: zero would mean "no limit" or "the default" to libcurl.
    func set(_ option: CURLoption, _ value: Duration) {
        let (seconds, attoseconds) = value.components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let whole = overflow ? Int64(Int32.max) : milliseconds + attoseconds / 1_000_000_000_000_000
        set(option, Int(min(max(whole, 1), Int64(Int32.max))))
    }

    func setShare(_ share: UnsafeMutableRawPointer) {
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_SHARE, share))
    }

    /// The size goes first: libcurl copies that many bytes.
    func setBody(_ body: [UInt8]) {
        unsafe note(switchboard_easy_set_off(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        unsafe body.withUnsafeBytes { bytes in
            var nothing: UInt8 = 0
            unsafe withUnsafeMutableBytes(of: &nothing) { empty in
                let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(empty.baseAddress)
                unsafe note(
                    switchboard_easy_set_pointer(
                        pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start)))
            }
        }
    }

    func setHeaders(_ lines: [String]) {
        for line in lines {
            guard let longer = unsafe curl_slist_append(headerList, line) else { return note(CURLE_OUT_OF_MEMORY) }
            unsafe headerList = longer
        }
        unsafe note(switchboard_easy_set_list(pointer, CURLOPT_HTTPHEADER, headerList))
    }

    /// Lends the password to libcurl, which copies it, from a copy with the closing NUL that is zeroed at once.
    func setCredentials(_ credentials: BasicAuthentication) {
        set(CURLOPT_USERNAME, credentials.username)
        var lent = false
        unsafe credentials.withPassword { password in
            lent = true
            guard unsafe !password.contains(0) else { return note(CURLE_BAD_FUNCTION_ARGUMENT) }
            let size = password.count + 1
            unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { copy in
                unsafe copy.copyMemory(from: password)
                unsafe copy[size - 1] = 0
                unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_PASSWORD, copy.baseAddress))
                unsafe switchboard_zero(copy.baseAddress, size)
            }
        }
        if !lent { note(CURLE_BAD_FUNCTION_ARGUMENT) }
    }

    // MARK: Callbacks

    /// What a callback's context is: this handle, unretained, since libcurl calls back only while it has it.
    private var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    /// The handle that a callback is about, by the context that libcurl hands back.
    static func from(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
        unsafe context.map { unsafe Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The handle that libcurl means by its pointer, which must be one of ours.
    static func from(pointer: UnsafeMutableRawPointer) -> EasyHandle? {
        unsafe from(switchboard_easy_context(pointer))
    }

    func onHeader(_ callback: switchboard_data_callback) {
        unsafe note(switchboard_easy_on_data(pointer, CURLOPT_HEADERFUNCTION, callback))
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_HEADERDATA, context))
    }

    func onBody(_ callback: switchboard_data_callback) {
        unsafe note(switchboard_easy_on_data(pointer, CURLOPT_WRITEFUNCTION, callback))
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_WRITEDATA, context))
    }

    func onPrereq(_ callback: switchboard_prereq_callback) {
        unsafe note(switchboard_easy_on_prereq(pointer, callback))
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_PREREQDATA, context))
    }

    func onOpenSocket(_ callback: switchboard_open_socket_callback) {
        unsafe note(switchboard_easy_on_open_socket(pointer, callback))
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_OPENSOCKETDATA, context))
    }

    /// The callback's context is `sockets`: a connection outlives the handle that opened it.
    func onCloseSocket(_ callback: switchboard_close_socket_callback) {
        unsafe note(switchboard_easy_on_close_socket(pointer, callback))
        let watch = unsafe Unmanaged.passUnretained(sockets).toOpaque()
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_CLOSESOCKETDATA, watch))
    }

    func onDebug(_ callback: switchboard_debug_callback) {
        unsafe note(switchboard_easy_on_debug(pointer, callback))
        unsafe note(switchboard_easy_set_pointer(pointer, CURLOPT_DEBUGDATA, context))
    }

    /// libcurl's words for what happened; its general ones when it left no particular ones.
    func explanation(of code: CURLcode) -> String {
        let particular = unsafe String(cString: errorText)
        if !particular.isEmpty { return particular }
        return unsafe String(cString: curl_easy_strerror(code))
    }
}
