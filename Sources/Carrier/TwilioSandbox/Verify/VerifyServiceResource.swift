/// `/v2/Services` of the verify product.
enum VerifyServiceResource {
    static let routes: [Route] = [
        .get("/v2/Services", list),
        .post("/v2/Services", create),
        .get("/v2/Services/{Sid}", fetch),
        .post("/v2/Services/{Sid}", update),
        .delete("/v2/Services/{Sid}", delete),
    ]

    private static let fields: [Field] = [
        Field("friendly_name", "FriendlyName", .text(1...30), isRequired: true),
        Field("code_length", "CodeLength", .number(4...10), initial: 6),
        Field("lookup_enabled", "LookupEnabled", .flag, initial: false),
        Field("psd2_enabled", "Psd2Enabled", .flag, initial: false),
        Field("skip_sms_to_landlines", "SkipSmsToLandlines", .flag, initial: false),
        Field("dtmf_input_required", "DtmfInputRequired", .flag, initial: true),
        Field("tts_name", "TtsName"),
        Field("do_not_share_warning_enabled", "DoNotShareWarningEnabled", .flag, initial: false),
        Field("custom_code_enabled", "CustomCodeEnabled", .flag, initial: false),
        Field("default_template_sid", "DefaultTemplateSid"),
        Field("verify_event_subscription_enabled", "VerifyEventSubscriptionEnabled", .flag, initial: false),
    ]

    /// Shown inside `push`, `totp`, `whatsapp` and `passkeys`.
    private static let nested: [(group: String, fields: [Field])] = [
        (
            "push",
            [
                Field("include_date", "Push.IncludeDate", .flag, initial: false),
                Field("apn_credential_sid", "Push.ApnCredentialSid"),
                Field("fcm_credential_sid", "Push.FcmCredentialSid"),
            ]
        ),
        (
            "totp",
            [
                Field("issuer", "Totp.Issuer"), Field("time_step", "Totp.TimeStep", .number(20...60), initial: 30),
                Field("code_length", "Totp.CodeLength", .number(3...8), initial: 6),
                Field("skew", "Totp.Skew", .number(0...2), initial: 1),
            ]
        ),
        (
            "whatsapp",
            [Field("msg_service_sid", "Whatsapp.MsgServiceSid"), Field("from", "Whatsapp.From")]
        ),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        try call.page().answer(
            "services", of: state.accounts[call.account].verifyServices, render: { json($0, state, call) })
    }

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        var record = try Document(
            sid: Sid.make("VA", using: &state.generator), fields: fields, call.form, now: state.clock.now)
        for group in nested { record[group.group] = try read(group.fields, call.form, before: .null) }
        state.accounts[call.account].verifyServices.append(record)
        return .json(201, json(record, state, call))
    }

    private static func read(_ fields: [Field], _ form: Parameters, before: JSON) throws(TwilioFault) -> JSON {
        var members: [(String, JSON)] = []
        for field in fields {
            let old = before.isNull ? field.initial : before[field.name]
            members.append(
                (field.name, try form[field.parameter].map { text throws(TwilioFault) in try field.read(text) } ?? old))
        }
        return .object(members)
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].verifyServices[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard var record = state.accounts[call.account].verifyServices[call.sid] else { throw call.notFound }
        try record.update(fields, call.form, now: state.clock.now)
        for group in nested { record[group.group] = try read(group.fields, call.form, before: record[group.group]) }
        state.accounts[call.account].verifyServices.update(call.sid) { $0 = record }
        return .json(200, json(record, state, call))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].verifyServices.remove(call.sid) != nil else { throw call.notFound }
        return .noContent
    }

    private static func json(_ record: Document, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let url = call.url("/v2/Services/\(record.sid)")
        let links = [
            ("verification_checks", "VerificationCheck"), ("verifications", "Verifications"),
            ("rate_limits", "RateLimits"), ("messaging_configurations", "MessagingConfigurations"),
            ("entities", "Entities"), ("webhooks", "Webhooks"), ("access_tokens", "AccessTokens"),
        ]
        let passkeys: JSON = [
            "relying_party": ["id": .null, "name": .null, "origins": []], "authenticator_attachment": .null,
            "discoverable_credentials": .null, "user_verification": .null,
        ]
        return .object(
            [
                ("sid", .string(record.sid)), ("account_sid", .string(state.accounts[call.account].sid)),
                ("passkeys", passkeys),
                ("date_created", .string(TwilioDate.iso8601(record.dateCreated))),
                ("date_updated", .string(TwilioDate.iso8601(record.dateUpdated))), ("url", .string(url)),
                ("links", .object(links.map { ($0.0, .string("\(url)/\($0.1)")) })),
            ] + record.values.map { ($0.name, $0.value) })
    }
}
