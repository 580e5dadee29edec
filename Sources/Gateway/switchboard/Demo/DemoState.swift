import Accounts
import Audit
import Foundation
import Postgres
import QueryEngine
import TwilioSandbox

/// What a demo must remember between starts, since it cannot be found again: keys are stored hashed only, and the
/// sandbox lives in memory. Kept with mode 0600.
struct DemoState: Codable, Sendable {
    struct Clinic: Codable, Sendable {
        var name: String
        var slug: String
        /// As the API has it.
        var id: String
        var apiKey: String
        var email: String
        var password: String
    }

    var port = 0
    var sandboxPort = 0
    var accounts: [SandboxAccount]
    var clinics: [Clinic]
    var platformAPIKey: String

    private static let names = [
        ("Harbor Clinic", "harbor-clinic"), ("Meadow Dental", "meadow-dental"), ("Summit Eye Care", "summit-eye-care"),
    ]

    /// Fresh accounts and passwords; ``settle(in:)`` makes the organizations and keys.
    static func make() -> DemoState {
        let accounts = SandboxAccounts.generate(names.map(\.0))
        let clinics = names.map { name, slug in
            Clinic(
                name: name, slug: slug, id: "", apiKey: "", email: "owner@\(slug).example",
                password: Password.make())
        }
        return DemoState(
            accounts: accounts, clinics: clinics, platformAPIKey: "")
    }

    /// Makes the organizations and keys that the database does not have yet: all of them at the first start, and again
    /// when the database was lost and this was not.
    mutating func settle(in gateway: Gateway) async throws {
        for index in clinics.indices {
            let slug = clinics[index].slug
            let known = try await gateway.accounts.organizations.find(slug: slug)
            if let known, OpaqueID.encode(known.uuid, prefix: "org") == clinics[index].id {
                // Its state may be of a time when there were no users.
                try await settleOwner(of: known, clinics[index], in: gateway)
                continue
            }
            let organization =
                if let known { known } else {
                    try await gateway.accounts.organizations.create(slug: slug, name: clinics[index].name)
                }
            clinics[index].id = OpaqueID.encode(organization.uuid, prefix: "org")
            clinics[index].apiKey = try await gateway.accounts.keys.issue(
                for: organization, role: .owner, label: "Demo", actor: .commandLine)
            platformAPIKey = ""
            try await settleOwner(of: organization, clinics[index], in: gateway)
        }
        if platformAPIKey.isEmpty {
            platformAPIKey = try await gateway.accounts.keys.issueForPlatform(
                role: .platformAdmin, label: "Demo", actor: .commandLine)
        }
    }
}

extension DemoState {
    /// The person who signs in with the clinic's e-mail and password.
    private func settleOwner(of organization: OrganizationID, _ clinic: Clinic, in gateway: Gateway) async throws {
        guard try await gateway.accounts.users.find(email: clinic.email) == nil else { return }
        let user = try await gateway.accounts.users.create(
            email: clinic.email, name: "\(clinic.name)'s owner", password: clinic.password, platformRole: nil)
        try await gateway.accounts.members.add(
            user, email: clinic.email, name: "\(clinic.name)'s owner", role: .owner, to: organization)
    }
}

/// Accounts of the sandbox whose numbers do not overlap.
enum SandboxAccounts {
    static func generate(_ names: [String]) -> [SandboxAccount] {
        var taken: Set<String> = []
        var generator = SystemRandomNumberGenerator()
        return names.enumerated().map { index, name in
            SandboxAccount.generated(name: name, numberCount: 2 + index % 2, taken: &taken, using: &generator)
        }
    }

    static func load(path: String) throws -> [SandboxAccount] {
        do {
            return try SandboxConfiguration.accounts(fromFile: URL(fileURLWithPath: path))
        } catch let error as DecodingError {
            throw SettingsError("\(path) does not describe accounts: \(error)")
        } catch {
            throw SettingsError("\(path) cannot be read; check its path and permissions.")
        }
    }
}

/// A password for a demo's people.
enum Password {
    static func make() -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<20).compactMap { _ in alphabet.randomElement(using: &generator) })
    }
}
