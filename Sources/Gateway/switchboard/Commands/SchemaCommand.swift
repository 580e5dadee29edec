import ArgumentParser
import SchemaFiles

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "The API.",
        subcommands: [Print.self, SchemaCheckCommand.self, SchemaExplainCommand.self])

    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the schema with its bindings, as it stands in Schema/.")

        func run() async throws {
            for file in SchemaFiles.all { print(String(decoding: file.bytes, as: UTF8.self)) }
        }
    }
}
