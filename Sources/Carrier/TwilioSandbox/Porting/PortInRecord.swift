import FoundationEssentials

/// An order to bring numbers here from another carrier.
struct PortInRecord: Stored {
    enum Status: String, Sendable, CaseIterable {
        case inReview = "In review"
        case waitingForSignature = "Waiting for Signature"
        case inProgress = "In progress"
        case completed = "Completed"
        case canceled = "Canceled"
        case actionRequired = "Action Required"
        case expired = "Expired"

        /// Of the webhook that tells of it.
        var event: String? {
            switch self {
            case .inReview: nil
            case .waitingForSignature: "PortInWaitingForSignature"
            case .inProgress: "PortInInProgress"
            case .completed: "PortInCompleted"
            case .canceled: "PortInCanceled"
            case .actionRequired: "PortInActionRequired"
            case .expired: "PortInExpired"
            }
        }

        var next: Status? {
            switch self {
            case .inReview: .waitingForSignature
            case .waitingForSignature: .inProgress
            case .inProgress: .completed
            default: nil
            }
        }
    }

    struct Number: Sendable {
        let sid: String
        let phoneNumber: String
        /// Why it cannot be brought; nil when it can.
        let refusal: Refusal?
        var isCanceled = false

        var type: String {
            guard let area = NumberInventory.area(ofNumber: phoneNumber) else { return "LOCAL" }
            return area.isTollFree ? "TOLL-FREE" : "LOCAL"
        }
    }

    struct Refusal: Sendable, Equatable {
        let reason: String
        let code: Int

        static let tollFree = Refusal(reason: "MANUAL_PORTING_AVAILABLE", code: 22133)
        static let ours = Refusal(reason: "ALREADY_IN_TWILIO_DIFFERENT_OWNER", code: 22132)
        static let ourOwn = Refusal(reason: "ALREADY_IN_ONE_OF_YOUR_TWILIO_ACCOUNTS", code: 22131)
        static let country = Refusal(reason: "COUNTRY_NOT_SUPPORTED", code: 22130)
    }

    let sid: String
    let order: JSON
    var numbers: [Number]
    var status = Status.inReview
    let ticket: Int
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    func numberStatus(_ number: Number) -> String {
        if number.isCanceled { return "canceled" }
        if number.refusal != nil { return "rejected" }
        return switch status {
        case .inReview, .actionRequired: "in_review"
        case .waitingForSignature: "waiting_for_signature"
        case .inProgress: "submitted"
        case .completed: "completed"
        case .canceled: "canceled"
        case .expired: "expired"
        }
    }
}

/// Where the account wants to hear of ports.
struct PortingWebhook: Sendable {
    var inTarget: String?
    var outTarget: String?
    var events: [String]
    var inCreated: Date?
    var outCreated: Date?

    static let allEvents = [
        "PortInWaitingForSignature", "PortInInProgress", "PortInCompleted", "PortInActionRequired", "PortInCanceled",
        "PortInExpired", "PortInPhoneNumberWaitingForSignature", "PortInPhoneNumberSubmitted",
        "PortInPhoneNumberPending", "PortInPhoneNumberCompleted", "PortInPhoneNumberRejected",
        "PortOutPhoneNumberCompleted",
    ]
}

extension CarrierState {
    /// A minute for each step: review, signature, the other carrier.
    static let portInStep: TimeInterval = 60

    mutating func advancePortIn(_ sid: String, account: Int, at instant: Date) {
        guard let port = accounts[account].ports[sid], let next = port.status.next else { return }
        movePortIn(sid, account: account, to: next, at: instant)
        if next.next != nil { plan(.portIn(sid: sid), account: account, at: instant + CarrierState.portInStep) }
    }

    /// Sets a status, and tells of it where the account wants to hear.
    mutating func movePortIn(_ sid: String, account: Int, to status: PortInRecord.Status, at instant: Date) {
        accounts[account].ports.update(sid) { record in
            record.status = status
            record.dateUpdated = instant
        }
        guard let port = accounts[account].ports[sid] else { return }
        if status == .completed {
            for number in port.numbers where number.refusal == nil && !number.isCanceled {
                guard numberOwners[number.phoneNumber] == nil else { continue }
                numberOwners[number.phoneNumber] = account
                accounts[account].numbers.append(
                    NumberRecord(
                        sid: Sid.make("PN", using: &generator), SandboxNumber(phoneNumber: number.phoneNumber),
                        now: instant))
            }
        }
        guard let webhook = accounts[account].portingWebhook, let url = webhook.inTarget, let event = status.event,
            webhook.events.contains(event)
        else { return }
        let body: JSON = [
            "account_sid": .string(accounts[account].sid), "event_type": .string(event),
            "port_in_request_sid": .string(sid), "status": .string(status.rawValue),
            "phone_numbers": .array(port.numbers.map { .string($0.phoneNumber) }),
            "timestamp": .string(TwilioDate.iso8601(instant)),
        ]
        var call = WebhookCall(
            purpose: .event(event), accountSid: accounts[account].sid, messageSid: sid, url: url, method: "POST",
            parameters: Parameters(), signingToken: accounts[account].authToken,
            idempotencyToken: makeIdempotencyToken())
        call.json = body.bytes
        dispatch(
            call,
            subject: CallbackSubject(accountSid: accounts[account].sid, from: "", to: "", status: event),
            isFinal: status.next == nil)
    }
}
