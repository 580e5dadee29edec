import FoundationEssentials

/// `/v1/Porting/PortIn` and `/v1/Porting/Portability`. The create takes JSON.
enum PortInResource {
    private static let path = "/v1/Porting/PortIn"

    static let routes: [Route] = [
        .post(path, create),
        .get("\(path)/PortInRequests", list),
        .get("\(path)/{PortInRequestSid}", fetch),
        .delete("\(path)/{PortInRequestSid}", cancel),
        .get("\(path)/{PortInRequestSid}/PhoneNumber/{PhoneNumberSid}", fetchNumber),
        .delete("\(path)/{PortInRequestSid}/PhoneNumber/{PhoneNumberSid}", cancelNumber),
        .get("/v1/Porting/Portability/PhoneNumber/{PhoneNumber}", checkPortability),
    ]

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let order = JSON(parsing: String(decoding: call.request.body, as: UTF8.self)) else {
            throw TwilioFault(20001, "The request body is not JSON")
        }
        guard let sid = order["account_sid"].text, !sid.isEmpty else { throw .missing("account_sid") }
        guard let account = state.accountIndex[sid],
            account == call.principal.home || state.accounts[account].owner == call.principal.home
        else { throw TwilioFault(20403, "Account \(sid) is not accessible", status: 403) }
        guard case .object = order["losing_carrier_information"] else { throw .missing("losing_carrier_information") }
        for name in ["customer_name", "authorized_representative", "authorized_representative_email"] {
            guard let text = order["losing_carrier_information"][name].text, !text.isEmpty else {
                throw .missing("losing_carrier_information.\(name)")
            }
        }
        guard let documents = order["documents"].elements, !documents.isEmpty else { throw .missing("documents") }
        for document in documents {
            guard let sid = document.text, Sid.isWellFormed(sid, prefix: "RD") else {
                throw TwilioFault(20001, "Invalid documents: expected the SIDs of supporting documents")
            }
        }
        let wanted = (order["phone_numbers"].elements ?? []).map { $0["phone_number"].text ?? "" }
        guard (1...1000).contains(wanted.count) else {
            throw TwilioFault(20001, "Invalid phone_numbers: expected 1 to 1000 of them, not \(wanted.count)")
        }
        for number in wanted where PhoneNumber.normalized(number) != number {
            throw TwilioFault(20001, "Invalid phone_numbers: '\(number)' is not E.164")
        }
        let now = state.clock.now
        let record = PortInRecord(
            sid: Sid.make("KW", using: &state.generator), order: order,
            numbers: wanted.map { number in
                PortInRecord.Number(
                    sid: Sid.make("PU", using: &state.generator), phoneNumber: number,
                    refusal: refusal(number, state, account: account))
            }, ticket: Int(state.generator.next() % 900_000) + 100_000, dateCreated: now, dateUpdated: now)
        state.accounts[account].ports.append(record)
        state.plan(.portIn(sid: record.sid), account: account, at: now + CarrierState.portInStep)
        return .json(202, json(record, state, call))
    }

    private static func refusal(_ number: String, _ state: CarrierState, account: Int) -> PortInRecord.Refusal? {
        if let owner = state.numberOwners[number] { return owner == account ? .ourOwn : .ours }
        guard number.hasPrefix("+1") else { return .country }
        guard let area = NumberInventory.area(ofNumber: number) else { return nil }
        return area.isTollFree ? .tollFree : area.country == "US" ? nil : .country
    }

    /// Pages by `Token` and `Size`. Twilio's `meta` has no `key`, on which its own SDK trips; here it has one.
    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let size = min(100, max(1, Int(call.query["Size"] ?? "20") ?? 20))
        func date(_ name: String) -> Date? {
            switch call.query[name].flatMap({ TwilioDate.filterValue($0) }) {
            case .day(let date), .instant(let date): date
            case nil: nil
            }
        }
        let (before, after) = (date("CreatedBefore"), date("CreatedAfter"))
        let found = state.accounts[call.account].ports.page(
            after: call.query["Token"], before: nil, skip: 0, limit: size,
            where: { port in
                (call.query["PortInRequestSid"].map { $0 == port.sid } ?? true)
                    && (call.query["PortInRequestStatus"].map { $0.lowercased() == port.status.rawValue.lowercased() }
                        ?? true)
                    && (before.map { port.dateCreated < $0 } ?? true)
                    && (after.map { port.dateCreated >= $0 } ?? true)
            })
        let requests = found.items.map { port -> JSON in
            let ported = port.status == .completed ? port.numbers.count { $0.refusal == nil && !$0.isCanceled } : 0
            return [
                "port_in_request_sid": .string(port.sid), "port_in_request_status": .string(port.status.rawValue),
                "status_last_updated_timestamp": .string(TwilioDate.iso8601(port.dateUpdated)),
                "phone_numbers_requested": .int(port.numbers.count), "phone_numbers_ported": .int(ported),
                "suggested_action": .null,
            ]
        }
        return .json(
            200,
            [
                "port_in_requests": .array(requests),
                "meta": [
                    "next_token": found.hasMore ? .optional(found.items.last?.sid) : .null,
                    "previous_token": found.hasLess ? .optional(call.query["Token"]) : .null,
                    "key": "port_in_requests",
                ],
            ])
    }

    private static func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> PortInRecord {
        guard let record = state.accounts[call.account].ports[call.values[0]] else { throw call.notFound }
        return record
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        .json(200, json(try find(state, call), state, call))
    }

    private static func cancel(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        guard record.status.next != nil else {
            throw TwilioFault(20409, "Port \(record.sid) is \(record.status.rawValue)", status: 409)
        }
        state.movePortIn(record.sid, account: call.account, to: .canceled, at: state.clock.now)
        return .noContent
    }

    private static func number(_ record: PortInRecord, _ call: RouteCall) throws(TwilioFault) -> Int {
        guard let index = record.numbers.firstIndex(where: { $0.sid == call.sid }) else { throw call.notFound }
        return index
    }

    private static func fetchNumber(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let record = try find(state, call)
        let number = record.numbers[try number(record, call)]
        return .json(
            200,
            [
                "port_in_request_sid": .string(record.sid), "phone_number_sid": .string(number.sid),
                "url": .string(call.url("\(path)/\(record.sid)/PhoneNumber/\(number.sid)")),
                "account_sid": .string(state.accounts[call.account].sid), "phone_number_type": .string(number.type),
                "date_created": .string(TwilioDate.iso8601(record.dateCreated)), "country": "US",
                "missing_required_fields": false, "last_updated": .string(TwilioDate.iso8601(record.dateUpdated)),
                "phone_number": .string(number.phoneNumber), "portable": .bool(number.refusal == nil),
                "not_portability_reason": .optional(number.refusal?.reason),
                "not_portability_reason_code": number.refusal.map { .int($0.code) } ?? .null,
                "port_in_phone_number_status": .string(record.numberStatus(number)), "port_out_pin": .null,
                "rejection_reason": .null, "rejection_reason_code": .null,
                "port_date": record.status == .completed ? .string(TwilioDate.iso8601(record.dateUpdated)) : .null,
            ])
    }

    private static func cancelNumber(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let record = try find(state, call)
        let index = try number(record, call)
        state.accounts[call.account].ports.update(record.sid) { $0.numbers[index].isCanceled = true }
        return .noContent
    }

    private static func checkPortability(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let number = PhoneNumber.normalized(call.sid) else {
            throw TwilioFault(20001, "Invalid PhoneNumber: '\(call.sid)' is not E.164")
        }
        let refusal = refusal(number, state, account: call.account)
        let type = PortInRecord.Number(sid: "", phoneNumber: number, refusal: refusal).type
        return .json(
            200,
            [
                "phone_number": .string(number), "account_sid": .string(state.accounts[call.account].sid),
                "portable": .bool(refusal == nil), "pin_and_account_number_required": false,
                "not_portable_reason": .optional(refusal?.reason),
                "not_portable_reason_code": refusal.map { .int($0.code) } ?? .null, "number_type": .string(type),
                "country": .string(NumberKnowledge(number, country: nil).country ?? "US"),
                "url": .string(call.url("/v1/Porting/Portability/PhoneNumber/\(number)")),
            ])
    }

    private static func json(_ record: PortInRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let order = record.order
        return [
            "port_in_request_sid": .string(record.sid), "url": .string(call.url("\(path)/\(record.sid)")),
            "account_sid": order["account_sid"], "notification_emails": order["notification_emails"],
            "target_port_in_date": order["target_port_in_date"],
            "target_port_in_time_range_start": order["target_port_in_time_range_start"],
            "target_port_in_time_range_end": order["target_port_in_time_range_end"],
            "port_in_request_status": .string(record.status.rawValue),
            "order_cancellation_reason": record.status == .canceled ? "Canceled by the customer" : .null,
            "losing_carrier_information": order["losing_carrier_information"],
            "phone_numbers": .array(
                record.numbers.map { number in
                    [
                        "not_portability_reason": .optional(number.refusal?.reason),
                        "not_portability_reason_code": number.refusal.map { .int($0.code) } ?? .null,
                        "number_type": .string(number.type), "phone_number": .string(number.phoneNumber),
                        "port_date": .null, "port_in_phone_number_sid": .string(number.sid),
                        "port_in_phone_number_status": .string(record.numberStatus(number)),
                        "portable": .bool(number.refusal == nil), "rejection_reason": .null,
                        "rejection_reason_code": .null,
                        "status_last_time_updated_timestamp": .string(TwilioDate.iso8601(record.dateUpdated)),
                        "external_porting_vendor_phone_number_id": .null,
                    ]
                }), "bundle_sid": order["bundle_sid"],
            "portability_advance_carrier": order["portability_advance_carrier"],
            "auto_cancel_approval_numbers": order["auto_cancel_approval_numbers"], "documents": order["documents"],
            "date_created": .string(TwilioDate.iso8601(record.dateCreated)), "support_ticket_id": .int(record.ticket),
            "signature_request_url": record.status == .waitingForSignature
                ? .string(call.url("/_media/signature")) : .null,
        ]
    }
}
