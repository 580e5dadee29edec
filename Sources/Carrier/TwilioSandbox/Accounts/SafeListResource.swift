/// `/v1/SafeList/Numbers`: numbers that are never taken for fraud. The number stands in the query, not in the path.
enum SafeListResource {
    static let routes: [Route] = [
        .get("/v1/SafeList/Numbers", fetch),
        .post("/v1/SafeList/Numbers", create),
        .delete("/v1/SafeList/Numbers", delete),
    ]

    private static let fields = [Field("phone_number", "PhoneNumber", isRequired: true)]

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let number = try call.required("PhoneNumber")
        guard PhoneNumber.normalized(number) == number else {
            throw TwilioFault(20001, "Invalid PhoneNumber: expected E.164, not '\(number)'")
        }
        if let known = find(number, state, call) { return .json(201, json(known)) }
        let record = try Document(
            sid: Sid.make("GN", using: &state.generator), fields: fields, call.form, now: state.clock.now)
        state.accounts[call.account].safeList.append(record)
        return .json(201, json(record))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = find(call.query["PhoneNumber"], state, call) else { throw call.notFound }
        return .json(200, json(record))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = find(call.query["PhoneNumber"], state, call) else { throw call.notFound }
        state.accounts[call.account].safeList.remove(record.sid)
        return .noContent
    }

    private static func find(_ number: String?, _ state: CarrierState, _ call: RouteCall) -> Document? {
        state.accounts[call.account].safeList.live.first { $0.text("phone_number") == number }
    }

    private static func json(_ record: Document) -> JSON {
        ["sid": .string(record.sid), "phone_number": record["phone_number"]]
    }
}
