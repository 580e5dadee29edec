import GraphQL
import Postgres

/// The answer to one response key of the root.
enum RootAnswer: Sendable {
    case segments([EngineResponse.Segment])
    /// Answered, with nulls inside for these reasons.
    case partial([EngineResponse.Segment], [GraphQLError])
    case null
    /// Null, for these reasons.
    case failed([GraphQLError])
}

/// Puts the answers of root fields together, in the order of the fields, around bytes that are not looked into.
struct ResponseAssembly {
    private var segments: [EngineResponse.Segment] = []
    private var text: [UInt8] = []
    private(set) var errors: [GraphQLError] = []
    private var isDataNull = false
    private var isFirst = true

    init() {
        text.append(UInt8(ascii: "{"))
    }

    mutating func add(_ root: RootPlan, _ answer: RootAnswer) {
        switch answer {
        case .segments(let answered):
            key(root.key)
            for segment in answered { add(segment) }
        case .partial(let answered, let errors):
            self.errors += errors
            key(root.key)
            for segment in answered { add(segment) }
        case .null:
            if root.type.isNonNull {
                fail(
                    root,
                    [
                        GraphQLError(
                            "“\(root.fieldName)” found nothing, and may not be null.", code: .internal,
                            locations: [root.location], path: [.key(root.key)])
                    ])
            } else {
                key(root.key)
                text.append(contentsOf: "null".utf8)
            }
        case .failed(let errors): fail(root, errors)
        }
    }

    /// Whether `data` is null already, so that a mutation does not go on.
    var isLost: Bool { isDataNull }

    private mutating func fail(_ root: RootPlan, _ errors: [GraphQLError]) {
        self.errors += errors
        if root.type.isNonNull {
            isDataNull = true
        } else {
            key(root.key)
            text.append(contentsOf: "null".utf8)
        }
    }

    private mutating func key(_ key: String) {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
        JSONValue.write(key, to: &text)
        text.append(UInt8(ascii: ":"))
    }

    private mutating func add(_ segment: EngineResponse.Segment) {
        switch segment {
        case .bytes(let bytes): text.append(contentsOf: bytes)
        case .value:
            segments.append(.bytes(text))
            segments.append(segment)
            text = []
        }
    }

    /// The whole response: errors first, where there are any.
    consuming func response(operationType: OperationType, isCached: Bool) -> EngineResponse {
        var start: [UInt8] = [UInt8(ascii: "{")]
        if !errors.isEmpty {
            EngineResponse.write(errors, to: &start)
            start.append(UInt8(ascii: ","))
        }
        start.append(contentsOf: "\"data\":".utf8)
        if isDataNull {
            start.append(contentsOf: "null}".utf8)
            segments = [.bytes(start)]
        } else {
            text.append(contentsOf: "}}".utf8)
            if case .bytes(let first)? = segments.first {
                segments[0] = .bytes(start + first)
                segments.append(.bytes(text))
            } else {
                segments = [.bytes(start + text)]
            }
        }
        return EngineResponse(
            failure: nil, errors: errors, operationType: operationType, isCached: isCached, segments: segments)
    }
}

extension EngineResponse {
    /// `"errors":[…]`.
    static func write(_ errors: [GraphQLError], to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\"errors\":[".utf8)
        for (index, error) in errors.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            error.json(into: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A response without `data`, since nothing was executed.
    init(_ refusal: Refusal, operationType: OperationType?) {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        Self.write(refusal.errors, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        self.init(
            failure: refusal.failure, errors: refusal.errors, operationType: operationType, isCached: false,
            segments: [.bytes(bytes)])
    }
}
