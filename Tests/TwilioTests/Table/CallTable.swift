import Foundation
import TestServer
import Testing
import Twilio

/// Every call that the client has: what goes out, and every example of Twilio's documents read back.
enum CallTable {
    static let all: [CallRow] =
        accounts + usage + addresses + calls + recordings + conferences + queues + messages + messagingServices + verify
        + numbers + pricing + porting + bundles + regulatory
}

@Suite struct CallTableTests {
    @Test(arguments: CallTable.all)
    func `each call goes out byte for byte, and reads each recorded answer`(row: CallRow) async throws {
        var answers = try RecordedAnswers.of(row.operation)
        if row.method == "DELETE" { answers = [RecordedAnswer(name: row.operation, status: 204, body: .null)] }
        #expect(!answers.isEmpty)
        for answer in answers {
            try await withTwilio({ connection in
                while connection.readRequest() != nil {
                    connection.answer(answer.status, answer.status == 204 ? "" : answer.body.text)
                }
            }) { client, server in
                let resources: [any Sendable]
                do {
                    resources = try await row.run(client)
                } catch {
                    // A refusal recorded among the answers is read as one.
                    guard answer.status >= 400, "\(error)".contains("\(answer.status)") else { throw error }
                    resources = []
                }
                let request = try #require(server.received.first)
                #expect(server.received.count == 1)
                #expect(request.method == row.method)
                #expect(request.target == row.target)
                #expect(request.bodyText == row.body)
                let type: String? =
                    row.method != "POST" ? nil : row.body.first == "{" ? "json" : "x-www-form-urlencoded"
                #expect(request.headers["content-type"] == type.map { "application/\($0)" })
                if answer.status < 300 { AnswerReading.check(resources, against: answer) }
            }
        }
    }

    @Test func `no operation of the documents is left out`() throws {
        let called = Set(CallTable.all.map(\.operation))
        let recorded = try RecordedAnswers.operations()
        #expect(recorded.subtracting(called) == [])
    }
}
