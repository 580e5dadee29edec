import Foundation
package import Postgres

/// What lies under which key.
package struct VaultStatus: Sendable {
    package struct Organization: Sendable, Equatable {
        package let id: OrganizationID
        package let slug: String
        package internal(set) var secrets = 0
        /// Under a key that a rotation has retired: more than none, and the rotation did not come to its end.
        package internal(set) var secretsUnderRetired = 0
        package internal(set) var retiredKeys = 0
        /// How many of its keys are wrapped by each root key.
        package internal(set) var rootKeys: [String: Int] = [:]
    }

    package struct Report: Sendable {
        /// The root key that wraps what is new.
        package internal(set) var rootKeyInForce: String?
        /// How many of the platform's keys are wrapped by each root key.
        package internal(set) var platformKeys: [String: Int] = [:]
        /// Those that have keys.
        package internal(set) var organizations: [Organization] = []
    }

    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package func report() async throws -> Report {
        var report = Report()
        report.rootKeyInForce = try await rootKeyInForce()
        for row in try await database.query(as: .vault, RotationQueries.countPlatformKeys).rows {
            report.platformKeys[try row.requireString("wrapping_key_id")] = try row.requireInt("n")
        }
        try await forEachOrganization { id, slug in
            let keys = try await database.read(
                id, as: .vault, RotationQueries.organizationKeys, [.organization(id)])
            guard keys.count > 0 else { return }
            var organization = Organization(id: id, slug: slug)
            for row in keys.rows {
                let secrets = try row.requireInt("secrets")
                organization.secrets += secrets
                organization.rootKeys[try row.requireString("wrapping_key_id"), default: 0] += 1
                guard row.string("state") == "RETIRED" else { continue }
                organization.retiredKeys += 1
                organization.secretsUnderRetired += secrets
            }
            report.organizations.append(organization)
        }
        return report
    }

    /// `nil` before the first start.
    package func rootKeyInForce() async throws -> String? {
        try await database.query(as: .vault, RotationQueries.rootKeyInForce).rows.first?.string("wrapping_key_id")
    }

    /// How many keys another root key wraps.
    package func keysNotUnder(_ rootKey: String) async throws -> Int {
        let report = try await report()
        let counts = [report.platformKeys] + report.organizations.map(\.rootKeys)
        return counts.reduce(0) { sum, keys in sum + keys.filter { $0.key != rootKey }.values.reduce(0, +) }
    }

    /// In the order of their ids, a page at a time.
    func forEachOrganization(_ body: (OrganizationID, String) async throws -> Void) async throws {
        var place = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        while true {
            let page = try await database.query(as: .platform, RotationQueries.organizations, [.uuid(place)])
            for row in page.rows {
                place = try row.requireUUID("id")
                try await body(OrganizationID(place), try row.requireString("slug"))
            }
            if page.count < 200 { return }
        }
    }
}
