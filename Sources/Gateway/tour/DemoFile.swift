import Foundation

/// `demo.json`, as a running demo writes it.
struct DemoFile: Decodable, Sendable {
    struct Organization: Decodable, Sendable {
        let name: String
        let slug: String
        let id: String
        let apiKey: String
        let accountSid: String
        let authToken: String
        let numbers: [String]
    }

    struct Platform: Decodable, Sendable {
        let apiKey: String
    }

    let graphql: String
    let sandbox: String
    let sandboxControl: String
    let platform: Platform
    let organizations: [Organization]

    static func read(stateDirectory: String) throws -> DemoFile {
        let path = stateDirectory + "/demo.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw NoDemo(path: path)
        }
        return try JSONDecoder().decode(DemoFile.self, from: data)
    }
}

struct NoDemo: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "There is no \(path): no demo is running there. Start one with `make demo` in another terminal and wait until it "
            + "says that it is ready; a demo with another --state-dir is toured with --state-dir."
    }
}
