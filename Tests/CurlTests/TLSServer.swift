import Foundation

/// One `openssl s_server` for `localhost`, in a folder of its own that is removed afterwards.
enum TLSServer {
    private static let openssl = URL(filePath: "/usr/bin/openssl")

    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: openssl.path) }

    struct DidNotStart: Error {}

    /// `body` gets the server's URL and the path of its certificate.
    static func run(_ body: (String, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key.pem").path
        let certificate = folder.appending(path: "certificate.pem").path
        let making = try start([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
        making.process.waitUntilExit()
        let server = try start(["s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key])
        defer {
            // Not SIGTERM: a process started from one of Swift's own threads inherits that it is blocked.
            kill(server.process.processIdentifier, SIGKILL)
            server.process.waitUntilExit()
        }
        try await body("https://localhost:\(try port(server.output))/", certificate)
    }

    private static func start(_ arguments: [String]) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        let output = Pipe()
        process.executableURL = openssl
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }

    /// The server says `ACCEPT 127.0.0.1:port` once it listens.
    private static func port(_ output: FileHandle) throws -> Int {
        var text = ""
        while let more = try output.read(upToCount: 1), !more.isEmpty {
            text += String(decoding: more, as: UTF8.self)
            if text.hasSuffix("\n"), let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT ") }),
                let port = line.split(separator: ":").last.flatMap({ Int($0) })
            {
                return port
            }
        }
        throw DidNotStart()
    }
}
