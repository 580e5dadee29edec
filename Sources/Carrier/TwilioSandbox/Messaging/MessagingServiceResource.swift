/// `/v1/Services` of the messaging product.
enum MessagingServiceResource {
    static let routes: [Route] = [
        .get("/v1/Services", list),
        .post("/v1/Services", create),
        .get("/v1/Services/{Sid}", fetch),
        .post("/v1/Services/{Sid}", update),
        .delete("/v1/Services/{Sid}", delete),
    ]

    private static let fields: [Field] = [
        Field("friendly_name", "FriendlyName", .text(1...64), isRequired: true),
        Field("inbound_request_url", "InboundRequestUrl", .url),
        Field("inbound_method", "InboundMethod", .method, initial: "POST"),
        Field("fallback_url", "FallbackUrl", .url),
        Field("fallback_method", "FallbackMethod", .method, initial: "POST"),
        Field("status_callback", "StatusCallback", .url),
        Field("sticky_sender", "StickySender", .flag, initial: true),
        Field("mms_converter", "MmsConverter", .flag, initial: true),
        Field("smart_encoding", "SmartEncoding", .flag, initial: true),
        Field(
            "scan_message_content", "ScanMessageContent", .choice(["inherit", "enable", "disable"]), initial: "inherit"),
        Field("fallback_to_long_code", "FallbackToLongCode", .flag, initial: true),
        Field("area_code_geomatch", "AreaCodeGeomatch", .flag, initial: true),
        Field("synchronous_validation", "SynchronousValidation", .flag, initial: false),
        Field("validity_period", "ValidityPeriod", .number(1...36_000), initial: 36_000),
        Field("usecase", "Usecase", initial: "undeclared"),
        Field("use_inbound_webhook_on_number", "UseInboundWebhookOnNumber", .flag, initial: false),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        try call.page().answer(
            "services", of: state.accounts[call.account].services, render: { json($0, state, call) })
    }

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try Document(
            sid: Sid.make("MG", using: &state.generator), fields: fields, call.form, now: state.clock.now)
        state.accounts[call.account].services.append(record)
        return .json(201, json(record, state, call))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].services[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let now = state.clock.now
        let found = try state.accounts[call.account].services.update(call.sid) { record throws(TwilioFault) in
            try record.update(fields, call.form, now: now)
        }
        guard found else { throw call.notFound }
        return try fetch(&state, call)
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].services.remove(call.sid) != nil else { throw call.notFound }
        for sender in state.accounts[call.account].pool(of: call.sid) {
            state.accounts[call.account].senders.remove(sender.sid)
        }
        return .noContent
    }

    private static func json(_ record: Document, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let url = call.url("/v1/Services/\(record.sid)")
        let links = [
            ("phone_numbers", "PhoneNumbers"), ("short_codes", "ShortCodes"), ("alpha_senders", "AlphaSenders"),
            ("messages", "Messages"), ("us_app_to_person", "Compliance/Usa2p"),
            ("us_app_to_person_usecases", "Compliance/Usa2p/Usecases"), ("channel_senders", "ChannelSenders"),
        ]
        return .object(
            [
                ("sid", .string(record.sid)), ("account_sid", .string(state.accounts[call.account].sid)),
                ("date_created", .string(TwilioDate.iso8601(record.dateCreated))),
                ("date_updated", .string(TwilioDate.iso8601(record.dateUpdated))),
                ("us_app_to_person_registered", false), ("url", .string(url)),
                ("links", .object(links.map { ($0.0, .string("\(url)/\($0.1)")) })),
            ] + record.values.map { ($0.name, $0.value) })
    }
}
