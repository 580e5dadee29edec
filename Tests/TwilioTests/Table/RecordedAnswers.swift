import Foundation
import Testing
import Twilio

/// One example of Twilio's documents; see `Answers/README.md`.
struct RecordedAnswer: Sendable, Decodable {
    var name = ""
    let status: Int
    let body: OpenJSON

    init(name: String, status: Int, body: OpenJSON) {
        self.name = name
        self.status = status
        self.body = body
    }

    private enum CodingKeys: CodingKey { case status, body }
}

enum RecordedAnswers {
    private static var folder: String {
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Answers"
    }

    static func data(_ file: String) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
    }

    private static func all(of resource: String) throws -> [String: RecordedAnswer] {
        try JSONDecoder().decode([String: RecordedAnswer].self, from: data(resource + ".json"))
    }

    /// Every example of an operation, by name.
    static func of(_ operation: String) throws -> [RecordedAnswer] {
        let parts = operation.split(separator: "/")
        guard FileManager.default.fileExists(atPath: "\(folder)/\(parts[0])/\(parts[1]).json") else { return [] }
        return try all(of: "\(parts[0])/\(parts[1])").filter { $0.key.hasPrefix("\(parts[2]).") }
            .sorted { $0.key < $1.key }.map { .init(name: $0.key, status: $0.value.status, body: $0.value.body) }
    }

    /// `document/Resource/Operation` of all examples.
    static func operations() throws -> Set<String> {
        var found: Set<String> = []
        for document in try FileManager.default.contentsOfDirectory(atPath: folder) where !document.contains(".") {
            for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(document)") {
                let resource = "\(document)/\(file.dropLast(5))"
                for name in try all(of: resource).keys {
                    found.insert("\(resource)/\(name.prefix { $0 != "." })")
                }
            }
        }
        return found
    }
}
