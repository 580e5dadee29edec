import TestSupport
import TestWorld
import Testing

/// What is read of the database for what goes out.
@Suite struct OutboundPlanTests {
    @Test func `what goes out reads those whom it is for, however many are known`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await InboundLotTests.clinic(knowing: 4_000, in: world)
            try await world.data.psql("UPDATE phone_numbers SET segments_per_second = 0")
            for index in 0..<40 { _ = try await world.send(to: InboundLotTests.phone(index), as: clinic) }
            try await world.data.psql("VACUUM (ANALYZE)")
            let before = try await world.rowsScanned(ending: true)
            try await world.working {
                let areDone = try await eventually {
                    try await world.count("messages", where: "status = 'DELIVERED'") == 40
                }
                #expect(areDone)
            }
            #expect(try await world.rowsScanned(ending: true) - before < 4_000)
            #expect(try await world.carrier.posts() == 40)
        }
    }
}
