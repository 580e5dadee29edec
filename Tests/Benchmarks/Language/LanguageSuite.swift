import CAllocator
import GraphQL
import OrderedCollections
import SchemaFiles

/// Parsing and validating against our own schema, beside the reference implementations.
///
/// All are given the same text, schema and time, are measured by the CPU time that they use, and keep what they have
/// built alive for a moment, as a server would.
struct LanguageSuite: BenchmarkSuite {
    static let name = "language"

    private static let query = PackageResources.Inbox_graphql

    func run(_ turns: Turns, _ figures: inout Figures) async throws {
        // As the server does when it starts.
        guard switchboard_keep_freed_memory() != 0 else { throw AllocatorRefused() }
        let schema = try Schema(sources: SchemaFiles.all.map { Source(bytes: $0.bytes, name: $0.name) })
        try await compare(schema, turns, &figures)
        try await growth(schema, turns, &figures)
        figures.add(
            "language.allocations.parse", Double(try allocations { use(try parse(Self.query)) }), "for the 60 lines")
        figures.add(
            "language.allocations.validate",
            Double(try allocations { try check(Self.query, schema, ValidationOptions()) }),
            "for the 60 lines, parsing included")
    }

    private struct AllocatorRefused: Error, CustomStringConvertible {
        let description = "The allocator does not keep freed memory, as it does for the server."
    }

    // MARK: Beside others

    private struct Speeds {
        var parse = Double.nan
        var validate = Double.nan
    }

    private func compare(_ schema: Schema, _ turns: Turns, _ figures: inout Figures) async throws {
        let input: OrderedDictionary<String, JSONValue> = [
            "schema": .string(printSchema(schema)), "document": .string(String(decoding: Self.query, as: UTF8.self)),
            "seconds": .number(String(turns.seconds)),
        ]
        var contestants: [(Turns) async throws -> Speeds] = [
            { turns in
                Speeds(
                    parse: try turns.best { use(try parse(Self.query)) },
                    validate: try turns.best { try check(Self.query, schema, ValidationOptions()) })
            }
        ]
        var keys: [String] = []
        let references = [
            ("graphql_js", Reference(program: "node", script: "Tests/Benchmarks/Language/graphql-js.cjs")),
            (
                "graphql_core",
                Reference(program: ".build/python/bin/python", script: "Tests/Benchmarks/Language/graphql_core.py")
            ),
        ]
        for (key, reference) in references {
            guard let reference else {
                print("\(key) is not here and is left out: `make bench` installs what it needs.")
                continue
            }
            keys.append(key)
            contestants.append { _ in
                let result = try await reference.run(input)
                return Speeds(parse: result.number("parse"), validate: result.number("validate"))
            }
        }
        let speeds = try await turns.take(contestants)
        figures.add(
            "language.queries_per_s", median(speeds[0].map(\.validate)), "parsed and validated a second of CPU time",
            target: .atLeast(8_000))
        figures.add("language.parses_per_s", median(speeds[0].map(\.parse)), "parsed a second of CPU time")
        for (key, others) in zip(keys, speeds.dropFirst()) {
            figures.add(
                "language.vs_\(key)", median(zip(speeds[0], others).map { $0.validate / $1.validate }),
                "times as fast by CPU time, parse and validate", target: key == "graphql_js" ? .atLeast(10) : nil)
            figures.add(
                "language.parse_vs_\(key)", median(zip(speeds[0], others).map { $0.parse / $1.parse }),
                "times as fast by CPU time, parse alone")
            figures.add(
                "language.\(key)_per_s", median(others.map(\.validate)),
                "parsed and validated by it a second of CPU time")
        }
    }

    // MARK: By size

    private func growth(_ schema: Schema, _ turns: Turns, _ figures: inout Figures) async throws {
        let sizes = [("1k", 1_000), ("20k", 20_000), ("400k", 400_000)]
        var options = ValidationOptions()
        options.limits = .trusted
        let contestants = sizes.map { _, size -> (Turns) async throws -> Speeds in
            let document = documentOfSize(size)
            let megabytes = Double(document.count) / 1_000_000
            return { turns in
                Speeds(
                    parse: try turns.best { use(try parse(document, limits: options.limits)) } * megabytes,
                    validate: try turns.best { try check(document, schema, options) } * megabytes)
            }
        }
        let speeds = try await turns.take(contestants)
        for ((key, _), speeds) in zip(sizes, speeds) {
            figures.add(
                "language.mb_per_s.\(key)", median(speeds.map(\.validate)), "MB/s of CPU time, parse and validate")
        }
        for ((key, _), speeds) in zip(sizes, speeds) {
            figures.add("language.parse_mb_per_s.\(key)", median(speeds.map(\.parse)), "MB/s of CPU time, parse alone")
        }
        if let small = speeds.first, let large = speeds.last {
            figures.add(
                "language.mb_per_s.400k_to_1k", median(zip(small, large).map { $1.validate / $0.validate }),
                "times the speed of 1 KB, parse and validate", target: .atLeast(1))
            figures.add(
                "language.parse_mb_per_s.400k_to_1k", median(zip(small, large).map { $1.parse / $0.parse }),
                "times the speed of 1 KB, parse alone", target: .atLeast(1))
        }
    }

    /// Blocks of about 1 KB, each an operation and its fragment under names of their own, until there are enough bytes.
    private func documentOfSize(_ size: Int) -> [UInt8] {
        var text = ""
        var number = 0
        while text.utf8.count < size * 9 / 10 {
            text += Self.block(number)
            number += 1
        }
        return Array(text.utf8)
    }

    private static func block(_ number: Int) -> String {
        """
        query Inbox\(number)($first: Int = 20, $after: String, $filter: MessageFilter) {
          organization { id slug name createdAt }
          conversations(first: $first, after: $after) {
            totalCount
            pageInfo { hasNextPage endCursor }
            nodes {
              id
              unreadCount
              lastMessageAt
              contact { id name phone timeZone optedOut createdAt }
              messages(first: 5) { nodes { ...Line\(number) statusEvents { status source occurredAt } } }
            }
          }
          delivered: messages(first: 10, filter: {direction: OUTBOUND, status: [DELIVERED, SENT]}) {
            nodes { ...Line\(number) deliveredAt price { amount currency } }
          }
          found: messages(first: $first, filter: $filter, orderBy: CREATED_AT_DESC) {
            totalCount
            nodes { ...Line\(number) contact { id name phone } }
          }
        }

        fragment Line\(number) on Message { id direction status from to body segments errorCode autoResponse createdAt }

        """
    }
}

/// Parses and validates; a document that is not valid would be measured for nothing.
private func check(_ document: [UInt8], _ schema: Schema, _ options: ValidationOptions) throws {
    let parsed = try parse(document, limits: options.limits)
    if let error = validate(parsed, against: schema, options: options).first { throw error }
    use(parsed)
}
