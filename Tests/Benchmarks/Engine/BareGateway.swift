import CLibPQ
import CSockets
import Glibc
import Sockets
import Synchronization

/// The least that stands between HTTP and PostgreSQL: it reads a request as far as it must to know where it ends, sends one
/// statement that it was given beforehand, and writes its one value behind a head that never changes. It knows no token,
/// no GraphQL, no limit, no timer and no error. What it reaches is what a gateway can reach on this machine at most.
///
/// Two threads, as nice as the server's reactor, each with clients, connections and an `epoll` of its own, in which both wait.
final class BareGateway: Sendable {
    let url: String
    private let stop: Int32
    private let running = Atomic(0)

    /// What its database connections are called.
    static let application = "bare_gateway"
    private static let threads = 2

    /// - Parameters:
    ///   - conninfo: whose statements these are.
    ///   - connections: to the database, shared out among the threads.
    ///   - statements: prepared, with their values; sent in one pipeline. The last one gives the body.
    init(conninfo: String, connections: Int, _ statements: [(sql: String, values: [String])]) throws {
        stop = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var port: in_port_t = 0
        var loops: [Loop] = []
        for _ in 0..<Self.threads {
            let loop = try Loop(
                conninfo: conninfo, connections: max(1, connections / Self.threads), statements, &port, stop)
            loops.append(loop)
        }
        url = "http://127.0.0.1:\(port)"
        for loop in loops { start(loop) }
    }

    /// Waits until the threads have ended.
    func end() async {
        eventfd_write(stop, 1)
        while running.load(ordering: .acquiring) > 0 { try? await Task.sleep(for: .milliseconds(1)) }
        close(stop)
    }

    private func start(_ loop: Loop) {
        running.add(1, ordering: .relaxed)
        let start = Unmanaged.passRetained(Start(loop: loop, gateway: self)).toOpaque()
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let start = Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
                Reactor.goFirst()
                start.loop.run()
                start.gateway.running.subtract(1, ordering: .releasing)
                return nil
            }, start)
        pthread_detach(thread)
    }

    private final class Start {
        let loop: Loop
        let gateway: BareGateway

        init(loop: Loop, gateway: BareGateway) {
            (self.loop, self.gateway) = (loop, gateway)
        }
    }
}

/// One thread's work.
private final class Loop {
    private final class Client {
        let socket: Int32
        var received: [UInt8] = []

        init(_ socket: Int32) { self.socket = socket }
    }

    private final class Connection {
        let handle: OpaquePointer
        var client: Client?

        init(_ handle: OpaquePointer) { self.handle = handle }
    }

    private enum Place {
        case listener
        case stop
        case client(Client)
        case connection(Connection)
    }

    private let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    /// By descriptor.
    private var places: [Place?] = []
    private var idle: [Connection] = []
    private var connections: [Connection] = []
    private var waiting: [Client] = []
    private let values: [[UnsafeMutablePointer<CChar>?]]
    private let listener: Int32
    private var answer: [UInt8] = []

    private static let head = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: application/graphql-response+json; charset=utf-8\r\nContent-Length: ".utf8)
    private static let end = Array("\r\n\r\n".utf8)
    private static let opening = Array(#"{"data":{"messages":"#.utf8)
    private static let lengthName = Array("Content-Length: ".utf8)

    init(
        conninfo: String, connections: Int, _ statements: [(sql: String, values: [String])], _ port: inout in_port_t,
        _ stop: Int32
    ) throws {
        values = statements.map { $0.values.map { strdup($0) } }
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 128) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else { throw Program.Failure(description: "The bare gateway cannot listen: errno \(errno)") }
        port = in_port_t(bigEndian: address.sin_port)
        watch(listener, .listener)
        watch(stop, .stop)
        for _ in 0..<connections {
            guard let handle = PQconnectdb("\(conninfo) application_name=\(BareGateway.application)"),
                PQstatus(handle) == CONNECTION_OK
            else {
                throw Program.Failure(description: "The bare gateway cannot connect.")
            }
            for (index, statement) in statements.enumerated() {
                let result = PQprepare(handle, "s\(index)", statement.sql, 0, nil)
                defer { PQclear(result) }
                guard PQresultStatus(result) == PGRES_COMMAND_OK else {
                    throw Program.Failure(description: String(cString: PQerrorMessage(handle)))
                }
            }
            PQsetnonblocking(handle, 1)
            PQenterPipelineMode(handle)
            let connection = Connection(handle)
            self.connections.append(connection)
            idle.append(connection)
            watch(PQsocket(handle), .connection(connection))
        }
    }

    deinit {
        for place in places {
            if case .client(let client)? = place { close(client.socket) }
        }
        for connection in connections { PQfinish(connection.handle) }
        for value in values.joined() { free(value) }
        close(listener)
        close(epoll)
    }

    private func watch(_ descriptor: Int32, _ place: Place) {
        let index = Int(descriptor)
        while places.count <= index { places.append(nil) }
        places[index] = place
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(fd: descriptor))
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    }

    func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let ready = epoll_wait(epoll, &events, Int32(events.count), -1)
            for index in 0..<max(0, Int(ready)) {
                switch places[Int(events[index].data.fd)] {
                case .listener: accept()
                case .client(let client): read(client)
                case .connection(let connection): read(connection)
                case .stop: return
                case nil: break
                }
            }
        }
    }

    private func accept() {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return }
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        watch(socket, .client(Client(socket)))
    }

    private func read(_ client: Client) {
        let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 8_192) { room in
            let count = Glibc.read(client.socket, room.baseAddress, room.count)
            if count > 0 { client.received.append(contentsOf: room.prefix(count)) }
            return count
        }
        if count == 0 || count < 0 && errno != EAGAIN {
            places[Int(client.socket)] = nil
            close(client.socket)
        } else if isWhole(client.received) {
            client.received.removeAll(keepingCapacity: true)
            if let connection = idle.popLast() { send(for: client, over: connection) } else { waiting.append(client) }
        }
    }

    /// The head has ended, and as much came behind it as it says. It spells the field's name as wrk does.
    private func isWhole(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let headEnd = Self.end(of: Self.end, in: bytes) else { return false }
            guard let start = Self.end(of: Self.lengthName, in: UnsafeRawBufferPointer(rebasing: bytes[..<headEnd]))
            else { return true }
            let digits = bytes[start..<headEnd].prefix { $0 != UInt8(ascii: "\r") }
            return bytes.count >= headEnd + digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
    }

    private static func end(of text: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, bytes.count >= text.count else { return nil }
        for start in 0...(bytes.count - text.count)
        where bytes[start] == text[0] && memcmp(base + start, text, text.count) == 0 {
            return start + text.count
        }
        return nil
    }

    private func send(for client: Client, over connection: Connection) {
        connection.client = client
        for (index, values) in values.enumerated() {
            values.withUnsafeBufferPointer { values in
                values.withMemoryRebound(to: UnsafePointer<CChar>?.self) { values in
                    _ = PQsendQueryPrepared(
                        connection.handle, index == 0 ? "s0" : "s1", Int32(values.count), values.baseAddress, nil, nil,
                        0)
                }
            }
        }
        PQpipelineSync(connection.handle)
        PQflush(connection.handle)
    }

    private func read(_ connection: Connection) {
        PQconsumeInput(connection.handle)
        while connection.client != nil, PQisBusy(connection.handle) == 0 {
            guard let result = PQgetResult(connection.handle) else { continue }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC: connection.client = nil
            case PGRES_TUPLES_OK where PQnfields(result) == 1: write(result, to: connection.client)
            default: break
            }
        }
        guard connection.client == nil else { return }
        if waiting.isEmpty { idle.append(connection) } else { send(for: waiting.removeFirst(), over: connection) }
    }

    private func write(_ result: OpaquePointer, to client: Client?) {
        guard let client, let value = PQgetvalue(result, 0, 0) else { return }
        let length = Int(PQgetlength(result, 0, 0))
        answer.removeAll(keepingCapacity: true)
        answer.append(contentsOf: Self.head)
        answer.append(contentsOf: String(Self.opening.count + length + 2).utf8)
        answer.append(contentsOf: Self.end)
        answer.append(contentsOf: Self.opening)
        value.withMemoryRebound(to: UInt8.self, capacity: length) {
            answer.append(contentsOf: UnsafeBufferPointer(start: $0, count: length))
        }
        answer.append(contentsOf: "}}".utf8)
        // A client that is gone has closed its own.
        if case .client(let one)? = places[Int(client.socket)], one === client {
            _ = Glibc.send(client.socket, answer, answer.count, Int32(MSG_NOSIGNAL))
        }
    }
}
