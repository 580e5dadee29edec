import GraphQL
import Testing

@Suite("GraphQL over HTTP: the public audits, over the real engine", .timeLimit(.minutes(2)), .sharedServer)
struct AuditTests {
    @Test(arguments: HTTPAudit.all + HTTPAudit.named)
    func `holds`(_ audit: HTTPAudit) async throws {
        let response = try await SharedServer.current.ask(audit.request)
        let result = try? JSONValue(parsing: response.body)
        for expectation in audit.expectations {
            switch expectation {
            case .status(let range): #expect(range.contains(response.status), "\(response.status) \(response.text)")
            case .contentType(let type): #expect(response["content-type"]?.hasPrefix(type) == true)
            case .utf8: #expect(String(validating: response.body, as: UTF8.self) != nil)
            case .noErrors: #expect(try #require(result)["errors"] == nil)
            case .noData: #expect(try #require(result)["data"] == nil)
            }
        }
    }

    @Test func `there are 61, and none is listed twice`() {
        #expect(HTTPAudit.all.count == 61)
        #expect(Set((HTTPAudit.all + HTTPAudit.named).map(\.id)).count == 63)
    }
}
