package import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine
import Twilio

/// `configureMessagingAccount`: how fast an account may go, and whether a messaging service of Twilio's sends for it.
package struct ConfigureMessagingAccount: Sendable {
    private let credentials: CredentialManager

    package init(credentials: CredentialManager) {
        self.credentials = credentials
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        let input = request.input
        var errors: [UserError] = []
        let credential = input["credentialId"]?.stringValue.flatMap { OpaqueID.decode($0, prefix: "cred") }
        if credential == nil { errors.append(Refusal.noSuchCredential) }
        let rate = input["messagesPerSecond"]
        let speed = rate?.doubleValue
        if let rate, !rate.isNull, !(0...10_000).contains(speed ?? -1) {
            errors.append(
                UserError(
                    code: "INVALID_RATE", message: "Expected messages a second, up to 10,000: 0 or null for no limit.",
                    field: ["messagesPerSecond"]))
        }
        let given = input["messagingServiceSid"]
        let service = given?.stringValue.flatMap { MessagingServiceSid($0) }
        if let given, !given.isNull, service == nil { errors.append(Self.noSuchService) }
        guard let credential, errors.isEmpty else { return try await request.refuse(errors) }
        if let service, let refusal = try await ask(for: service, credential, request) {
            return try await request.refuse([refusal])
        }
        return try await request.commit { transaction in
            let usable = try await transaction.execute(
                MessagingQueries.credential, [.organization(request.organization), .uuid(credential)])
            guard usable.count == 1 else { return .refused([Refusal.noSuchCredential]) }
            let key: [PostgresValue] = [.organization(request.organization), .uuid(credential)]
            _ = try await transaction.execute([
                (MessagingQueries.makeAccount, key),
                (
                    MessagingQueries.configureAccount,
                    key + [
                        .bool(rate != nil), PostgresValue(speed.map { "\($0)" }), .bool(given != nil),
                        PostgresValue(service?.description),
                    ]
                ),
            ])
            return .done(["account": .row(credential)])
        }
    }

    /// Twilio is asked whether the account has the service.
    private func ask(
        for service: MessagingServiceSid, _ credential: UUID, _ request: CommandRequest
    ) async throws -> UserError? {
        do {
            let lease = try await credentials.lease(request.organization, credential: credential, purpose: .verify)
            _ = try await lease.client.messagingServices.fetch(service)
            return nil
        } catch LeaseError.noCredential {
            return Refusal.noSuchCredential
        } catch let error as TwilioCallError {
            if case .refused(let refusal) = error, refusal.status == 404 { return Self.noSuchService }
            return UserError(
                code: "TWILIO_UNREACHABLE",
                message: "Twilio could not be asked for this messaging service just now; try again in a moment.",
                field: ["messagingServiceSid"])
        }
    }

    private static let noSuchService = UserError(
        code: "NO_SUCH_SERVICE",
        message: "Expected the SID of a messaging service of this account, \"MG\" and 32 digits; the Twilio console "
            + "lists them under Messaging, Services.",
        field: ["messagingServiceSid"])
}
