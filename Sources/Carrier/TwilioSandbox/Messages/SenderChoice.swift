import FoundationEssentials

/// Who got what from which sender of a service.
struct StickyPair: Hashable, Sendable {
    let service: String
    let contact: String
}

/// Which sender a message leaves from, and when, by the sender's rate.
extension CarrierState {
    /// Segments a second (facts section 13).
    private static func rate(of sender: String) -> Double {
        if PhoneNumber.isShortCode(sender) { return 100 }
        guard sender.hasPrefix("+") else { return 10 }
        return NumberInventory.area(ofNumber: sender)?.isTollFree ?? false ? 3 : 1
    }

    /// - Throws: 21611 when what is queued for the sender reaches too far ahead.
    func refuseOverflow(_ sender: String, body: String, account: Int) throws(TwilioFault) {
        guard accounts[account].limits.isPaced, let busy = accounts[account].busySenders[sender] else { return }
        let ahead = busy.timeIntervalSince(clock.now) + Double(SegmentCount.segments(of: body)) / Self.rate(of: sender)
        if ahead > accounts[account].limits.queueSeconds { throw MagicNumbers.queueFull }
    }

    /// Queues the message behind what its sender has to send.
    ///
    /// - Returns: when it will be sent; nil when the queue is full.
    mutating func leave(_ record: MessageRecord, account: Int, at instant: Date) -> Date? {
        let earliest = instant.addingTimeInterval(timings.sent.seconds)
        guard accounts[account].limits.isPaced else { return earliest }
        let start = max(instant, accounts[account].busySenders[record.from] ?? instant)
        let end = start.addingTimeInterval(Double(max(1, record.segments)) / Self.rate(of: record.from))
        guard end.timeIntervalSince(instant) <= accounts[account].limits.queueSeconds else { return nil }
        accounts[account].busySenders[record.from] = end
        return max(earliest, start)
    }

    /// A service's message gets its sender: the one that the contact knows, one of the contact's area, or the next.
    mutating func chooseSender(_ record: MessageRecord, account: Int, at due: Date) {
        guard let serviceSid = record.messagingServiceSid, let service = accounts[account].services[serviceSid] else {
            return transition(record.sid, account: account, to: .failed, errorCode: 30008, at: due)
        }
        if hasOptedOut(record.to, from: "", service: serviceSid, account: account) {
            return transition(record.sid, account: account, to: .failed, errorCode: 21610, at: due)
        }
        var chosen = record.from
        if chosen.isEmpty {
            let pool = accounts[account].pool(of: serviceSid).filter { $0.carriesMessages }.map(\.sender)
            let pair = StickyPair(service: serviceSid, contact: record.to)
            let known = accounts[account].stickySenders[pair]
            if service["sticky_sender"].isTrue, let known, pool.contains(known) {
                chosen = known
            } else if service["area_code_geomatch"].isTrue,
                let near = pool.first(where: { $0.utf8.count == 12 && $0.prefix(5) == record.to.prefix(5) })
            {
                chosen = near
            } else {
                // Alphanumeric senders do not exist in North America, where short codes go first.
                let usable = pool.filter { record.to.hasPrefix("+1") ? $0.first?.isLetter != true : true }
                let codes = usable.filter { PhoneNumber.isShortCode($0) }
                let choice = codes.isEmpty ? usable : codes
                guard !choice.isEmpty else {
                    return transition(record.sid, account: account, to: .failed, errorCode: 21703, at: due)
                }
                chosen = choice[accounts[account].stickySenders.count % choice.count]
            }
            accounts[account].stickySenders[pair] = chosen
        }
        var leaving = record
        leaving.from = chosen
        accounts[account].messages.update(record.sid) { $0.from = chosen }
        guard let time = leave(leaving, account: account, at: due) else {
            return transition(record.sid, account: account, to: .failed, errorCode: 30001, at: due)
        }
        transition(record.sid, account: account, to: .queued, at: due)
        timeline.schedule(.advance(account: account, messageSid: record.sid), at: time)
    }

    /// Whether the contact wants nothing of the sender, of the service, or of a service that the sender is in.
    func hasOptedOut(_ contact: String, from sender: String, service: String?, account: Int) -> Bool {
        let optOuts = accounts[account].optOuts
        guard !optOuts.isEmpty else { return false }
        if !sender.isEmpty, optOuts.contains(OptOutPair(number: sender, contact: contact)) { return true }
        let scope = service ?? accounts[account].service(ofSender: sender)
        return scope.map { optOuts.contains(OptOutPair(number: $0, contact: contact)) } ?? false
    }
}

extension AccountState {
    /// The senders of a service, in the order in which they joined.
    func pool(of service: String) -> [SenderRecord] {
        senders.records.filter { $0.serviceSid == service && !$0.isDeleted }
    }

    func service(ofSender sender: String) -> String? {
        senders.records.first { $0.sender == sender && !$0.isDeleted }?.serviceSid
    }
}
