import GraphQL
import Testing

@Suite("GraphQL over HTTP: the public audits", .timeLimit(.minutes(2)))
struct AuditTests {
    @Test("holds", arguments: Audit.all)
    func holds(_ audit: Audit) async throws {
        try await RunningServer.with { server in
            let response = try await ask(server.port, audit.request)
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
    }

    @Test("there are 61, and none is listed twice")
    func complete() {
        #expect(Audit.all.count == 61)
        #expect(Set(Audit.all.map(\.id)).count == 61)
    }
}
