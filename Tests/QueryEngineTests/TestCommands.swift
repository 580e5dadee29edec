import Foundation
import GraphQL
import OrderedCollections
import Postgres
import QueryEngine

/// Commands and resolvers for the names that the schema binds: enough to see what the engine does with them.
enum TestCommands {
    static let all: [String: CommandBody] = [
        "createContact": createContact,
        "registerTwilioCredential": refuse, "verifyCredential": refuse, "rotateTwilioCredential": refuse,
        "makeDefaultCredential": refuse, "revokeCredential": refuse,
        "sendMessage": refuse, "startSync": refuse, "signIn": refuse, "refreshSession": refuse, "signOut": refuse,
        "signOutEverywhere": refuse, "requestPasswordReset": refuse, "resetPassword": refuse,
        "changePassword": refuse, "inviteUser": refuse, "revokeInvitation": refuse, "acceptInvitation": refuse,
        "updateMember": refuse, "removeMember": refuse, "createApiKey": refuse, "revokeApiKey": refuse,
        "configurePhoneNumber": refuse, "configureMessagingAccount": refuse, "scheduleMessage": refuse,
        "rescheduleMessage": refuse, "cancelScheduledMessage": refuse, "sendBulkMessage": refuse,
        "pauseBulkMessage": refuse, "resumeBulkMessage": refuse, "cancelBulkMessage": refuse,
        "updateSettings": refuse, "updateContact": refuse, "mergeContacts": refuse, "addContactTags": refuse,
        "removeContactTags": refuse, "importContacts": refuse,
        "createTemplate": refuse, "updateTemplate": refuse, "duplicateTemplate": refuse, "archiveTemplate": refuse,
        "redactMessage": refuse, "createMediaLink": refuse, "markConversationRead": refuse,
        "assignConversation": refuse,
        "recordOptOut": refuse, "endOptOut": refuse, "setSenderGroup": refuse,
    ]

    static let resolvers: [String: Resolver] = [
        "viewer": { request in
            [
                "kind": "API_KEY", "role": .string(request.caller.role.rawValue),
                "organizationId": request.caller.organization.map {
                    .string(OpaqueID.encode($0.uuid, prefix: "org"))
                } ?? .null,
                "user": .null, "memberships": .array([]),
            ]
        },
        "messagePreview": { _ in .null },
    ]

    private static let refuse: CommandBody = { request in
        try await request.refuse([
            UserError(code: "REFUSED", message: "Not in this test.", field: ["input", "id"])
        ])
    }

    struct Broken: Error {}

    private static let insert = Statement(
        "INSERT INTO contacts (org_id, phone, name) VALUES ($1, $2, $3) RETURNING id")

    /// Inserts, and then does as the name says.
    private static let createContact: CommandBody = { request in
        let input = request.input
        let name = input["name"]?.stringValue
        if name == "refused before" {
            return try await request.refuse([UserError(code: "INVALID_NAME", message: "Another name.")])
        }
        return try await request.commit { transaction in
            let result = try await transaction.execute(
                insert,
                [
                    .organization(request.organization), PostgresValue(input["phone"]?.stringValue),
                    PostgresValue(name),
                ])
            guard let id = result.rows.first?.uuid("id") else { throw Broken() }
            switch name {
            case "refused inside":
                return .refused([UserError(code: "CONTACT_EXISTS", message: "There is one.", field: ["phone"])])
            case "broken": throw Broken()
            default: return .done(["contact": .row(id)])
            }
        }
    }
}
