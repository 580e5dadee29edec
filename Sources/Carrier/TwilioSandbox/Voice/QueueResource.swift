import FoundationEssentials

/// `/Accounts/{Sid}/Queues` and their members.
enum QueueResource {
    private static let path = "\(Route.account)/Queues"

    static let routes: [Route] = [
        .get("\(path).json", list),
        .post("\(path).json", create),
        .get("\(path)/{Sid}.json", fetch),
        .post("\(path)/{Sid}.json", update),
        .delete("\(path)/{Sid}.json", delete),
        .get("\(path)/{QueueSid}/Members.json", listMembers),
        .get("\(path)/{QueueSid}/Members/{CallSid}.json", fetchMember),
        .post("\(path)/{QueueSid}/Members/{CallSid}.json", dequeue),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        try call.page().answer("queues", of: state.accounts[call.account].queues, render: { json($0, state, call) })
    }

    private static let size = Field("max_size", "MaxSize", .number(1...5000))

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let name = try checkedName(try call.required("FriendlyName"), state, call)
        let now = state.clock.now
        var record = QueueRecord(
            sid: Sid.make("QU", using: &state.generator), friendlyName: name, dateCreated: now, dateUpdated: now)
        if let text = call.form["MaxSize"] { record.maxSize = try size.read(text).number ?? 100 }
        state.accounts[call.account].queues.append(record)
        return .json(201, json(record, state, call))
    }

    private static func checkedName(_ name: String, _ state: CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> String
    {
        guard (1...64).contains(name.count) else {
            throw TwilioFault(20002, "Invalid FriendlyName: it must be 1 to 64 characters long.")
        }
        let clash = state.accounts[call.account].queues.live.contains {
            $0.friendlyName == name && $0.sid != call.sid
        }
        guard !clash else { throw TwilioFault(22003, "A queue named \(name) exists already") }
        return name
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].queues[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard var record = state.accounts[call.account].queues[call.sid] else { throw call.notFound }
        if let name = call.form["FriendlyName"] { record.friendlyName = try checkedName(name, state, call) }
        if let text = call.form["MaxSize"] { record.maxSize = try size.read(text).number ?? record.maxSize }
        record.dateUpdated = state.clock.now
        state.accounts[call.account].queues.update(record.sid) { $0 = record }
        return .json(200, json(record, state, call))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].queues[call.sid] else { throw call.notFound }
        guard record.members.isEmpty else { throw TwilioFault(20409, "The queue is not empty", status: 409) }
        state.accounts[call.account].queues.remove(call.sid)
        return .noContent
    }

    private static func listMembers(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let queue = state.accounts[call.account].queues[call.sid] else { throw call.notFound }
        return try call.page().answer(
            "queue_members", of: Array(queue.members.enumerated()), id: { $0.element.callSid },
            render: { member($0.offset, of: queue, state, call) })
    }

    /// `Front` is the first.
    private static func position(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> (queue: QueueRecord, index: Int)
    {
        guard let queue = state.accounts[call.account].queues[call.values[1]],
            let index = call.sid == "Front"
                ? queue.members.indices.first : queue.members.firstIndex(where: { $0.callSid == call.sid })
        else { throw call.notFound }
        return (queue, index)
    }

    private static func fetchMember(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let (queue, index) = try position(state, call)
        return .json(200, member(index, of: queue, state, call))
    }

    /// The member goes on with another document.
    private static func dequeue(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let (queue, index) = try position(state, call)
        let url = try call.required("Url")
        guard WebhookURL(url) != nil else { throw TwilioFault(21205, "Url is not a valid URL: \(url)") }
        let answer = member(index, of: queue, state, call)
        state.redirect(
            queue.members[index].callSid, account: call.account,
            to: CallDocument(url: url, method: (call.form["Method"] ?? "POST").uppercased()), at: state.clock.now)
        return .json(200, answer)
    }

    private static func member(_ index: Int, of queue: QueueRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let member = queue.members[index]
        let second = state.timings.callSecond.seconds
        let wait = second > 0 ? Int(state.clock.now.timeIntervalSince(member.dateEnqueued) / second) : 0
        return [
            "queue_sid": .string(queue.sid), "call_sid": .string(member.callSid),
            "date_enqueued": .string(TwilioDate.rfc2822(member.dateEnqueued)), "position": .int(index + 1),
            "uri": .string(
                "\(state.accounts[call.account].uri)/Queues/\(queue.sid)/Members/\(member.callSid).json"),
            "wait_time": .int(wait),
        ]
    }

    private static func json(_ record: QueueRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let account = state.accounts[call.account]
        let uri = "\(account.uri)/Queues/\(record.sid)"
        return [
            "account_sid": .string(account.sid), "average_wait_time": .int(record.averageWait),
            "current_size": .int(record.members.count),
            "date_created": .string(TwilioDate.rfc2822(record.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(record.dateUpdated)),
            "friendly_name": .string(record.friendlyName), "max_size": .int(record.maxSize),
            "sid": .string(record.sid), "uri": .string("\(uri).json"),
        ]
    }
}
