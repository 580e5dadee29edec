import Testing
import Twilio

struct NotMade: Error {
    let outcome: String
}

/// What a creation made.
func accepted<Resource>(
    _ outcome: CreationOutcome<Resource>, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Resource {
    guard case .accepted(let resource) = outcome else {
        Issue.record("\(outcome)", sourceLocation: sourceLocation)
        throw NotMade(outcome: "\(outcome)")
    }
    return resource
}

/// A creation was refused with Twilio's code, and we know what to do about it.
func refused<Resource>(
    _ code: Int, _ disposition: TwilioError.Disposition, _ outcome: CreationOutcome<Resource>,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let error: TwilioError? =
        switch outcome {
        case .refused(let error), .notSent(.tooManyRequests(let error), _): error
        default: nil
        }
    check(error, code, disposition, "\(outcome)", sourceLocation)
}

/// Another call was refused so.
func refused<Result>(
    _ code: Int, _ disposition: TwilioError.Disposition, sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws -> Result
) async {
    do {
        let result = try await call()
        Issue.record("expected \(code), and it went well: \(result)", sourceLocation: sourceLocation)
    } catch TwilioCallError.refused(let error) {
        check(error, code, disposition, "\(error)", sourceLocation)
    } catch {
        Issue.record("expected \(code), not \(error)", sourceLocation: sourceLocation)
    }
}

private func check(
    _ error: TwilioError?, _ code: Int, _ disposition: TwilioError.Disposition, _ text: String,
    _ sourceLocation: SourceLocation
) {
    #expect(error?.code == code, "\(text)", sourceLocation: sourceLocation)
    #expect(error?.disposition == disposition, "\(code)", sourceLocation: sourceLocation)
    #expect(error.map { (400..<500).contains($0.status) } == true, "\(code)", sourceLocation: sourceLocation)
    #expect(error?.remedy.isEmpty == false, "\(code)", sourceLocation: sourceLocation)
}

/// Everything of a list.
func all<Element>(_ list: ResourceList<Element>) async throws -> [Element] {
    var elements: [Element] = []
    for try await element in list { elements.append(element) }
    return elements
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

/// A SID of that kind which nobody has.
func unknown<Kind>(_ kind: Sid<Kind>.Type = Sid<Kind>.self) throws -> Sid<Kind> {
    try #require(Sid(Kind.prefixes[0] + String(repeating: "0", count: 32)))
}
