import Foundation
import Glibc
import GraphQL
import Subprocess
import TestSupport
import Testing

/// A demo that is ready.
struct Demo: Sendable {
    let place: Place
    let program: RunningProgram
    /// `demo.json`.
    let file: JSONValue

    /// - Parameter arguments: beside the state directory.
    static func start(
        in place: Place, _ arguments: [String] = [], environment: [String: String?] = [:]
    ) async throws -> Demo {
        let program = try await launch(in: place, arguments, environment: environment)
        do {
            return try await ready(program, in: place)
        } catch {
            try await program.end()
            throw error
        }
    }

    /// Starts one and does not wait for it.
    static func launch(
        in place: Place, _ arguments: [String] = [], environment: [String: String?] = [:]
    ) async throws -> RunningProgram {
        // One that a killed demo has left must not be taken for this one's.
        if exists(place.demoFile) {
            try FileManager.default.moveItem(atPath: place.demoFile, toPath: place.root + "/stale-\(UUID())")
        }
        return try await RunningProgram.start(
            try Executable.switchboard.path, ["demo", "--state-dir", place.state] + arguments, folder: place.root,
            environment: environment)
    }

    private static func ready(_ program: RunningProgram, in place: Place) async throws -> Demo {
        try await eventually("the demo is ready") { program.status != nil || exists(place.demoFile) }
        guard let data = FileManager.default.contents(atPath: place.demoFile) else {
            throw Unexpected("The demo ended before it was ready: \(try program.errors)")
        }
        return Demo(place: place, program: program, file: try JSONValue(parsing: Array(data)))
    }

    /// Sends it a signal, waits until it has ended, and everything that it had started, and expects how.
    func stop(
        _ signal: Int32 = SIGTERM, ends expected: TerminationStatus = .exited(0),
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        program.send(signal)
        let status = try await program.ended()
        let errors = try program.errors
        #expect(status == expected, "\(errors)", sourceLocation: sourceLocation)
        try await place.becomesQuiet()
    }

    func psql(_ sql: String) async throws -> String {
        try await Psql.run(sql, conninfo: try text("database"))
    }

    /// A member of `demo.json` that is text.
    func text(_ member: String) throws -> String {
        guard let text = file[member]?.stringValue else { throw Unexpected("demo.json has no \(member)") }
        return text
    }

    var clinics: [Clinic] {
        get throws {
            guard let clinics = file["organizations"]?.arrayValue else {
                throw Unexpected("demo.json has no organizations")
            }
            return try clinics.map(Clinic.init)
        }
    }

    var platformKey: String { file["platform"]?["apiKey"]?.stringValue ?? "" }

    /// The server's scheme, host and port.
    var server: String { get throws { String(try text("graphql").dropLast("/graphql".count)) } }

    struct Clinic: Sendable, Hashable {
        let name: String
        let apiKey: String
        let accountSid: String
        let authToken: String
        let numbers: [String]

        init(_ json: JSONValue) throws {
            func text(_ member: String) throws -> String {
                guard let text = json[member]?.stringValue, !text.isEmpty else {
                    throw Unexpected("A clinic has no \(member)")
                }
                return text
            }
            name = try text("name")
            apiKey = try text("apiKey")
            accountSid = try text("accountSid")
            authToken = try text("authToken")
            numbers = json["numbers"]?.arrayValue?.compactMap(\.stringValue) ?? []
        }
    }
}

/// A demo for this one call, stopped afterwards, whatever the body has done to it.
func withDemo<Result>(
    in place: Place, _ arguments: [String] = [], environment: [String: String?] = [:],
    isolation: isolated (any Actor)? = #isolation, _ body: (Demo) async throws -> Result
) async throws -> Result {
    let demo = try await Demo.start(in: place, arguments, environment: environment)
    do {
        let result = try await body(demo)
        try await demo.program.end()
        return result
    } catch {
        try? await demo.program.end()
        throw error
    }
}
