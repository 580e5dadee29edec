import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

extension AccountDesk {
    /// The mutations of `Schema/Accounts.graphql`, by the names that it binds.
    package var commands: [String: CommandBody] {
        [
            "signIn": signIn, "refreshSession": refreshSession, "signOut": signOut,
            "signOutEverywhere": signOutEverywhere, "requestPasswordReset": requestPasswordReset,
            "resetPassword": resetPassword, "changePassword": changePassword, "inviteUser": inviteUser,
            "revokeInvitation": revokeInvitation, "acceptInvitation": acceptInvitation,
            "updateMember": updateMember, "removeMember": removeMember, "createApiKey": createAPIKey,
            "revokeApiKey": revokeAPIKey,
        ]
    }

    package var resolvers: [String: Resolver] { ["viewer": viewer.resolve] }

    // MARK: Sessions

    private func signIn(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "user.sign_in", on: "SESSION") {
            let tokens = try await sessions.signIn(
                email: request.text("email"), password: request.text("password"), by: request.caller)
            return try await request.answer(["session": try await viewer.session(tokens)])
        }
    }

    private func refreshSession(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "session.refresh", on: "SESSION") {
            let tokens = try await sessions.refresh(request.text("refreshToken"), by: request.caller)
            return try await request.answer(["session": try await viewer.session(tokens)])
        }
    }

    private func signOut(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "user.sign_out", on: "SESSION") {
            guard case .user(let user, let session) = request.caller.kind else { throw AccountRefusal.notAUser }
            try await sessions.end(session, of: user, by: request.caller)
            authenticator.forget()
            return try await request.answer([:])
        }
    }

    private func signOutEverywhere(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "user.sign_out_everywhere", on: "USER") {
            guard case .user(let user, _) = request.caller.kind else { throw AccountRefusal.notAUser }
            try await sessions.endAll(of: user, by: request.caller)
            authenticator.forget()
            return try await request.answer([:])
        }
    }

    // MARK: Passwords

    private func requestPasswordReset(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "user.request_password_reset", on: "USER") {
            try await passwords.requestReset(email: request.text("email"), by: request.caller)
            return try await request.answer([:])
        }
    }

    private func resetPassword(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "user.reset_password", on: "USER") {
            try await passwords.reset(
                token: request.text("token"), password: request.text("password"), by: request.caller)
            authenticator.forget()
            return try await request.answer([:])
        }
    }

    private func changePassword(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "user.change_password", on: "USER") {
            try await passwords.change(
                current: request.text("currentPassword"), new: request.text("password"), by: request.caller)
            authenticator.forget()
            return try await request.answer([:])
        }
    }

    // MARK: Members

    private func inviteUser(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "invitation.create", on: "INVITATION") {
            let email = Email.normalized(request.text("email"))
            guard Email.isPlausible(email) else { throw AccountRefusal.invalidEmail }
            let role = try request.role()
            try await members.check.count(invitationOf: request.organization, by: request.caller)
            return try await request.commit { transaction in
                let invited = try await members.invite(
                    email: email, role: role, by: request.caller, in: transaction)
                return .done(["invitation": .row(invited.id), "token": .json(.string(invited.token))])
            }
        }
    }

    private func revokeInvitation(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "invitation.revoke", on: "INVITATION") {
            let id = try request.id(prefix: "inv", "invitation")
            return try await request.commit { transaction in
                try await members.revokeInvitation(id, by: request.caller, in: transaction)
                return .done(["invitation": .row(id)])
            }
        }
    }

    private func acceptInvitation(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "invitation.accept", on: "INVITATION") {
            let user = try await members.accept(
                token: request.text("token"), password: request.text("password"),
                name: request.input["name"]?.stringValue, by: request.caller)
            let tokens = try await sessions.open(for: user, by: request.caller)
            return try await request.answer(["session": try await viewer.session(tokens)])
        }
    }

    private func updateMember(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "membership.update", on: "MEMBERSHIP") {
            let id = try request.id(prefix: "mem", "member")
            let role = try request.role()
            let committed = try await request.commit { transaction in
                try await members.setRole(role, of: id, by: request.caller, in: transaction)
                return .done(["member": .row(id)])
            }
            authenticator.forget()
            return committed
        }
    }

    private func removeMember(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "membership.remove", on: "MEMBERSHIP") {
            let id = try request.id(prefix: "mem", "member")
            let committed = try await request.commit { transaction in
                try await members.remove(id, by: request.caller, in: transaction)
                return .done(["removedId": .json(.string(OpaqueID.encode(id, prefix: "mem")))])
            }
            authenticator.forget()
            return committed
        }
    }

    // MARK: API keys

    private func createAPIKey(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "api_key.create", on: "API_KEY") {
            let label = request.text("label")
            guard (1...200).contains(label.unicodeScalars.count), !label.utf8.contains(0) else {
                throw AccountRefusal.invalidLabel
            }
            let role = try request.role()
            guard role.isOfOrganization, role <= request.caller.role else { throw AccountRefusal.roleTooHigh }
            var expiresAt: Date?
            if let text = request.input["expiresAt"]?.stringValue {
                guard let date = Self.moment(text), date > Date() else { throw AccountRefusal.invalidExpiry }
                expiresAt = date
            }
            let end = expiresAt
            return try await request.commit { transaction in
                let issued = try await keys.issue(
                    role: role, label: label, expiresAt: end,
                    event: request.caller.event("api_key.create", on: "API_KEY"), in: transaction)
                return .done(["apiKey": .row(issued.id), "token": .json(.string(issued.token))])
            }
        }
    }

    private func revokeAPIKey(_ request: CommandRequest) async throws -> Committed {
        try await answering(request, "api_key.revoke", on: "API_KEY") {
            let id = try request.id(prefix: "key", "API key")
            let committed = try await request.commit { transaction in
                guard let role = try await keys.role(of: id, in: transaction) else {
                    throw AccountRefusal.notFound("API key")
                }
                guard role <= request.caller.role else { throw AccountRefusal.roleTooHigh }
                try await keys.revoke(
                    id, event: request.caller.event("api_key.revoke", on: "API_KEY", id), in: transaction)
                return .done(["apiKey": .row(id)])
            }
            authenticator.forget()
            return committed
        }
    }

    /// RFC 3339, with or without fractions of a second.
    private static func moment(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}

extension CommandRequest {
    /// A required text of the input.
    fileprivate func text(_ name: String) -> String { input[name]?.stringValue ?? "" }

    fileprivate func id(prefix: String, _ what: String) throws -> UUID {
        guard let id = OpaqueID.decode(text("id"), prefix: prefix) else { throw AccountRefusal.notFound(what) }
        return id
    }

    fileprivate func role() throws -> Role {
        guard let role = Role(rawValue: text("role")) else { throw AccountRefusal.roleTooHigh }
        return role
    }
}
