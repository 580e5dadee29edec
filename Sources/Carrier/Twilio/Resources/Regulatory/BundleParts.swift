package import FoundationEssentials

/// Whether a bundle has what its regulation asks for. https://www.twilio.com/docs/phone-numbers/regulatory/api/evaluations
package struct Evaluation: AccountResource {
    package let sid: EvaluationSid
    package let accountSid: AccountSid
    package let regulationSid: RegulationSid?
    package let bundleSid: BundleSid?
    package let status: Evaluation.Status?
    package let results: [Result]?
    package let dateCreated: Date?

    package struct Result: Decodable, Sendable {
        package let friendlyName: String?
        package let objectType: String?
        package let passed: Bool?
        package let failureReason: String?
        package let errorCode: Int?
        package let requirementFriendlyName: String?
        package let requirementName: String?
        package let valid: [Field]?
        package let invalid: [Field]?
    }

    package struct Field: Decodable, Sendable {
        package let friendlyName: String?
        package let objectField: String?
        package let failureReason: String?
        package let errorCode: Int?
    }
}

extension Evaluation {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let compliant = Self(rawValue: "compliant")
        package static let noncompliant = Self(rawValue: "noncompliant")
    }
}

/// An end user or document in a bundle. https://www.twilio.com/docs/phone-numbers/regulatory/api/item-assignments
package struct ItemAssignment: AccountResource {
    package let sid: ItemAssignmentSid
    package let accountSid: AccountSid
    package let bundleSid: BundleSid?
    package let objectSid: String?
    package let dateCreated: Date?
}

extension ItemAssignment {
    package struct Creation: Parameters {
        /// The SID of an end user or of a supporting document.
        package var objectSid: String

        package init(_ endUser: EndUserSid) {
            objectSid = endUser.text
        }

        package init(_ document: SupportingDocumentSid) {
            objectSid = document.text
        }
    }
}

/// The evaluations of one bundle.
package struct Evaluations: Sendable {
    let place: ResourcePlace

    package func create() async -> CreationOutcome<Evaluation> { await place.create(NoParameters()) }

    package func fetch(_ sid: EvaluationSid) async throws(TwilioCallError) -> Evaluation {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<Evaluation> { place.list("results", pageSize: pageSize) }
}

/// What is in one bundle.
package struct ItemAssignments: Sendable {
    let place: ResourcePlace

    package func create(_ item: ItemAssignment.Creation) async -> CreationOutcome<ItemAssignment> {
        await place.create(item)
    }

    package func fetch(_ sid: ItemAssignmentSid) async throws(TwilioCallError) -> ItemAssignment {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<ItemAssignment> { place.list("results", pageSize: pageSize) }

    package func delete(_ sid: ItemAssignmentSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}
