import Foundation
import Testing
import Twilio

/// One call of the client: what shall go out, byte for byte, and which recorded answers it is given.
struct CallRow: Sendable, CustomTestStringConvertible {
    /// `api-2010/Call/CreateCall`: document, resource and operation of `Answers/`.
    let operation: String
    let method: String
    let target: String
    let body: String
    let run: @Sendable (TwilioClient) async throws -> [any Sendable]

    /// In `target` and `body`, `~` is the account's root and `{CA}` a SID of `CA` and 32 times `a`.
    init(
        _ operation: String, _ method: String, _ target: String, _ body: String = "",
        _ run: @escaping @Sendable (TwilioClient) async throws -> [any Sendable]
    ) {
        self.operation = operation
        self.method = method
        self.target = Self.expand(target)
        self.body = Self.expand(body)
        self.run = run
    }

    var testDescription: String { operation }

    private static func expand(_ text: String) -> String {
        let digits = String(repeating: "a", count: 32)
        return text.replacing("~", with: "/2010-04-01/Accounts/AC\(digits)")
            .replacing(/\{([A-Z]{2})\}/) { "\($0.output.1)\(digits)" }
    }
}

extension Sid {
    /// As the documents' examples have it.
    static var sample: Self {
        guard let sid = Self(Kind.prefixes[0] + String(repeating: "a", count: 32)) else {
            preconditionFailure("32 times a is a SID")
        }
        return sid
    }
}

struct NotMade: Error {
    let outcome: String
}

/// What a creation made.
func made<Resource>(_ outcome: CreationOutcome<Resource>) throws -> [any Sendable] {
    guard case .accepted(let resource) = outcome else { throw NotMade(outcome: "\(outcome)") }
    return [resource]
}

/// The first page of a list.
func page<Element>(_ list: ResourceList<Element>) async throws -> [any Sendable] {
    var pages = list.pages()
    return try #require(try await pages.next()).elements
}

/// The value, changed.
func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var value = value
    change(&value)
    return value
}

func segment(_ text: String) throws -> PathSegment {
    try #require(PathSegment(text))
}

let country: @Sendable () throws -> CountryCode = { try #require(CountryCode("US")) }
let day: @Sendable (String) throws -> Day = { try #require(Day($0)) }
