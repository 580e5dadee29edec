/// `/Accounts/{Sid}/Addresses`, and the numbers that rest on one.
enum AddressResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Addresses.json", list),
        .post("\(Route.account)/Addresses.json", create),
        .get("\(Route.account)/Addresses/{Sid}.json", fetch),
        .post("\(Route.account)/Addresses/{Sid}.json", update),
        .delete("\(Route.account)/Addresses/{Sid}.json", delete),
        .get("\(Route.account)/Addresses/{AddressSid}/DependentPhoneNumbers.json", listDependents),
    ]

    private static let fields: [Field] = [
        Field("city", "City", isRequired: true),
        Field("customer_name", "CustomerName", isRequired: true),
        Field("emergency_enabled", "EmergencyEnabled", .flag, initial: false),
        Field("friendly_name", "FriendlyName", .text(0...64)),
        Field("iso_country", "IsoCountry", .text(2...2), isRequired: true, isMutable: false),
        Field("postal_code", "PostalCode", isRequired: true),
        Field("region", "Region", isRequired: true),
        Field("street", "Street", isRequired: true),
        Field("street_secondary", "StreetSecondary"),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        func same(_ parameter: String, _ text: String) -> Bool { call.query[parameter].map { $0 == text } ?? true }
        let emergency = call.query["EmergencyEnabled"].map { $0.lowercased() == "true" }
        return try call.page().answer(
            "addresses", of: state.accounts[call.account].addresses,
            where: { address in
                same("CustomerName", address.text("customer_name"))
                    && same("FriendlyName", address.text("friendly_name"))
                    && same("IsoCountry", address.text("iso_country"))
                    && (emergency.map { $0 == address["emergency_enabled"].isTrue } ?? true)
            }, render: { json($0, state, call) })
    }

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try Document(
            sid: Sid.make("AD", using: &state.generator), fields: fields, call.form, now: state.clock.now)
        state.accounts[call.account].addresses.append(record)
        return .json(201, json(record, state, call))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].addresses[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let now = state.clock.now
        let found = try state.accounts[call.account].addresses.update(call.sid) { record throws(TwilioFault) in
            try record.update(fields, call.form, now: now)
        }
        guard found else { throw call.notFound }
        return try fetch(&state, call)
    }

    /// An address that a number rests on stays.
    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].addresses[call.sid] != nil else { throw call.notFound }
        guard !state.accounts[call.account].numbers.live.contains(where: { $0.addressSid == call.sid }) else {
            throw TwilioFault(20409, "Address \(call.sid) is used by a phone number", status: 409)
        }
        state.accounts[call.account].addresses.remove(call.sid)
        return .noContent
    }

    private static func listDependents(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = state.accounts[call.account]
        guard account.addresses[call.sid] != nil else { throw call.notFound }
        return try call.page().answer(
            "dependent_phone_numbers", of: account.numbers, isOldestFirst: true,
            where: { $0.addressSid == call.sid },
            render: { $0.dependentJSON(accountURI: account.uri, accountSid: account.sid) })
    }

    private static func json(_ record: Document, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let account = state.accounts[call.account]
        return .object(
            [
                ("account_sid", .string(account.sid)),
                ("date_created", .string(TwilioDate.rfc2822(record.dateCreated))),
                ("date_updated", .string(TwilioDate.rfc2822(record.dateUpdated))),
                ("sid", .string(record.sid)), ("uri", .string("\(account.uri)/Addresses/\(record.sid).json")),
                ("validated", false), ("verified", false),
            ] + record.values.map { ($0.name, $0.value) })
    }
}
