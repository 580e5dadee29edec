package import Audit
import Contacts
import Credentials
import Foundation
import GraphQL
import OrderedCollections
import Postgres
package import QueryEngine

/// `recordOptOut`: an entry by hand.
package struct RecordOptOut: Sendable {
    private let audit: AuditLog

    package init(audit: AuditLog) {
        self.audit = audit
    }

    package func callAsFunction(_ request: CommandRequest) async throws -> Committed {
        var errors: [UserError] = []
        let phone = request.input["phone"]?.stringValue.flatMap(E164.init)
        if phone == nil {
            errors.append(UserError(code: "INVALID_PHONE", message: E164.expectation, field: ["phone"]))
        }
        let reason = request.input["reason"]?.stringValue ?? ""
        if let error = OptOutReason.error(reason) { errors.append(error) }
        guard let phone, errors.isEmpty else { return try await PhoneAdvice.refuse(errors, request) }
        let group = request.input["senderGroup"]?.stringValue
        return try await request.commit { transaction in
            let organization = PostgresValue.organization(request.organization)
            if let group {
                let known = try await transaction.execute(
                    OptOutQueries.knowsGroup, [organization, .text(group.filter { $0 != "\u{0}" })])
                guard known.count == 1 else {
                    return .refused([
                        UserError(
                            code: "UNKNOWN_GROUP",
                            message: "No number is in this group; `phoneNumbers` tells which groups there are.",
                            field: ["senderGroup"])
                    ])
                }
            }
            let contact = try await ContactStore.findOrCreate(phone: phone, in: transaction)
            let entry = try await OptOutRegister.record(
                .init(contact: contact.id, phone: phone.description, source: .manual, reason: reason), group: group,
                in: transaction)
            if entry.isNew {
                try await audit.append(
                    AuditEvent(
                        actor: request.caller.actor, action: "opt_out.record", subjectKind: "OPT_OUT",
                        subjectID: entry.id, requestID: request.caller.requestID),
                    in: transaction)
            }
            return .done(["optOut": .row(entry.id)])
        }
    }
}

/// Why something was entered by hand.
enum OptOutReason {
    static func error(_ reason: String) -> UserError? {
        let length = reason.unicodeScalars.count
        if (1...500).contains(length), !reason.allSatisfy(\.isWhitespace), !reason.utf8.contains(0) { return nil }
        return UserError(
            code: "INVALID_REASON", message: "Expected 1 to 500 characters that say how it is known.",
            field: ["reason"])
    }
}
