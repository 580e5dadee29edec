package import FoundationEssentials

/// Who uses a number. https://www.twilio.com/docs/phone-numbers/regulatory/api/end-users
package struct EndUser: AccountResource {
    package let sid: EndUserSid
    package let accountSid: AccountSid
    package let friendlyName: String?
    package let type: EndUser.Kind?
    package let attributes: OpenJSON?
    package let dateCreated: Date?
    package let dateUpdated: Date?
}

extension EndUser {
    package struct Kind: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let individual = Self(rawValue: "individual")
        package static let business = Self(rawValue: "business")
    }

    package struct Creation: Parameters {
        package var friendlyName: String
        package var type: EndUser.Kind
        package var attributes: OpenJSON?

        package init(friendlyName: String, type: EndUser.Kind) {
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

/// A kind of end user or supporting document, and what is asked of it.
package struct RequirementType<Sid: Decodable & Sendable>: Decodable, Sendable {
    package let sid: Sid
    package let friendlyName: String?
    package let machineName: String?
    package let fields: [RequirementField]?
}

package struct RequirementField: Decodable, Sendable {
    package let friendlyName: String?
    package let machineName: String?
    package let constraint: String?
}

/// End users of the account.
package struct EndUsers: Sendable {
    let place: ResourcePlace

    package func create(_ user: EndUser.Creation) async -> CreationOutcome<EndUser> { await place.create(user) }

    package func fetch(_ sid: EndUserSid) async throws(TwilioCallError) -> EndUser { try await place.at(sid).fetch() }

    package func list(pageSize: Int = 50) -> ResourceList<EndUser> { place.list("results", pageSize: pageSize) }

    package func update(_ sid: EndUserSid, _ update: EndUser.Update) async throws(TwilioCallError) -> EndUser {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: EndUserSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}
