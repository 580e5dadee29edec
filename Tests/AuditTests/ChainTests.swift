import Accounts
import Audit
import Foundation
import Postgres
import TestSupport
import TestWorld
import Testing
import Vault

/// What somebody who may do everything in the database cannot hide.
@Suite struct ChainTests {
    /// An organization with six sealed events, and what verifies its log.
    private struct Log: Sendable {
        let world: World
        let organization: OrganizationID
        let sealer: AuditSealer
        let verifier: AuditVerifier
        let checkpoints: AuditCheckpoints
        /// In the order of the chain.
        let events: [UUID]

        func append(_ action: String) async throws {
            try await world.database.withTenant(organization) { transaction in
                try await world.audit.append(
                    AuditEvent(actor: .worker, action: action, subjectKind: "TEST"), in: transaction)
            }
        }

        func verify(_ kept: [AuditCheckpoint] = []) async throws -> AuditReport {
            try await verifier.verify(organization, against: kept, signer: checkpoints.publicKey)
        }

        func findings(_ kept: [AuditCheckpoint] = []) async throws -> [AuditFinding] {
            try await verify(kept).findings
        }

        /// As superuser, with every constraint and policy out of the way.
        func tamper(_ sql: String) async throws {
            try await world.data.psql("SET session_replication_role = replica; \(sql)")
        }
    }

    private func withLog(_ body: @Sendable (Log) async throws -> Void) async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            let clinic = try await world.makeClinic()
            let key = try await world.platformKey(AuditCheckpoint.keyPurpose)
            let sealer = AuditSealer(database: world.database, key: world.auditKey, logger: world.logger)
            var log = Log(
                world: world, organization: clinic.organization, sealer: sealer,
                verifier: AuditVerifier(database: world.database, key: world.auditKey),
                checkpoints: AuditCheckpoints(database: world.database, key: try SigningKey(seed: key)), events: [])
            // The first is the making of the organization.
            for index in 1..<6 { try await log.append("test.event_\(["a", "b", "c", "d", "e"][index - 1])") }
            try await sealer.sealAll()
            let events = try await world.data.psql(
                "SELECT event_id FROM audit_seals WHERE org_id = '\(clinic.organization)' ORDER BY position")
            log = Log(
                world: world, organization: log.organization, sealer: sealer, verifier: log.verifier,
                checkpoints: log.checkpoints,
                events: events.split(separator: "\n").compactMap { UUID(uuidString: String($0)) })
            try #require(log.events.count == 6)
            try await body(log)
        }
    }

    @Test func `a log that nobody touched is whole, and says what is not sealed yet`() async throws {
        try await withLog { log in
            #expect(try await log.verify().sealed == 6)
            #expect(try await log.findings() == [])
            try await log.append("test.later")
            #expect(try await log.verify().unsealed == 1)
            try await log.sealer.sealAll()
            let report = try await log.verify()
            #expect(report.sealed == 7 && report.unsealed == 0 && report.findings == [])
        }
    }

    @Test(arguments: [
        "action = 'test.other'", "outcome = 'REFUSED'", "occurred_at = occurred_at + interval '1 microsecond'",
        "subject_kind = 'OTHER'", "subject_id = gen_random_uuid()", "actor_id = gen_random_uuid()",
        "actor_kind = 'COMMAND_LINE'", "purpose = ''", "request_id = 'r'", "source = '192.0.2.1'",
        "mac = decode(repeat('00', 32), 'hex')",
    ])
    func `a changed column is found, and its event named`(change: String) async throws {
        try await withLog { log in
            try await log.tamper("UPDATE audit_events SET \(change) WHERE id = '\(log.events[2])'")
            #expect(try await log.findings().first == .changed(event: log.events[2]))
        }
    }

    @Test func `a removed event, a removed seal and both are found`() async throws {
        try await withLog { log in
            try await log.tamper("DELETE FROM audit_events WHERE id = '\(log.events[2])'")
            #expect(try await log.findings().first == .removed(event: log.events[2], position: 3))
        }
        try await withLog { log in
            try await log.tamper("DELETE FROM audit_seals WHERE position = 3")
            #expect(try await log.findings() == [.gap(position: 3), .unchained(event: log.events[2])])
        }
        try await withLog { log in
            try await log.tamper(
                "DELETE FROM audit_seals WHERE position = 3; DELETE FROM audit_events WHERE id = '\(log.events[2])'")
            #expect(try await log.findings() == [.gap(position: 3)])
        }
        // Closing the gap does not help.
        try await withLog { log in
            try await log.tamper(
                """
                DELETE FROM audit_seals WHERE position = 3; DELETE FROM audit_events WHERE id = '\(log.events[2])';
                CREATE TEMP TABLE rest AS SELECT * FROM audit_seals WHERE position > 3;
                DELETE FROM audit_seals WHERE position > 3;
                INSERT INTO audit_seals SELECT org_id, position - 1, event_id, link, sealed_at FROM rest;
                """)
            #expect(try await log.findings().contains(.broken(event: log.events[3], position: 3)))
        }
    }

    @Test func `exchanged rows are found`() async throws {
        try await withLog { log in
            try await log.tamper(
                """
                CREATE TEMP TABLE two AS SELECT * FROM audit_seals WHERE position IN (2, 4);
                DELETE FROM audit_seals WHERE position IN (2, 4);
                INSERT INTO audit_seals SELECT org_id, 6 - position, event_id, link, sealed_at FROM two;
                """)
            let findings = try await log.findings()
            #expect(findings.contains(.broken(event: log.events[3], position: 2)))
            #expect(findings.contains(.broken(event: log.events[1], position: 4)))
        }
    }

    @Test func `a row that Switchboard did not write is found, chained or not`() async throws {
        let forge = """
            INSERT INTO audit_events (org_id, id, occurred_at, actor_kind, action, outcome, subject_kind, mac_key_id, mac)
            SELECT org_id, '00000000-0000-4000-8000-000000000001', now(), 'WORKER', 'test.forged', 'DONE', 'TEST',
              mac_key_id, mac FROM audit_events LIMIT 1;
            """
        let forged = try #require(UUID(uuidString: "00000000-0000-4000-8000-000000000001"))
        try await withLog { log in
            try await log.tamper(forge)
            #expect(try await log.findings() == [.inserted(event: forged)])
            // The sealer chains what waits; the MAC still tells.
            try await log.tamper(
                "INSERT INTO audit_unsealed SELECT org_id, id FROM audit_events WHERE id = '\(forged)'")
            try await log.sealer.sealAll()
            #expect(try await log.findings() == [.changed(event: forged)])
        }
    }

    @Test func `a row without a MAC is found, and so is a log that was robbed of all of them`() async throws {
        let forged = try #require(UUID(uuidString: "00000000-0000-4000-8000-000000000001"))
        try await withLog { log in
            try await log.tamper(
                """
                ALTER TABLE audit_events DROP CONSTRAINT audit_events_authenticated;
                INSERT INTO audit_events (org_id, id, occurred_at, actor_kind, action, outcome, subject_kind)
                VALUES ('\(log.organization)', '\(forged)', now(), 'WORKER', 'test.forged', 'DONE', 'TEST');
                """)
            #expect(try await log.findings() == [.unauthenticated(event: forged)])
            try await log.tamper("DELETE FROM audit_seals; UPDATE audit_events SET mac = NULL, mac_key_id = NULL")
            let findings = try await log.findings()
            #expect(findings.count == 7)
            for event in log.events + [forged] { #expect(findings.contains(.unauthenticated(event: event))) }
        }
    }

    @Test func `a row of another organization does not pass in this one`() async throws {
        try await withLog { log in
            let other = try await log.world.makeClinic(1)
            try await log.tamper(
                "UPDATE audit_events SET org_id = '\(log.organization)' WHERE org_id = '\(other.organization)'")
            let found = try await log.findings()
            #expect(found.count == 1)
            guard case .inserted = found.first else { return #expect(Bool(false), "found \(found)") }
        }
    }

    @Test func `a log whose end was cut off shows against a checkpoint, and only there`() async throws {
        try await withLog { log in
            let kept = try #require(try await log.checkpoints.make(of: log.organization))
            #expect(kept.position == 6)
            #expect(try await log.findings([kept]) == [])
            try await log.tamper(
                """
                DELETE FROM audit_seals WHERE position > 4;
                DELETE FROM audit_events WHERE id IN ('\(log.events[4])', '\(log.events[5])')
                """)
            #expect(try await log.findings() == [])
            #expect(try await log.findings([kept]) == [.truncated(at: 4, checkpoint: 6)])
            // Other events in the place of those that were cut off.
            for action in ["test.x", "test.y"] { try await log.append(action) }
            try await log.sealer.sealAll()
            #expect(try await log.findings() == [])
            #expect(try await log.findings([kept]) == [.rewritten(position: 6)])
        }
    }

    @Test func `an organization that vanished with its whole log is missed by a checkpoint`() async throws {
        try await withLog { log in
            let kept = try #require(try await log.checkpoints.make(of: log.organization))
            try await log.tamper(
                "DELETE FROM audit_seals; DELETE FROM audit_events; DELETE FROM audit_unsealed; DELETE FROM organizations"
            )
            #expect(try await log.verifier.organizations() == [.platform])
            var findings: [AuditFinding] = []
            for organization in try await log.verifier.organizations(and: [kept]) {
                findings += try await log.verifier.verify(
                    organization, against: [kept], signer: log.checkpoints.publicKey
                ).findings
            }
            #expect(findings == [.truncated(at: 0, checkpoint: 6)])
            // One that names nothing that could be looked at is no checkpoint.
            let line = try kept.line().replacing(kept.organization, with: kept.organization.uppercased())
            #expect(throws: AuditCheckpointError.self) { try AuditCheckpoint.read(lines: line) }
        }
    }

    @Test func `a checkpoint is a line that is read back, and a forged one is refused`() async throws {
        try await withLog { log in
            let kept = try #require(try await log.checkpoints.make(of: log.organization))
            let line = try kept.line()
            #expect(try AuditCheckpoint.read(lines: line + "\n") == [kept])
            let forged = try AuditCheckpoint.read(lines: line.replacing("\"position\":6", with: "\"position\":5"))
            #expect(try await log.findings(forged) == [.forgedCheckpoint(position: 5)])
            // Signed by another key, which names itself.
            let stranger = AuditCheckpoints(
                database: log.world.database,
                key: try SigningKey(seed: try await log.world.platformKey("some-other-purpose")))
            let theirs = try #require(try await stranger.make(of: log.organization))
            #expect(try await log.findings([theirs]) == [.forgedCheckpoint(position: 6)])
            #expect(throws: AuditCheckpointError.self) { try AuditCheckpoint.read(lines: "\(line)\n{}") }
        }
    }

    @Test func `a sealed event that is put back among those that wait stops no sealing, and is logged`() async throws {
        try await withLog { log in
            try await log.tamper("INSERT INTO audit_unsealed VALUES ('\(log.organization)', '\(log.events[0])')")
            try await log.append("test.later")
            try await log.sealer.sealAll()
            let report = try await log.verify()
            #expect(report.sealed == 7 && report.unsealed == 0 && report.findings == [])
            #expect(log.world.log.all.contains { $0.contains("somebody changed the database") })
        }
    }

    @Test func `what should have been sealed long ago is found, whatever prevents it`() async throws {
        try await withLog { log in
            try await log.append("test.later")
            let verifier = log.verifier
            let signer = log.checkpoints.publicKey
            #expect(try await verifier.verify(log.organization, signer: signer).findings == [])
            let later = try await verifier.verify(log.organization, signer: signer, at: Date() + 61)
            let waiting = try await log.world.value("SELECT event_id FROM audit_unsealed")
            #expect(later.findings == [.unsealed(event: try #require(UUID(uuidString: waiting)))])
        }
    }

    @Test func `one log that cannot be sealed holds up no other`() async throws {
        try await withLog { log in
            for index in 0..<8 { _ = try await log.world.organizations.create(slug: "other-\(index)", name: "Other") }
            try await log.append("test.later")
            // Nothing of this one organization can be sealed.
            try await log.tamper(
                "ALTER TABLE audit_seals ADD CONSTRAINT stuck CHECK (org_id <> '\(log.organization)') NOT VALID")
            await #expect(throws: PostgresError.self) { try await log.sealer.sealAll() }
            #expect(try await log.world.value("SELECT DISTINCT org_id FROM audit_unsealed") == "\(log.organization)")
        }
    }

    @Test func `two busy organizations are sealed in turns`() async throws {
        try await withLog { log in
            let other = try await log.world.makeClinic(1)
            for organization in [log.organization, other.organization] {
                try await log.world.database.withTenant(organization) { transaction in
                    for _ in 0..<600 {
                        try await log.world.audit.append(
                            AuditEvent(actor: .worker, action: "test.busy", subjectKind: "TEST"), in: transaction)
                    }
                }
            }
            try await log.sealer.sealAll()
            #expect(try await log.world.count("audit_unsealed") == 0)
            // Neither was done before the other had its first batch.
            let inTurns = try await log.world.value(
                """
                SELECT min(s.last) > max(s.first) FROM (
                  SELECT org_id, min(sealed_at) FILTER (WHERE position > 6) AS first, max(sealed_at) AS last
                  FROM audit_seals WHERE org_id IN ('\(log.organization)', '\(other.organization)') GROUP BY org_id) s
                """)
            #expect(inTurns == "t")
        }
    }

    @Test func `sealers at once seal each event once`() async throws {
        try await withLog { log in
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<10 { try await log.append("test.many") } }
                    group.addTask {
                        let sealer = AuditSealer(
                            database: log.world.database, key: log.world.auditKey, logger: log.world.logger)
                        for _ in 0..<10 { try await sealer.sealAll() }
                    }
                }
            }
            try await log.sealer.sealAll()
            let report = try await log.verify()
            #expect(report.sealed == 86 && report.unsealed == 0 && report.findings == [])
        }
    }

    @Test func `an export has every event once, as a line of JSON, with its place in the chain`() async throws {
        try await withLog { log in
            let lines = Lines()
            try await AuditExport(database: log.world.database).lines(
                of: log.organization, from: .distantPast, to: .distantFuture
            ) { lines.append($0) }
            #expect(lines.all.count == 6)
            #expect(lines.all.enumerated().allSatisfy { $1.contains("\"position\":\($0 + 1)") })
            #expect(lines.all[1].contains("\"action\":\"test.event_a\""))
            let instant = /"occurredAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00"/
            #expect(lines.all.allSatisfy { $0.contains(instant) })
        }
    }

    @Test func `without the right to write the log, the thing does not happen`() async throws {
        try await withWorld(WorldOptions(isWorking: false)) { world in
            try await world.data.psql("REVOKE INSERT ON audit_unsealed FROM switchboard_platform")
            await #expect(throws: PostgresError.self) { try await world.organizations.create(slug: "x", name: "X") }
            #expect(try await world.data.psql("SELECT count(*) FROM organizations") == "0")
        }
    }
}
