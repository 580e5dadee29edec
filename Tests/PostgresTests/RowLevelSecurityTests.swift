import Foundation
import Postgres
import Testing

/// The scope that this module sets is what row-level security reads.
struct RowLevelSecurityTests {
    private static let table = """
        CREATE TABLE notes (org_id uuid, id int, PRIMARY KEY (org_id, id)); GRANT ALL ON notes TO switchboard_tenant;
        CREATE POLICY tenant ON notes USING (
          org_id = (SELECT nullif(current_setting('switchboard.org_id', true), '')::uuid));
        """
    private static let guarded = table + "ALTER TABLE notes ENABLE ROW LEVEL SECURITY"
    private static let insert = Statement("INSERT INTO notes VALUES ($1, $2)")
    private static let owners = Statement("SELECT DISTINCT org_id FROM notes ORDER BY 1")

    private let one = OrganizationID(UUID())
    private let other = OrganizationID(UUID())

    private func fill(_ database: Database) async throws {
        for organization in [one, other] {
            try await database.withTenant(organization) { transaction in
                for id in 1...3 {
                    _ = try await transaction.execute(Self.insert, [.organization(organization), .int(id)])
                }
            }
        }
    }

    @Test func `each tenant sees its own rows, through one connection`() async throws {
        try await withDatabase(connections: [.tenant: 1], setUp: Self.guarded) { database, _ in
            try await fill(database)
            for organization in [one, other, one] {
                let seen = try await database.read(organization, Self.owners)
                #expect(seen.rows.map { $0.uuid(0) } == [organization.uuid])
            }
            #expect(try await database.query(as: .tenant, Self.owners).count == 0)
        }
    }

    @Test func `a tenant cannot write another's row`() async throws {
        try await withDatabase(setUp: Self.guarded) { database, _ in
            let error = try await failure {
                try await database.withTenant(one) { transaction in
                    _ = try await transaction.execute(Self.insert, [.organization(other), 1])
                }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func `with the guard off, both are seen`() async throws {
        try await withDatabase(setUp: Self.table) { database, _ in
            try await fill(database)
            #expect(try await database.read(one, Self.owners).count == 2)
        }
    }

    @Test func `many readers of many tenants over few connections never see each other`() async throws {
        try await withDatabase(connections: [.tenant: 3], setUp: Self.guarded) { database, _ in
            try await fill(database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    let organization = task.isMultiple(of: 2) ? one : other
                    group.addTask {
                        for _ in 0..<50 {
                            let seen = try await database.read(organization, Self.owners)
                            #expect(seen.rows.map { $0.uuid(0) } == [organization.uuid])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
