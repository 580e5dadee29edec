package import FoundationEssentials

/// Callers who wait. https://www.twilio.com/docs/voice/api/queue-resource
package struct Queue: AccountResource {
    package let sid: QueueSid
    package let accountSid: AccountSid
    package let dateUpdated: Date?
    package let currentSize: Int?
    package let friendlyName: String?
    /// Seconds.
    package let averageWaitTime: Int?
    package let dateCreated: Date?
    package let maxSize: Int?
}

extension Queue {
    package struct Creation: Parameters {
        package var friendlyName: String
        /// 1 to 5,000; 100 when not said.
        package var maxSize: Int?

        package init(friendlyName: String) {
            self.friendlyName = friendlyName
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?
        /// 1 to 5,000; 100 when not said.
        package var maxSize: Int?

        package init() {}
    }
}

/// A caller in a queue. https://www.twilio.com/docs/voice/api/member-resource
package struct QueueMember: Decodable, Sendable {
    package let callSid: CallSid
    package let queueSid: QueueSid
    package let dateEnqueued: Date?
    package let position: Int?
    /// Seconds.
    package let waitTime: Int?
}

extension QueueMember {
    /// What the caller hears next.
    package struct Update: Parameters {
        package var url: String
        package var method: HTTPMethod?

        package init(url: String) {
            self.url = url
        }
    }
}

/// A caller in a queue by its call, or whoever is at its head.
package enum MemberReference: Sendable {
    case call(CallSid)
    case front

    var segment: String {
        switch self {
        case .call(let sid): sid.text
        case .front: "Front"
        }
    }
}

/// Queues of the account.
package struct Queues: Sendable {
    let place: ResourcePlace

    package func create(_ queue: Queue.Creation) async -> CreationOutcome<Queue> { await place.create(queue) }

    package func fetch(_ sid: QueueSid) async throws(TwilioCallError) -> Queue { try await place.at(sid).fetch() }

    package func list(pageSize: Int = 50) -> ResourceList<Queue> { place.list("queues", pageSize: pageSize) }

    package func update(_ sid: QueueSid, _ update: Queue.Update) async throws(TwilioCallError) -> Queue {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: QueueSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    package func members(of queue: QueueSid) -> Members { Members(place: place.at(queue).at("Members")) }
}

extension TwilioClient {
    package var queues: Queues { Queues(place: place("Queues")) }
}

/// The callers in one queue.
package struct Members: Sendable {
    let place: ResourcePlace

    package func fetch(_ member: MemberReference) async throws(TwilioCallError) -> QueueMember {
        try await place.at(member.segment).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<QueueMember> {
        place.list("queueMembers", pageSize: pageSize)
    }

    /// Takes a caller out of the queue.
    package func update(_ member: MemberReference, _ update: QueueMember.Update) async throws(TwilioCallError)
        -> QueueMember
    {
        try await place.at(member.segment).update(update)
    }
}
