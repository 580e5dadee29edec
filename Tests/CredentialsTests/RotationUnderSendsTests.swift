import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import Synchronization
import TestSupport
import TestWorld
import Testing
import Vault

/// Rotations that are killed at each of their commits while messages go out: each message goes out once, and in the end
/// nothing is left under a former key.
@Suite struct RotationUnderSendsTests {
    /// Sends, one message after the other, until it is stopped; and one more at each boundary of a rotation, whose secret
    /// is opened anew.
    private final class Sender: Sendable {
        private let world: World
        private let clinic: Clinic
        private let state = Mutex<(sent: Int, isStopped: Bool)>((0, false))

        init(_ world: World, _ clinic: Clinic) {
            self.world = world
            self.clinic = clinic
        }

        func stop() { state.withLock { $0.isStopped = true } }

        func goOn() async throws {
            while !state.withLock({ $0.isStopped }) { try await send() }
        }

        func send() async throws {
            let number = state.withLock { state in
                state.sent += 1
                return state.sent
            }
            let body = "message \(number) of \(clinic.organization)"
            let payload = try await world.send(body, to: "+1415555\(1000 + number % 9000)", key: body, as: clinic)
            #expect(payload.refusal == nil)
            // What is remembered would hide what does not open.
            world.credentials.forget()
            let isOut = try await eventually {
                let status = try await world.value("SELECT status FROM messages WHERE body = '\(body)'")
                return ["ACCEPTED", "SENT", "DELIVERED"].contains(status)
            }
            #expect(isOut, "\(body)")
        }
    }

    /// Sends by two organizations during `body`, and then looks at what became of all messages.
    private static func sending(
        _ options: WorldOptions,
        _ body:
            @Sendable (World, Clinic, _ atBoundary: @escaping @Sendable () async throws -> Void)
            async throws -> Void
    ) async throws {
        try await withWorld(options) { world in
            let clinic = try await world.makeTextingClinic(0)
            let others = Sender(world, try await world.makeTextingClinic(1))
            let own = Sender(world, clinic)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await others.goOn() }
                group.addTask { try await own.goOn() }
                defer {
                    others.stop()
                    own.stop()
                }
                try await body(world, clinic) { try await own.send() }
                others.stop()
                own.stop()
                try await group.waitForAll()
            }
            let total = try await world.count("messages", where: "direction = 'OUTBOUND'")
            #expect(total > 10)
            #expect(
                try await world.count(
                    "messages", where: "direction = 'OUTBOUND' AND status NOT IN ('ACCEPTED', 'SENT', 'DELIVERED')")
                    == 0)
            // Once each: a message that could not be opened for would have had to try again.
            #expect(try await world.count("message_attempts") == total)
            #expect(try await world.count("credentials", where: "status <> 'VERIFIED'") == 0)
            #expect(try await world.count("audit_events", where: "outcome = 'REFUSED'") == 0)
        }
    }

    @Test func `an organization's key is rotated and killed at each commit, and every message goes out`() async throws {
        try await Self.sending(WorldOptions()) { world, clinic, atBoundary in
            let rotation = OrganizationKeyRotation(
                database: world.database, vault: world.vault, audit: world.audit, chunk: 1)
            let own = "org_id = '\(clinic.organization)'"
            var boundary = 1
            while true {
                let former = try await world.value("SELECT id FROM organization_keys WHERE \(own) AND state = 'ACTIVE'")
                let failpoint = KeyRotationTests.Failpoint(at: boundary)
                let isWhole: Bool
                do {
                    _ = try await rotation.run(clinic.organization) { step in
                        try await atBoundary()
                        try failpoint.reach(step)
                    }
                    isWhole = true
                } catch is KeyRotationTests.Killed {
                    isWhole = false
                }
                if try await world.count("organization_keys", where: "\(own) AND state = 'RETIRED'") > 0 {
                    _ = try await rotation.run(clinic.organization)
                }
                #expect(try await world.count("organization_keys", where: own) == 1)
                #expect(try await world.count("organization_keys", where: "id = '\(former)'") == 0)
                if isWhole { break }
                boundary += 1
            }
            // The new key, the one secret, the end; and once whole.
            #expect(boundary == 4)
        }
    }

    @Test func `the root key is rotated and killed at each commit, and every message goes out`() async throws {
        var options = WorldOptions()
        options.otherRootKeys = try (0..<20).map { _ in LocalRootKey(try RootKey.generate()) }
        let keys = options.otherRootKeys
        try await Self.sending(options) { world, _, atBoundary in
            var boundary = 1
            for next in keys {
                let rotation = try RootKeyRotation(
                    database: world.database, vault: world.vault, to: next.rootKeyID, audit: world.audit, chunk: 1)
                let failpoint = KeyRotationTests.Failpoint(at: boundary)
                let isWhole: Bool
                do {
                    _ = try await rotation.run { step in
                        try await atBoundary()
                        try failpoint.reach(step)
                    }
                    isWhole = true
                } catch is KeyRotationTests.Killed {
                    isWhole = false
                }
                let report = try await rotation.run()
                #expect(report.left == 0 && report.refused == [])
                #expect(try await VaultStatus(database: world.database).keysNotUnder(next.rootKeyID) == 0)
                if isWhole { break }
                boundary += 1
            }
            // The key in force, the platform's other keys, the two organizations', and once whole.
            #expect(boundary > 4 && boundary < keys.count)
        }
    }
}
