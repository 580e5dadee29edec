import Audit
import Foundation
import GraphQL
package import QueryEngine

/// Why accounts do not do what was asked, each with what to do. What cannot be put right, such as a database that does
/// not answer, is ``fault``.
package enum AccountRefusal: Error {
    case wrongCredentials
    case invalidToken
    /// It was used before. That stands in the audit already, with the session that it ended.
    case reusedToken
    case tooManyAttempts(Duration)
    case busy
    case weakPassword
    case invalidEmail
    case invalidName
    case invalidLabel
    case invalidExpiry
    case roleTooHigh
    case notFound(String)
    case lastOwner
    case alreadyMember
    case notAUser
    case signedOut
    case fault(any Error)

    /// Runs what may fail in a way that nobody here can put right.
    static func passing<R: Sendable>(_ body: () async throws -> R) async throws(AccountRefusal) -> R {
        do {
            return try await body()
        } catch let refusal as AccountRefusal {
            throw refusal
        } catch {
            throw .fault(error)
        }
    }

    /// For the payload.
    ///
    /// - Throws: the fault behind it, which is no user error.
    package func userError() throws -> UserError {
        switch self {
        case .wrongCredentials:
            UserError(
                code: "WRONG_CREDENTIALS",
                message: "E-mail and password do not fit. Check both, or reset the password.")
        case .invalidToken, .reusedToken:
            UserError(
                code: "INVALID_TOKEN",
                message: "This token is not known, was used already, or has expired; get a new one.",
                field: ["token"])
        case .tooManyAttempts(let wait):
            UserError(
                code: "TOO_MANY_ATTEMPTS",
                message: "Too many attempts; try again in \(max(1, wait.components.seconds)) s.")
        case .busy:
            UserError(code: "BUSY", message: "Too many sign in at this moment; try again in a few seconds.")
        case .weakPassword:
            UserError(code: "WEAK_PASSWORD", message: PasswordRule.expectation, field: ["password"])
        case .invalidEmail:
            UserError(
                code: "INVALID_EMAIL", message: "Expected an e-mail address such as name@example.com.",
                field: ["email"])
        case .invalidName:
            UserError(code: "INVALID_NAME", message: "Expected 1 to 200 characters.", field: ["name"])
        case .invalidLabel:
            UserError(code: "INVALID_LABEL", message: "Expected 1 to 200 characters.", field: ["label"])
        case .invalidExpiry:
            UserError(
                code: "INVALID_EXPIRY", message: "Expected a moment in the future, or none at all.",
                field: ["expiresAt"])
        case .roleTooHigh:
            UserError(
                code: "ROLE_TOO_HIGH", message: "Nobody gives, changes or takes a role above their own.",
                field: ["role"])
        case .notFound(let what):
            UserError(code: "NOT_FOUND", message: "There is no such \(what).", field: ["id"])
        case .lastOwner:
            UserError(
                code: "LAST_OWNER",
                message: "This is the organization's last owner. Make somebody else an owner first.", field: ["id"])
        case .alreadyMember:
            UserError(code: "ALREADY_MEMBER", message: "This user belongs to the organization already.")
        case .notAUser:
            UserError(
                code: "NOT_A_USER",
                message: "Only somebody who signed in here has a session and a password; an API key has neither.")
        case .signedOut:
            UserError(code: "SIGNED_OUT", message: "This session has ended meanwhile; sign in again.")
        case .fault(let error): throw error
        }
    }
}

extension AccountDesk {
    /// Carries out a body whose refusals are user errors. An attempt at what the caller is not entitled to is audited, as
    /// this action, where the caller belongs; what the body has audited by itself is not written twice.
    ///
    /// - Parameter kind: what the action is about, as the audit names it.
    func answering(
        _ request: CommandRequest, _ action: String, on kind: String, _ body: () async throws -> Committed
    ) async throws -> Committed {
        do {
            return try await body()
        } catch let refusal as AccountRefusal {
            if let reason = refusal.denial {
                await finder.denied.record(
                    request.caller.event(action, outcome: .refused, on: kind, purpose: reason),
                    of: request.caller.organization ?? .platform)
            }
            return try await request.refuse([try refusal.userError()])
        }
    }
}

extension AccountRefusal {
    /// Why this is a denied attempt, as the audit says it; `nil` for a mistake, and for what is audited where it is found.
    fileprivate var denial: String? {
        switch self {
        case .roleTooHigh: "ROLE_TOO_HIGH"
        case .lastOwner: "LAST_OWNER"
        case .invalidToken: "INVALID_TOKEN"
        case .notAUser: "NOT_A_USER"
        case .signedOut: "SIGNED_OUT"
        case .wrongCredentials, .reusedToken, .tooManyAttempts, .busy, .weakPassword, .invalidEmail, .invalidName,
            .invalidLabel, .invalidExpiry, .notFound, .alreadyMember, .fault:
            nil
        }
    }
}
