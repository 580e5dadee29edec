import Accounts
import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine
import TestWorld

/// Somebody with an account, for tests.
struct Person: Sendable {
    static let password = "correct horse battery staple"

    let id: UUID
    let email: String
}

extension World {
    func makePerson(
        _ email: String, in memberships: [(Clinic, Role)] = [], platformRole: Role? = nil,
        password: String? = Person.password
    ) async throws -> Person {
        let id = try await accounts.users.create(
            email: email, name: "Somebody", password: password, platformRole: platformRole)
        for (clinic, role) in memberships {
            try await accounts.members.add(id, email: email, name: "Somebody", role: role, to: clinic.organization)
        }
        return Person(id: id, email: email)
    }

    static func nobody(from address: String = "192.0.2.1") -> Caller {
        Caller(kind: .anonymous, role: .anonymous, organization: nil, requestID: "request", address: address)
    }

    static let session = "session { accessToken refreshToken user { email } memberships { organizationSlug role } }"

    /// The payload of a mutation, as anybody may ask for it.
    func ask(
        _ name: String, _ input: JSONValue, _ selection: String = "", from caller: Caller = World.nobody()
    ) async throws -> JSONValue {
        let type = name.prefix(1).uppercased() + name.dropFirst() + "Input"
        let answer = try await ask(
            "mutation M($i: \(type)!) { \(name)(input: $i) { \(selection) userErrors { code message field } } }",
            ["i": input], as: caller)
        guard let payload = answer["data"]?[name], !payload.isNull else { throw NoSuchPayload(answer: "\(answer)") }
        return payload
    }

    func signIn(
        _ email: String, _ password: String = Person.password, from address: String = "192.0.2.1"
    ) async throws -> JSONValue {
        try await ask(
            "signIn", ["email": .string(email), "password": .string(password)], World.session,
            from: World.nobody(from: address))
    }

    /// Access and refresh token of somebody who signs in.
    func tokens(_ person: Person, _ password: String = Person.password) async throws -> (String, String) {
        try Self.tokens(of: try await signIn(person.email, password))
    }

    static func tokens(of payload: JSONValue) throws -> (String, String) {
        guard let access = payload["session"]?["accessToken"]?.stringValue,
            let refresh = payload["session"]?["refreshToken"]?.stringValue
        else { throw NoSuchPayload(answer: "\(payload)") }
        return (access, refresh)
    }

    /// The caller behind a token, as the edge finds it.
    func caller(
        _ token: String?, in clinic: Clinic? = nil, from address: String = "192.0.2.1"
    ) async throws -> Caller {
        try await accounts.finder.caller(
            token: token, organization: clinic.map { OpaqueID.encode($0.organization.uuid, prefix: "org") },
            address: address, requestID: "request")
    }

    func isLetIn(_ token: String) async -> Bool { (try? await caller(token)) != nil }
}

struct NoSuchPayload: Error {
    let answer: String
}
