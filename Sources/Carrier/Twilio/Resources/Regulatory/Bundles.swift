package import FoundationEssentials

/// What a regulator wants to know before a number may be bought. https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles
package struct RegulatoryBundle: AccountResource {
    package let sid: BundleSid
    package let accountSid: AccountSid
    package let regulationSid: RegulationSid?
    package let friendlyName: String?
    package let status: RegulatoryBundle.Status?
    package let validUntil: Date?
    package let email: String?
    package let statusCallback: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
}

/// A copy of a bundle in another account.
package struct BundleClone: Decodable, Sendable {
    package let bundleSid: BundleSid
    package let accountSid: AccountSid
    package let regulationSid: RegulationSid?
    package let friendlyName: String?
    package let status: RegulatoryBundle.Status?
    package let validUntil: Date?
    package let email: String?
    package let statusCallback: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
}

extension RegulatoryBundle {
    package struct Status: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let draft = Self(rawValue: "draft")
        package static let pendingReview = Self(rawValue: "pending-review")
        package static let inReview = Self(rawValue: "in-review")
        package static let twilioRejected = Self(rawValue: "twilio-rejected")
        package static let twilioApproved = Self(rawValue: "twilio-approved")
        package static let provisionallyApproved = Self(rawValue: "provisionally-approved")
    }

    package struct SortBy: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let validUntil = Self(rawValue: "valid-until")
        package static let dateUpdated = Self(rawValue: "date-updated")
    }

    package struct SortDirection: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let asc = Self(rawValue: "ASC")
        package static let desc = Self(rawValue: "DESC")
    }

    package struct Creation: Parameters {
        package var friendlyName: String
        package var email: String
        package var statusCallback: String?
        package var regulationSid: RegulationSid?
        /// ISO 3166-1 alpha-2.
        package var isoCountry: String?
        package var endUserType: EndUser.Kind?
        package var numberType: String?
        package var isTest: Bool?

        package init(friendlyName: String, email: String) {
            self.friendlyName = friendlyName
            self.email = email
        }
    }

    /// `pending-review` hands it in; `draft` takes it back.
    package struct Update: Parameters {
        package var status: RegulatoryBundle.Status?
        package var statusCallback: String?
        package var friendlyName: String?
        package var email: String?

        package init() {}
    }

    package struct Filter: Parameters {
        package var status: RegulatoryBundle.Status?
        /// With commas.
        package var bundleSids: String?
        package var friendlyName: String?
        package var regulationSid: RegulationSid?
        /// ISO 3166-1 alpha-2.
        package var isoCountry: String?
        package var numberType: String?
        package var endUserType: EndUser.Kind?
        package var hasValidUntilDate: Bool?
        package var sortBy: RegulatoryBundle.SortBy?
        package var sortDirection: RegulatoryBundle.SortDirection?
        package var validUntilDate: TimeFilter?

        package init() {}
    }
}

extension BundleClone {
    package struct Creation: Parameters {
        package var targetAccountSid: AccountSid
        package var moveToDraft: Bool?
        package var friendlyName: String?

        package init(targetAccountSid: AccountSid) {
            self.targetAccountSid = targetAccountSid
        }
    }
}

/// Regulatory bundles of the account.
package struct Bundles: Sendable {
    let place: ResourcePlace

    package func create(_ bundle: RegulatoryBundle.Creation) async -> CreationOutcome<RegulatoryBundle> {
        await place.create(bundle)
    }

    package func fetch(_ sid: BundleSid) async throws(TwilioCallError) -> RegulatoryBundle {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: RegulatoryBundle.Filter = .init(), pageSize: Int = 50) -> ResourceList<RegulatoryBundle>
    {
        place.list("results", filter, pageSize: pageSize)
    }

    package func update(_ sid: BundleSid, _ update: RegulatoryBundle.Update) async throws(TwilioCallError)
        -> RegulatoryBundle
    {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: BundleSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    package func copies(of bundle: BundleSid) -> BundleCopies { BundleCopies(place: place.at(bundle).at("Copies")) }

    package func evaluations(of bundle: BundleSid) -> Evaluations {
        Evaluations(place: place.at(bundle).at("Evaluations"))
    }

    package func itemAssignments(of bundle: BundleSid) -> ItemAssignments {
        ItemAssignments(place: place.at(bundle).at("ItemAssignments"))
    }

    package func createClone(of bundle: BundleSid, _ clone: BundleClone.Creation) async -> CreationOutcome<BundleClone>
    { await place.at(bundle).at("Clones").create(clone) }

    /// Replaces the items of a bundle by those of another one.
    package func replaceItems(of bundle: BundleSid, from other: BundleSid) async -> CreationOutcome<RegulatoryBundle> {
        await place.at(bundle).at("ReplaceItems").create(ReplacingItems(fromBundleSid: other))
    }

    private struct ReplacingItems: Parameters {
        let fromBundleSid: BundleSid
    }
}

/// Copies of one bundle, to be changed without touching it.
package struct BundleCopies: Sendable {
    let place: ResourcePlace

    package func create(friendlyName: String? = nil) async -> CreationOutcome<RegulatoryBundle> {
        await place.create(Naming(friendlyName: friendlyName))
    }

    package func list(pageSize: Int = 50) -> ResourceList<RegulatoryBundle> {
        place.list("results", pageSize: pageSize)
    }

    private struct Naming: Parameters {
        let friendlyName: String?
    }
}
