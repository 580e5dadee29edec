import Foundation
import Testing

/// Our client against our sandbox, over real sockets: two independent readings of the same facts, which agree. The
/// official SDK runs the same scenarios in `TwilioSandboxTests`.
@Suite(.timeLimit(.minutes(5))) struct ScenarioTests {
    @Test func `every call of the client is tried, and the table names no other`() throws {
        let calls = try ClientCalls.inSources()
        #expect(calls.subtracting(ScenarioTable.all).sorted() == [])
        #expect(Set(ScenarioTable.all).subtracting(calls).sorted() == [])
        #expect(Set(ScenarioTable.all).count == ScenarioTable.all.count, "a call is tried by one scenario only")
    }

    @Test func `what asks Twilio is a call, and what leads to a resource is none`() {
        let source = """
            package struct Things: Sendable {
                let place: ResourcePlace

                package func create(_ thing: Thing.Creation = .init(a: [1, 2]), in room: Room) async -> CreationOutcome<
                    Thing
                > { await place.create(thing) }

                /// package func mentioned() async
                package func list(pageSize: Int = 50) -> ResourceList<Thing> { place.list("things", pageSize: pageSize) }

                package func parts(of thing: ThingSid) -> Parts { Parts(place: place.at(thing)) }

                private func hidden() async {}
            }

            extension TwilioClient {
                package func other() async throws(TwilioCallError) -> Other { try await place("Other").fetch() }
            }
            """
        #expect(
            ClientCalls.calls(in: source) == ["Things.create(_:in:)", "Things.list(pageSize:)", "TwilioClient.other()"])
    }
}
