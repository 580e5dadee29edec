import FoundationEssentials

/// What may come due in an account, other than a message's next state.
enum AccountEvent: Sendable {
    /// A call goes on, unless something else has moved it meanwhile.
    case call(sid: String, turn: Int)
    /// The party called, or calling, hangs up.
    case remoteHangup(callSid: String)
    /// `timeLimit` of a call.
    case timeLimit(callSid: String)
    /// A `<Dial>` or a ringing call has waited long enough.
    case noAnswer(callSid: String, turn: Int)
    case recordingDone(sid: String)
    case transcriptionDone(sid: String)
    case bundleReview(sid: String)
    case portIn(sid: String)
    case validationCall(callerId: String, CallerIdRequest)
}

extension CarrierState {
    /// Instants that lie some seconds of a call ahead.
    func callTime(_ seconds: Double, after date: Date? = nil) -> Date {
        (date ?? clock.now).addingTimeInterval(seconds * timings.callSecond.seconds)
    }

    mutating func plan(_ event: AccountEvent, account: Int, at due: Date) {
        timeline.schedule(.account(account, event), at: due)
    }

    mutating func happen(_ event: AccountEvent, account: Int, at due: Date) {
        switch event {
        case .call(let sid, let turn): goOn(sid, account: account, turn: turn, at: due)
        case .remoteHangup(let sid): hangUp(sid, account: account, at: due)
        case .timeLimit(let sid): hangUp(sid, account: account, at: due)
        case .noAnswer(let sid, let turn): stopRinging(sid, account: account, turn: turn, at: due)
        case .recordingDone(let sid): finishRecording(sid, account: account, at: due)
        case .transcriptionDone(let sid): finishTranscription(sid, account: account, at: due)
        case .bundleReview(let sid): reviewBundle(sid, account: account, at: due)
        case .portIn(let sid): advancePortIn(sid, account: account, at: due)
        case .validationCall(let number, let request): finishValidation(number, request, account: account, at: due)
        }
    }
}
