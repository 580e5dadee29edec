import FoundationEssentials

/// queued → sent → delivered | undelivered | failed, by the carrier's clock, with a callback at each step but the first.
extension CarrierState {
    /// US long codes to US mobiles, per segment.
    private static let pricePerSegment = 790

    /// Takes a message in and plans what becomes of it.
    mutating func accept(_ order: MessageOrder, account: Int, direction: MessageRecord.Direction) -> MessageRecord {
        let now = clock.now
        var record = MessageRecord(
            sid: Sid.make(order.mediaCount > 0 ? "MM" : "SM", using: &generator), direction: direction,
            from: order.from, to: order.to, body: order.body, status: .queued,
            segments: SegmentCount.segments(of: order.body), mediaCount: order.mediaCount, dateCreated: now,
            dateUpdated: now, statusCallback: order.statusCallback)
        record.outcome =
            misbehaviour.outcome(
                for: CallbackSubject(
                    accountSid: accounts[account].sid, from: order.from, to: order.to, status: nil),
                using: &generator)
            ?? DeliveryError.outcome(forRecipient: order.to)
        accounts[account].messages.append(record)
        timeline.schedule(
            .advance(account: account, messageSid: record.sid), at: now.addingTimeInterval(timings.sent.seconds))
        return record
    }

    /// The next step of a message whose time has come, at the instant that it was due.
    mutating func advance(_ sid: String, account: Int, at due: Date) {
        guard let record = accounts[account].messages[sid], !record.status.isFinal else { return }
        if record.status == .queued, record.outcome.status != .failed {
            transition(sid, account: account, to: .sent, at: due)
            let final = record.dateCreated.addingTimeInterval(timings.delivered.seconds)
            timeline.schedule(.advance(account: account, messageSid: sid), at: max(due, final))
        } else {
            transition(sid, account: account, to: record.outcome.status, errorCode: record.outcome.errorCode, at: due)
        }
    }

    /// Sets a status, bills on `sent`, and plans the callback.
    mutating func transition(
        _ sid: String, account: Int, to status: MessageRecord.Status, errorCode: Int? = nil, at instant: Date
    ) {
        var charged = 0
        accounts[account].messages.update(sid) { message in
            message.status = status
            message.errorCode = errorCode
            message.dateUpdated = instant
            if status == .sent {
                message.dateSent = instant
                charged = max(1, message.segments) * CarrierState.pricePerSegment
                message.price = Money(units: -charged)
            }
        }
        accounts[account].balance.units -= charged
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
            let segments = SegmentCount.segments(of: message.body)
            return MessageRecord(
                sid: message.sid ?? Sid.make("SM", using: &generator), direction: isInbound ? .inbound : .outboundAPI,
                from: message.from, to: message.to, body: message.body, status: status, segments: segments,
                mediaCount: 0, price: Money(units: -CarrierState.pricePerSegment * segments),
                errorCode: message.errorCode, dateCreated: date, dateUpdated: date, dateSent: date)
        }
        accounts[account].messages.insertPast(records)
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
