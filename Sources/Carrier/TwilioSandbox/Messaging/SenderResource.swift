import FoundationEssentials

/// A sender in the pool of a messaging service.
struct SenderRecord: Stored {
    enum Kind: String, Sendable {
        case phoneNumber = "PhoneNumbers"
        case shortCode = "ShortCodes"
        case alphaSender = "AlphaSenders"

        /// The member of the answer that names it.
        var member: String {
            switch self {
            case .phoneNumber: "phone_number"
            case .shortCode: "short_code"
            case .alphaSender: "alpha_sender"
            }
        }
    }

    /// Of the number itself, which may join again: then its old record is of another SID.
    let sid: String
    let kind: Kind
    let serviceSid: String
    /// What a message shows.
    let sender: String
    let capabilities: [String]
    let dateCreated: Date
    var isDeleted = false

    var carriesMessages: Bool { capabilities.contains("SMS") }
}

/// `/v1/Services/{Sid}/PhoneNumbers`, `ShortCodes` and `AlphaSenders`.
enum SenderResource {
    static let routes: [Route] = [SenderRecord.Kind.phoneNumber, .shortCode, .alphaSender].flatMap { kind in
        let path = "/v1/Services/{ServiceSid}/\(kind.rawValue)"
        return [
            Route.get(path) { (state, call) throws(TwilioFault) in try list(kind, &state, call) },
            Route.post(path) { (state, call) throws(TwilioFault) in try create(kind, &state, call) },
            Route.get(path + "/{Sid}") { (state, call) throws(TwilioFault) in
                .json(200, json(try find(kind, state, call), state, call))
            },
            Route.delete(path + "/{Sid}") { (state, call) throws(TwilioFault) in try delete(kind, &state, call) },
        ]
    }

    private static func list(
        _ kind: SenderRecord.Kind, _ state: inout CarrierState, _ call: RouteCall
    ) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].services[call.sid] != nil else { throw call.notFound }
        let key: String =
            switch kind {
            case .phoneNumber: "phone_numbers"
            case .shortCode: "short_codes"
            case .alphaSender: "alpha_senders"
            }
        return try call.page().answer(
            key, of: state.accounts[call.account].senders, isOldestFirst: true,
            where: { $0.serviceSid == call.sid && $0.kind == kind }, render: { json($0, state, call) })
    }

    /// Short codes come with the account: any of five or six digits is taken for its own, under the SID that the
    /// customer names (`SC…`), which fixes the code.
    private static func create(
        _ kind: SenderRecord.Kind, _ state: inout CarrierState, _ call: RouteCall
    ) throws(TwilioFault) -> SandboxAnswer {
        let account = call.account
        let service = call.sid
        guard state.accounts[account].services[service] != nil else { throw call.notFound }
        let sid: String
        let sender: String
        let capabilities: [String]
        switch kind {
        case .phoneNumber:
            sid = try call.required("PhoneNumberSid")
            guard let number = state.accounts[account].numbers[sid] else {
                throw TwilioFault(20404, "The requested resource \(sid) was not found", status: 404)
            }
            sender = number.phoneNumber
            capabilities =
                (number.smsEnabled ? ["SMS"] : []) + (number.mmsEnabled ? ["MMS"] : [])
                + (number.voiceEnabled ? ["Voice"] : [])
        case .shortCode:
            sid = try call.required("ShortCodeSid")
            guard Sid.isWellFormed(sid, prefix: "SC") else {
                throw TwilioFault(20404, "The requested resource \(sid) was not found", status: 404)
            }
            sender = String(10_000 + sid.utf8.reduce(0) { ($0 * 31 + Int($1)) % 90_000 })
            capabilities = ["SMS", "MMS"]
        case .alphaSender:
            sender = try call.required("AlphaSender")
            guard PhoneNumber.isAlphanumericSender(sender) else {
                throw TwilioFault(21212, "The alphanumeric sender ID \(sender) is invalid")
            }
            sid = Sid.make("AI", using: &state.generator)
            capabilities = ["SMS"]
        }
        if let taken = state.accounts[account].service(ofSender: sender) {
            throw taken == service
                ? TwilioFault(21710, "Phone Number or Short Code is already in the Messaging Service.", status: 409)
                : TwilioFault(
                    21712, "Phone Number or Short Code is associated with another Messaging Service.", status: 409)
        }
        let record = SenderRecord(
            sid: sid, kind: kind, serviceSid: service, sender: sender, capabilities: capabilities,
            dateCreated: state.clock.now)
        state.accounts[account].senders.append(record)
        return .json(201, json(record, state, call))
    }

    private static func find(_ kind: SenderRecord.Kind, _ state: CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SenderRecord
    {
        guard let record = state.accounts[call.account].senders[call.sid], record.kind == kind,
            record.serviceSid == call.values[0]
        else { throw call.notFound }
        return record
    }

    private static func delete(
        _ kind: SenderRecord.Kind, _ state: inout CarrierState, _ call: RouteCall
    ) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(kind, state, call)
        state.accounts[call.account].senders.remove(record.sid)
        return .noContent
    }

    private static func json(_ record: SenderRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        var members: [(String, JSON)] = [
            ("sid", .string(record.sid)), ("account_sid", .string(state.accounts[call.account].sid)),
            ("service_sid", .string(record.serviceSid)),
            ("date_created", .string(TwilioDate.iso8601(record.dateCreated))),
            ("date_updated", .string(TwilioDate.iso8601(record.dateCreated))),
            (record.kind.member, .string(record.sender)),
            ("capabilities", .array(record.capabilities.map { .string($0) })),
            (
                "url",
                .string(call.url("/v1/Services/\(record.serviceSid)/\(record.kind.rawValue)/\(record.sid)"))
            ),
        ]
        if record.kind != .alphaSender {
            let area = NumberInventory.area(ofNumber: record.sender)
            members.append(("country_code", .string(area?.country ?? "US")))
        }
        return .object(members)
    }
}
