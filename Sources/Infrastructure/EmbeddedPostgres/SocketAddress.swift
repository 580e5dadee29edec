import Glibc

/// What a folder must be for PostgreSQL's unix socket to be in it.
enum SocketAddress {
    /// The port gives the socket its name, `.s.PGSQL.5432`, and means nothing else here.
    static let port = 5432
    private static let nameLength = "/.s.PGSQL.5432".utf8.count
    /// `sun_path` has 108 bytes, the last of them zero.
    private static let longestPath = 107

    /// Whether every client can be told the folder in a connection string: short enough, and of characters that mean
    /// nothing to libpq, to `postgresql.conf` or to a URL (a comma would make two hosts of it).
    static func canName(_ folder: String) -> Bool {
        folder.utf8.count + nameLength <= longestPath
            && folder.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/._+-".utf8.contains(byte)
                }
            }
    }

    /// Whether the file system has sockets, found out by making one.
    static func works(in folder: String) -> Bool {
        let path = "\(folder)/.s.probe.\(getpid())"
        guard path.utf8.count <= longestPath else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { return false }
        unlink(path)
        return true
    }
}
