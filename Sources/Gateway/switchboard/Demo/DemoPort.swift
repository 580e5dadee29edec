import Glibc

/// Which port to listen on, decided before anything starts: the public URL and the webhooks hold it.
enum DemoPort {
    /// Refuses a port that was asked for and that somebody listens on: before anything is made, so that nothing is
    /// half-done.
    static func check(wanted: Int?) throws {
        guard let wanted, wanted != 0, bindable(wanted) == nil else { return }
        throw SettingsError(
            "Port \(wanted) on 127.0.0.1 cannot be listened on (\(String(cString: strerror(errno)))): end what listens "
                + "there, or choose another port.")
    }

    /// - Parameters:
    ///   - wanted: what was asked for, and has been checked.
    ///   - last: that of the last start: taken when it is free, so that bookmarks keep working.
    static func choose(wanted: Int?, last: Int?, sparing other: Int?) throws -> Int {
        if let wanted, wanted != 0 { return wanted }
        if let last, last != 0, last != other, let free = bindable(last) { return free }
        for _ in 0..<16 {
            if let free = bindable(0), free != other { return free }
        }
        throw SettingsError("There is no free port on 127.0.0.1; end something that listens, or give --port.")
    }

    /// The port, or for 0 one that the system picks, if it can be listened on at this moment.
    private static func bindable(_ port: Int) -> Int? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(socket, generic, length) == 0, listen(socket, 1) == 0,
                    getsockname(socket, generic, &length) == 0
                else { return nil }
                return Int(in_port_t(bigEndian: pointer.pointee.sin_port))
            }
        }
    }
}
