/// Why the server cannot start. Each describes itself in one sentence that says what to do.
package enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process listens there already.
    case portInUse(host: String, port: Int)
    /// Ports below 1024 need a right that the process does not have.
    case portNotPermitted(host: String, port: Int)
    /// The host is no address of this machine, or no name that resolves to one.
    case addressNotAvailable(host: String)
    /// Anything else that the operating system said.
    case cannotListen(host: String, port: Int, reason: String)
    /// A range of trusted proxies that is neither an address nor CIDR.
    case badProxyRange(String)
    /// The server was stopped before it listened.
    case stopped

    package var description: String {
        switch self {
        case .portInUse(let host, let port):
            "Port \(port) is in use on \(host); stop the process that listens there, or choose another port."
        case .portNotPermitted(let host, let port):
            "This process may not listen on port \(port) of \(host); choose a port above 1023."
        case .addressNotAvailable(let host):
            "\(host) is no address of this machine; choose one that is, such as 127.0.0.1 or 0.0.0.0."
        case .cannotListen(let host, let port, let reason):
            "Cannot listen on \(host):\(port): \(reason)."
        case .badProxyRange(let range):
            "\(range) is no trusted proxy; write an address or a CIDR range such as 10.0.0.0/8."
        case .stopped:
            "The server was stopped before it listened."
        }
    }
}
