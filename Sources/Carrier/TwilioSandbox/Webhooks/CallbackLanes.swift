import FoundationEssentials

/// What a misbehaviour rule about messages and callbacks looks at.
struct CallbackSubject: Sendable {
    let accountSid: String
    let from: String
    let to: String
    /// Of a callback; nil for a message being accepted.
    let status: String?
}

/// Callbacks of one message leave one after the other, so that order is kept unless a rule says otherwise.
struct CallbackLanes: Sendable {
    private struct Lane {
        var waiting: [WebhookCall] = []
        var isBusy = false
        /// Kept back by `reorder_callbacks` until the final status has gone out.
        var held: [WebhookCall] = []
    }

    private var lanes: [String: Lane] = [:]

    mutating func hold(_ call: WebhookCall) { lanes[call.messageSid, default: Lane()].held.append(call) }

    /// What was held for the message, newest first.
    mutating func takeHeld(_ messageSid: String) -> [WebhookCall] {
        defer { lanes[messageSid]?.held = [] }
        return lanes[messageSid]?.held.reversed() ?? []
    }

    /// - Returns: the call when it may leave now.
    mutating func enter(_ call: WebhookCall) -> WebhookCall? {
        guard call.isInLane else { return call }
        var lane = lanes[call.messageSid] ?? Lane()
        defer { lanes[call.messageSid] = lane }
        if lane.isBusy {
            lane.waiting.append(call)
            return nil
        }
        lane.isBusy = true
        return call
    }

    /// - Returns: the next call that may leave now.
    mutating func leave(_ call: WebhookCall) -> WebhookCall? {
        guard call.isInLane, var lane = lanes[call.messageSid] else { return nil }
        if !lane.waiting.isEmpty {
            let next = lane.waiting.removeFirst()
            lanes[call.messageSid] = lane
            return next
        }
        lane.isBusy = false
        lanes[call.messageSid] = lane.held.isEmpty ? nil : lane
        return nil
    }
}

extension CarrierState {
    /// Sends a status callback on its way, through the misbehaviour rules for callbacks.
    mutating func dispatch(_ call: WebhookCall, subject: CallbackSubject, isFinal: Bool) {
        let fate = misbehaviour.callbackFate(for: subject, using: &generator)
        if fate.isSuppressed { return }
        if fate.isReordered, !isFinal { return callbacks.hold(call) }
        var copies = [call]
        for _ in 1..<max(1, fate.copies) {
            copies.append(
                WebhookCall(
                    purpose: call.purpose, accountSid: call.accountSid, messageSid: call.messageSid, url: call.url,
                    method: call.method, parameters: call.parameters, signingToken: call.signingToken,
                    idempotencyToken: makeIdempotencyToken()))
        }
        if isFinal { copies += callbacks.takeHeld(call.messageSid) }
        for copy in copies {
            if let delay = fate.delay {
                timeline.schedule(.release(copy), at: clock.now.addingTimeInterval(delay.seconds))
            } else {
                enqueue(copy)
            }
        }
    }

    mutating func enqueue(_ call: WebhookCall) {
        if let ready = callbacks.enter(call) { outbox.append(ready) }
    }

    /// Notes what became of a call, and lets the message's next one go.
    mutating func finish(_ call: WebhookCall, _ result: WebhookResult) {
        webhooks.append(WebhookRecord(call: call, result: result, at: clock.now))
        if let next = callbacks.leave(call) { outbox.append(next) }
        if case .document(let fetch) = call.purpose { takeDocument(fetch, call, result) }
    }
}
