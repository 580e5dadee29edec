/// `/v3/HostedNumbers/HostedNumberOrders`: messages for a number that stays with its carrier. Names are in camel case.
enum HostedNumberOrderResource {
    static let routes: [Route] = [.post("/v3/HostedNumbers/HostedNumberOrders", create)]

    private static let fields: [Field] = [
        Field("phoneNumber", "PhoneNumber", isRequired: true),
        Field("smsCapability", "SmsCapability", .flag, isRequired: true),
        Field("friendlyName", "FriendlyName", .text(0...64)), Field("uniqueName", "UniqueName"),
        Field("addressSid", "AddressSid"), Field("email", "Email"),
        Field("verificationType", "VerificationType", .choice(["phone-call", "phone-bill"]), initial: "phone-call"),
        Field("verificationDocumentSid", "VerificationDocumentSid"),
    ]

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        // The document writes the parameters in lower camel case, the SDK sends them in upper.
        var form = Parameters()
        for pair in call.form.pairs {
            form.append(pair.name.prefix(1).uppercased() + pair.name.dropFirst(), pair.value)
        }
        let record = try Document(
            sid: Sid.make("HR", using: &state.generator), fields: fields, form, now: state.clock.now)
        guard PhoneNumber.normalized(record.text("phoneNumber")) == record.text("phoneNumber") else {
            throw TwilioFault(20001, "Invalid PhoneNumber: expected E.164, not '\(record.text("phoneNumber"))'")
        }
        state.accounts[call.account].hostedOrders.append(record)
        let shown = record.values.filter { $0.name != "smsCapability" }.map { ($0.name, $0.value) }
        return .json(
            201,
            .object(
                [
                    ("sid", .string(record.sid)), ("accountSid", .string(state.accounts[call.account].sid)),
                    ("incomingPhoneNumberSid", .null), ("signingDocumentSid", .null),
                    ("capabilities", ["mms": false, "sms": record["smsCapability"], "voice": false]),
                    ("status", "received"), ("failureReason", .null),
                    ("dateCreated", .string(TwilioDate.iso8601(record.dateCreated))),
                    ("dateUpdated", .string(TwilioDate.iso8601(record.dateUpdated))), ("verificationAttempts", 0),
                    ("ccEmails", .array(form.all("CcEmails").map { .string($0) })),
                    ("url", .string(call.url("/v3/HostedNumbers/HostedNumberOrders/\(record.sid)"))),
                    ("extension", .null), ("callDelay", 0), ("verificationCode", .null), ("verificationCallSids", []),
                ] + shown))
    }
}
