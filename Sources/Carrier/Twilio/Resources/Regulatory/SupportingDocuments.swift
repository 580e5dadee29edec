package import FoundationEssentials

/// A proof. https://www.twilio.com/docs/phone-numbers/regulatory/api/supporting-documents
package struct SupportingDocument: AccountResource {
    package let sid: SupportingDocumentSid
    package let accountSid: AccountSid
    package let friendlyName: String?
    package let mimeType: String?
    package let status: SupportingDocument.Status?
    package let failureReason: String?
    package let errors: [Fault]?
    package let type: String?
    package let attributes: OpenJSON?
    package let dateCreated: Date?
    package let dateUpdated: Date?

    package struct Fault: Decodable, Sendable {
        package let code: Int?
    }
}

extension SupportingDocument {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let draft = Self(rawValue: "draft")
        package static let pendingReview = Self(rawValue: "pending-review")
        package static let rejected = Self(rawValue: "rejected")
        package static let approved = Self(rawValue: "approved")
        package static let expired = Self(rawValue: "expired")
        package static let provisionallyApproved = Self(rawValue: "provisionally-approved")
    }

    package struct Creation: Parameters {
        package var friendlyName: String
        package var type: String
        package var attributes: OpenJSON?

        package init(friendlyName: String, type: String) {
            self.friendlyName = friendlyName
            self.type = type
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?
        package var attributes: OpenJSON?

        package init() {}
    }
}

/// Supporting documents of the account.
package struct SupportingDocuments: Sendable {
    let place: ResourcePlace

    package func create(_ document: SupportingDocument.Creation) async -> CreationOutcome<SupportingDocument> {
        await place.create(document)
    }

    package func fetch(_ sid: SupportingDocumentSid) async throws(TwilioCallError) -> SupportingDocument {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<SupportingDocument> {
        place.list("results", pageSize: pageSize)
    }

    package func update(_ sid: SupportingDocumentSid, _ update: SupportingDocument.Update) async throws(TwilioCallError)
        -> SupportingDocument
    { try await place.at(sid).update(update) }

    package func delete(_ sid: SupportingDocumentSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}
