package import OrderedCollections

/// An error of the response format (specification, section 7.1.2).
package struct GraphQLError: Error, Sendable, Hashable {
    package var message: String
    /// In the request's document; empty where the error belongs to no place in it.
    package var locations: [SourceLocation]
    /// From the root of the response to the value that failed; `nil` for errors before execution.
    package var path: [PathElement]?
    /// `extensions.code`.
    package var code: ErrorCode
    /// What else goes into `extensions`, after the code.
    package var extensions: OrderedDictionary<String, JSONValue>

    /// - Parameter message: what is quoted in it is cut where it is long.
    package init(
        _ message: String, code: ErrorCode, locations: [SourceLocation] = [], path: [PathElement]? = nil,
        extensions: OrderedDictionary<String, JSONValue> = [:]
    ) {
        self.message = message.withShortQuotations
        self.code = code
        self.locations = locations
        self.path = path
        self.extensions = extensions
    }

    /// The error as the response carries it.
    package var jsonValue: JSONValue {
        var object: OrderedDictionary<String, JSONValue> = ["message": .string(message)]
        // Lines and columns are positive: a node that was parsed without its place has none to tell.
        let places = locations.filter { $0 != .none }
        if !places.isEmpty {
            object["locations"] = .array(
                places.map { .object(["line": .int(Int64($0.line)), "column": .int(Int64($0.column))]) })
        }
        if let path {
            object["path"] = .array(path.map(\.jsonValue))
        }
        var extensions: OrderedDictionary<String, JSONValue> = ["code": .string(code.rawValue)]
        extensions.merge(self.extensions) { own, _ in own }
        object["extensions"] = .object(extensions)
        return .object(object)
    }

    /// Appends the error as JSON.
    package func json(into bytes: inout [UInt8]) {
        jsonValue.write(to: &bytes)
    }
}

/// One step from the root of a response to a value: a response key, or an index counted from 0.
package enum PathElement: Sendable, Hashable {
    case key(String)
    case index(Int)

    package var jsonValue: JSONValue {
        switch self {
        case .key(let key): .string(key)
        case .index(let index): .int(Int64(index))
        }
    }
}
