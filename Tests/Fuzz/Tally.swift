import GraphQL
import OrderedCollections

/// What came of the inputs.
struct Tally: Sendable {
    /// How often each kind of input came how far.
    private(set) var verdicts: [String: Int] = [:]
    private(set) var inputs = 0
    private(set) var bytes = 0
    private var slowest = Slowest()
    private var slowestPerByte = Slowest()

    fileprivate struct Slowest: Sendable {
        var seed: UInt64 = 0
        var bytes = 0
        var nanoseconds = 0
        /// Short inputs count as 256 bytes: what each input costs anyway is no sign of anything.
        var perByte: Double { Double(nanoseconds) / Double(max(bytes, 256)) }
    }

    init() {}

    /// Whether an input that took so long would be the slowest so far, in either way.
    func isSlowest(bytes: Int, nanoseconds: Int) -> Bool {
        let one = Slowest(bytes: bytes, nanoseconds: nanoseconds)
        return one.nanoseconds > slowest.nanoseconds || one.perByte > slowestPerByte.perByte
    }

    mutating func add(_ verdict: String, seed: UInt64, bytes: Int, nanoseconds: Int) {
        verdicts[verdict, default: 0] += 1
        inputs += 1
        self.bytes += bytes
        let one = Slowest(seed: seed, bytes: bytes, nanoseconds: nanoseconds)
        if one.nanoseconds > slowest.nanoseconds { slowest = one }
        if one.perByte > slowestPerByte.perByte { slowestPerByte = one }
    }

    mutating func add(_ other: Tally) {
        verdicts.merge(other.verdicts, uniquingKeysWith: +)
        inputs += other.inputs
        bytes += other.bytes
        if other.slowest.nanoseconds > slowest.nanoseconds { slowest = other.slowest }
        if other.slowestPerByte.perByte > slowestPerByte.perByte { slowestPerByte = other.slowestPerByte }
    }

    func report(over time: Duration) -> String {
        let seconds = time / .seconds(1)
        var lines = ["\(inputs) inputs, \(bytes) bytes in \(Int(seconds)) s: \(Int(Double(inputs) / seconds)) a second"]
        for (verdict, count) in verdicts.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(String(repeating: " ", count: max(0, 9 - "\(count)".count)))\(count)  \(verdict)")
        }
        for (name, one) in [("slowest", slowest), ("slowest per byte", slowestPerByte)] {
            lines.append(
                "\(name): seed \(one.seed), \(one.bytes) bytes, \(one.nanoseconds / 1_000) µs, "
                    + "\(Int(one.perByte)) ns a byte")
        }
        lines.append("No crash, no hang, nothing found.")
        return lines.joined(separator: "\n")
    }

    // MARK: From process to process

    var json: JSONValue {
        .object([
            "verdicts": .object(OrderedDictionary(uniqueKeysWithValues: verdicts.map { ($0, .int(Int64($1))) })),
            "inputs": .int(Int64(inputs)), "bytes": .int(Int64(bytes)), "slowest": slowest.json,
            "slowestPerByte": slowestPerByte.json,
        ])
    }

    init(_ json: JSONValue) {
        verdicts = Dictionary(
            (json["verdicts"]?.objectValue ?? [:]).map { ($0, Int($1.intValue ?? 0)) }, uniquingKeysWith: +)
        inputs = Int(json["inputs"]?.intValue ?? 0)
        bytes = Int(json["bytes"]?.intValue ?? 0)
        slowest = Slowest(json["slowest"] ?? .null)
        slowestPerByte = Slowest(json["slowestPerByte"] ?? .null)
    }
}

extension Tally.Slowest {
    fileprivate var json: JSONValue {
        .object([
            "seed": .string(String(seed)), "bytes": .int(Int64(bytes)), "nanoseconds": .int(Int64(nanoseconds)),
        ])
    }

    fileprivate init(_ json: JSONValue) {
        seed = UInt64(json["seed"]?.stringValue ?? "") ?? 0
        bytes = Int(json["bytes"]?.intValue ?? 0)
        nanoseconds = Int(json["nanoseconds"]?.intValue ?? 0)
    }
}
