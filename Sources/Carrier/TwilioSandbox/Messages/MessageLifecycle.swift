import FoundationEssentials

/// queued → sent → delivered | undelivered | failed, by the carrier's clock, with a callback at each step but the first.
/// From a messaging service: accepted (or scheduled) → queued, with a sender chosen, and on as above.
extension CarrierState {
    /// A message as it is on arrival, not kept anywhere.
    mutating func makeMessage(_ order: MessageOrder, direction: MessageRecord.Direction) -> MessageRecord {
        let now = clock.now
        let initial: MessageRecord.Status =
            order.messagingServiceSid == nil ? .queued : order.sendAt == nil ? .accepted : .scheduled
        return MessageRecord(
            sid: Sid.make(order.mediaURLs.isEmpty ? "SM" : "MM", using: &generator), direction: direction,
            from: order.from, to: order.to, body: order.body, status: initial,
            segments: SegmentCount.segments(of: order.body), mediaCount: order.mediaURLs.count, dateCreated: now,
            dateUpdated: now, statusCallback: order.statusCallback, messagingServiceSid: order.messagingServiceSid,
            sendAt: order.sendAt)
    }

    /// Takes a message in and plans what becomes of it.
    mutating func accept(_ order: MessageOrder, account: Int, direction: MessageRecord.Direction) -> MessageRecord {
        var record = makeMessage(order, direction: direction)
        if let service = order.messagingServiceSid, record.statusCallback == nil {
            record.statusCallback = accounts[account].services[service]?["status_callback"].text
        }
        record.outcome =
            misbehaviour.outcome(
                for: CallbackSubject(
                    accountSid: accounts[account].sid, from: order.from, to: order.to, status: nil),
                using: &generator)
            ?? DeliveryError.outcome(forRecipient: order.to)
        accounts[account].messages.append(record)
        for url in order.mediaURLs {
            accounts[account].media.append(
                MediaRecord(
                    sid: Sid.make("ME", using: &generator), messageSid: record.sid,
                    contentType: MediaRecord.contentType(of: url), source: url, dateCreated: record.dateCreated))
        }
        let due: Date
        if let sendAt = order.sendAt {
            due = sendAt
        } else if order.from.isEmpty {
            due = record.dateCreated
        } else {
            due = leave(record, account: account, at: record.dateCreated) ?? record.dateCreated
        }
        timeline.schedule(.advance(account: account, messageSid: record.sid), at: due)
        return record
    }

    /// The next step of a message whose time has come, at the instant that it was due.
    mutating func advance(_ sid: String, account: Int, at due: Date) {
        guard let record = accounts[account].messages[sid], !record.status.isFinal else { return }
        switch record.status {
        case .scheduled, .accepted: chooseSender(record, account: account, at: due)
        case .queued where record.outcome.status != .failed:
            transition(sid, account: account, to: .sent, at: due)
            let final = due.addingTimeInterval(max(0, timings.delivered.seconds - timings.sent.seconds))
            timeline.schedule(.advance(account: account, messageSid: sid), at: final)
        default:
            transition(sid, account: account, to: record.outcome.status, errorCode: record.outcome.errorCode, at: due)
        }
    }

    /// Sets a status, bills on `sent`, and plans the callback.
    mutating func transition(
        _ sid: String, account: Int, to status: MessageRecord.Status, errorCode: Int? = nil, at instant: Date
    ) {
        var charged: UsageEntry?
        accounts[account].messages.update(sid) { message in
            message.status = status
            message.errorCode = errorCode
            message.dateUpdated = instant
            if status == .sent {
                let entry = MessagePrice.entry(message)
                message.dateSent = instant
                message.price = Money(units: -entry.price)
                charged = entry
            }
        }
        if let charged { charge(charged, account: account, at: instant) }
        guard let record = accounts[account].messages[sid], let url = record.statusCallback else { return }
        let subject = CallbackSubject(
            accountSid: accounts[account].sid, from: record.from, to: record.to, status: status.rawValue)
        let call = statusCallback(record, account: account, url: url, status: status.rawValue, at: instant)
        dispatch(call, subject: subject, isFinal: status.isFinal)
    }

    /// Messages of before the start, in their final state.
    mutating func seedPast(_ past: [SandboxPastMessage], account: Int) {
        let now = clock.now
        let records = past.map { message -> MessageRecord in
            let date = now.addingTimeInterval(-max(0, message.secondsAgo))
            let isInbound = message.direction == .inbound
            let status = message.status.flatMap(MessageRecord.Status.init) ?? (isInbound ? .received : .delivered)
            var record = MessageRecord(
                sid: message.sid ?? Sid.make("SM", using: &generator), direction: isInbound ? .inbound : .outboundAPI,
                from: message.from, to: message.to, body: message.body, status: status,
                segments: SegmentCount.segments(of: message.body), mediaCount: 0,
                errorCode: message.errorCode, dateCreated: date, dateUpdated: date, dateSent: date)
            let entry = MessagePrice.entry(record)
            record.price = Money(units: -entry.price)
            accounts[account].usage.note(entry, at: date)
            return record
        }
        accounts[account].messages.insertPast(records)
    }
}

/// What a message costs, by the prices of the United States.
enum MessagePrice {
    /// Per segment of a text message.
    static let segment = 790
    /// Of a message with media.
    static let outboundMedia = 2000
    static let inboundMedia = 1000

    static func entry(_ message: MessageRecord) -> UsageEntry {
        let isInbound = message.direction == .inbound
        let ours = isInbound ? message.to : message.from
        let direction = isInbound ? "inbound" : "outbound"
        let kind = message.mediaCount > 0 ? "mms" : "sms"
        let sender = PhoneNumber.isShortCode(ours) ? "shortcode" : "longcode"
        let segments = max(1, message.segments)
        let price =
            message.mediaCount > 0 ? (isInbound ? inboundMedia : outboundMedia) : segments * segment
        return UsageEntry(
            category: "\(kind)-\(direction)-\(sender)", count: 1, usage: message.mediaCount > 0 ? 1 : segments,
            price: price)
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
