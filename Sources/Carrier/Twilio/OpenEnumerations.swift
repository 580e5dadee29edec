/// Words that Twilio may add to at any time: known ones have names here, unknown ones are kept as they came.
package protocol OpenEnumeration: RawRepresentable, Sendable, Hashable, Decodable where RawValue == String {
    init(rawValue: String)
}

package struct MessageStatus: OpenEnumeration {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let accepted = MessageStatus(rawValue: "accepted")
    package static let scheduled = MessageStatus(rawValue: "scheduled")
    package static let queued = MessageStatus(rawValue: "queued")
    package static let sending = MessageStatus(rawValue: "sending")
    package static let sent = MessageStatus(rawValue: "sent")
    package static let delivered = MessageStatus(rawValue: "delivered")
    package static let undelivered = MessageStatus(rawValue: "undelivered")
    package static let failed = MessageStatus(rawValue: "failed")
    package static let canceled = MessageStatus(rawValue: "canceled")
    package static let receiving = MessageStatus(rawValue: "receiving")
    package static let received = MessageStatus(rawValue: "received")
    package static let read = MessageStatus(rawValue: "read")
    package static let partiallyDelivered = MessageStatus(rawValue: "partially_delivered")
}

package struct MessageDirection: OpenEnumeration {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let inbound = MessageDirection(rawValue: "inbound")
    package static let outboundAPI = MessageDirection(rawValue: "outbound-api")
    package static let outboundCall = MessageDirection(rawValue: "outbound-call")
    package static let outboundReply = MessageDirection(rawValue: "outbound-reply")
}

package struct AccountStatus: OpenEnumeration {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let active = AccountStatus(rawValue: "active")
    package static let suspended = AccountStatus(rawValue: "suspended")
    package static let closed = AccountStatus(rawValue: "closed")
}

package struct AccountType: OpenEnumeration {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let trial = AccountType(rawValue: "Trial")
    package static let full = AccountType(rawValue: "Full")
}

package struct AddressRequirement: OpenEnumeration {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let none = AddressRequirement(rawValue: "none")
    package static let any = AddressRequirement(rawValue: "any")
    package static let local = AddressRequirement(rawValue: "local")
    package static let foreign = AddressRequirement(rawValue: "foreign")
}
