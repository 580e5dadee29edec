package import FoundationEssentials

/// A call to a URL when usage reaches a value. https://www.twilio.com/docs/usage/api/usage-trigger
package struct UsageTrigger: AccountResource {
    package let sid: UsageTriggerSid
    package let accountSid: AccountSid
    package let callbackMethod: HTTPMethod?
    package let callbackUrl: String?
    package let currentValue: Decimal?
    package let dateCreated: Date?
    package let dateFired: Date?
    package let dateUpdated: Date?
    package let friendlyName: String?
    package let recurring: UsageTrigger.Recurring?
    package let triggerBy: UsageTrigger.TriggerField?
    package let triggerValue: Decimal?
    package let usageCategory: String?
    package let usageRecordUri: String?
}

extension UsageTrigger {
    package struct Recurring: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let daily = Self(rawValue: "daily")
        package static let monthly = Self(rawValue: "monthly")
        package static let yearly = Self(rawValue: "yearly")
        package static let alltime = Self(rawValue: "alltime")
    }

    /// By what a trigger counts; `price` when not said.
    package struct TriggerField: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let count = Self(rawValue: "count")
        package static let usage = Self(rawValue: "usage")
        package static let price = Self(rawValue: "price")
    }

    package struct Creation: Parameters {
        package var callbackUrl: String
        /// A decimal; `+10` means ten more than now.
        package var triggerValue: String
        package var usageCategory: String
        package var callbackMethod: HTTPMethod?
        package var friendlyName: String?
        package var recurring: UsageTrigger.Recurring?
        package var triggerBy: UsageTrigger.TriggerField?

        package init(callbackUrl: String, triggerValue: String, usageCategory: String) {
            self.callbackUrl = callbackUrl
            self.triggerValue = triggerValue
            self.usageCategory = usageCategory
        }
    }

    package struct Update: Parameters {
        package var callbackMethod: HTTPMethod?
        package var callbackUrl: String?
        package var friendlyName: String?

        package init() {}
    }

    package struct Filter: Parameters {
        package var recurring: UsageTrigger.Recurring?
        package var triggerBy: UsageTrigger.TriggerField?
        package var usageCategory: String?

        package init() {}
    }
}

/// Usage triggers of the account.
package struct UsageTriggers: Sendable {
    let place: ResourcePlace

    package func create(_ trigger: UsageTrigger.Creation) async -> CreationOutcome<UsageTrigger> {
        await place.create(trigger)
    }

    package func fetch(_ sid: UsageTriggerSid) async throws(TwilioCallError) -> UsageTrigger {
        try await place.at(sid).fetch()
    }

    package func list(_ filter: UsageTrigger.Filter = .init(), pageSize: Int = 50) -> ResourceList<UsageTrigger> {
        place.list("usageTriggers", filter, pageSize: pageSize)
    }

    package func update(_ sid: UsageTriggerSid, _ update: UsageTrigger.Update) async throws(TwilioCallError)
        -> UsageTrigger
    { try await place.at(sid).update(update) }

    package func delete(_ sid: UsageTriggerSid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension TwilioClient {
    package var usageTriggers: UsageTriggers { UsageTriggers(place: place("Usage/Triggers")) }
}
