import Foundation
import GraphQL
import OrderedCollections

extension Journey {
    private static let byID = "query ByID($id: ID!) { message(id: $id) { id body status } }"
    private static let byNode = "query ByNode($id: ID!) { node(id: $id) { __typename id ... on Message { body } } }"
    private static let byContact = """
        query ByContact($contact: ID!) { messages(filter: { contactId: $contact }) { nodes { id body } totalCount } }
        """
    private static let lists = """
        query Lists {
          messages(first: 100) { nodes { id } totalCount }
          contacts(first: 100) { nodes { id } totalCount }
          conversations(first: 100) { nodes { id } totalCount }
          phoneNumbers(first: 100) { nodes { id } totalCount }
        }
        """

    func keepApart(_ message: JSONValue) async throws {
        console.step("\(b.name) asks for \(a.name)'s message")
        let id = message.stringValue ?? ""
        let owned = try await a.data(
            "query Contact($id: ID!) { message(id: $id) { contact { id } } }", ["id": message])
        let contact = owned["message"]?["contact"]?["id"]?.stringValue ?? ""
        let questions: [(String, String, String, String)] = [
            ("by its id", Self.byID, "id", id), ("by node", Self.byNode, "id", id),
            ("by a list filtered by its contact", Self.byContact, "contact", contact),
        ]
        for (how, document, variable, value) in questions {
            let foreign = try await b.ask(document, .object([variable: .string(value)]))
            let invented = try await b.ask(document, .object([variable: .string(Self.neverExisted(like: value))]))
            try expect(
                foreign == invented, "\(how), the answer is that of an id that never existed",
                "\(foreign.compact) and \(invented.compact)")
        }
        let lists = try await b.ask(Self.lists)
        try expect(!lists.compact.contains(id) && !lists.compact.contains(contact), "and no list shows it")
    }

    func audit() async throws {
        console.step("The platform's admin looks")
        let answer = try await admin.data(
            """
            query Platform($id: ID!) {
              platform {
                organizations(first: 10) { nodes { id name messages messagesOutbound messagesInbound } }
                auditEvents(first: 20, filter: { organizationId: $id }) {
                  nodes { occurredAt actorKind action outcome subjectKind subjectId purpose }
                }
              }
            }
            """,
            ["id": .string(try await organizationID())])
        let organizations = answer["platform"]?["organizations"]?["nodes"]?.arrayValue ?? []
        let own = organizations.first { $0["name"]?.stringValue == clinicA.name }
        try expect(
            (own?["messagesOutbound"]?.intValue ?? 0) > 0 && (own?["messagesInbound"]?.intValue ?? 0) > 0,
            "messages are counted for each organization", own?.compact ?? "")
        let events = answer["platform"]?["auditEvents"]?["nodes"]?.arrayValue ?? []
        let actions = events.compactMap { $0["action"]?.stringValue }
        try expect(
            actions.contains("credential.register") && actions.contains("credential.lease"),
            "the audit tells what was done with \(a.name)'s credential", "\(actions)")
        try expect(
            events.contains { $0["outcome"]?.stringValue == "REFUSED" }, "and what was refused", "\(events)")
        let text = answer.compact
        try expect(
            !text.contains("appointment") && !text.contains(Self.patient)
                && !secrets.contains { text.contains($0) },
            "without a body, a phone or a secret")
        let content = try await admin.ask("query Content { messages(first: 1) { nodes { body } } }")
        try expect(
            content["errors"]?.arrayValue?.first?["extensions"]?["code"]?.stringValue == "FORBIDDEN",
            "and asking for bodies is FORBIDDEN", content.compact)
    }

    private func organizationID() async throws -> String {
        try await a.data("query Me { organization { id name } viewer { role } }")["organization"]?["id"]?.stringValue
            ?? ""
    }

    /// An id of the same type that no row has.
    private static func neverExisted(like id: String) -> String {
        let prefix = id.split(separator: "_").first ?? ""
        return "\(prefix)_" + UUID().uuidString.replacing("-", with: "").lowercased()
    }
}
