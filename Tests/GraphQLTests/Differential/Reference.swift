import Foundation
import GraphQL
import TestSupport

/// graphql-core, asked once for a whole corpus.
enum Reference {
    struct Answer: Sendable {
        let verdict: Verdict
        /// Whether it reads the same in what our printer wrote; nil where nothing was printed.
        let readsTheSame: Bool?
        let messages: [String]
    }

    /// Answers in the order of the documents.
    static func answers(_ corpus: Corpus, printed: [String?]) async throws -> [Answer] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("switchboard-corpus-\(UUID()).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        var bytes: [UInt8] = []
        for subject in corpus.subjects {
            line(["schema": .string(subject.name), "text": .string(subject.text)], &bytes)
        }
        for (item, printed) in zip(corpus.cases, printed) {
            line(
                [
                    "id": .int(Int64(item.id)), "text": .string(item.text),
                    "schema": item.subject.map { .string($0.name) } ?? .null,
                    "printed": printed.map { .string($0) } ?? .null,
                ], &bytes)
        }
        try Data(bytes).write(to: file)
        let output = try await Python.run("Tests/GraphQLTests/Differential/reference.py", [file.path])
        return try output.split(separator: "\n").map { try answer(JSONValue(parsing: Array($0.utf8))) }
    }

    private static func line(_ value: JSONValue, _ bytes: inout [UInt8]) {
        value.write(to: &bytes)
        bytes.append(0x0A)
    }

    private static func answer(_ json: JSONValue) throws -> Answer {
        var verdict = Verdict()
        if let place = json["syntax"]?.arrayValue?.compactMap(\.intValue), place.count == 2 {
            verdict.syntaxError = Verdict.Place(line: Int(place[0]), column: Int(place[1]))
        }
        func texts(_ member: String) -> [String] { (json[member]?.arrayValue ?? []).compactMap(\.stringValue) }
        verdict.rules = Set(texts("rules"))
        return Answer(verdict: verdict, readsTheSame: json["same"]?.boolValue, messages: texts("messages"))
    }
}
