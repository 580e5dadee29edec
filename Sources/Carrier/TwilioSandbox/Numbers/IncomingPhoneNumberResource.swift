/// `/Accounts/{Sid}/IncomingPhoneNumbers`: what an account owns, buys and releases.
extension CarrierState {
    /// - Parameter type: `local`, `toll-free` or `mobile` for the lists below `/Local`, `/TollFree` and `/Mobile`.
    func listNumbers(_ request: SandboxRequest, _ principal: Principal, type: String?) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = accounts[principal.account]
        let pattern = request.query["PhoneNumber"]
        let name = request.query["FriendlyName"]
        let origin = request.query["Origin"]
        let wantsBeta = request.query["Beta"] == "true"
        let found = account.numbers.filter { number in
            (pattern.map { NumberPattern($0).matches(number.phoneNumber) } ?? true)
                && (name.map { $0 == number.friendlyName } ?? true) && (type.map { $0 == number.type } ?? true)
                && (origin.map { $0 == "twilio" } ?? true) && !wantsBeta
        }
        return try Page(request, path: request.path).answer(
            "incoming_phone_numbers", of: found, id: \.sid,
            render: { $0.json(accountURI: account.uri, accountSid: account.sid) })
    }

    func fetchNumber(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = accounts[principal.account]
        guard let number = account.numbers.first(where: { $0.sid == sid }) else { throw .notFound(request.path) }
        return .json(200, number.json(accountURI: account.uri, accountSid: account.sid))
    }

    /// A purchase: of the number named, or of any free one of an area code.
    mutating func buyNumber(_ request: SandboxRequest, _ principal: Principal, type: String?) throws(TwilioFault)
        -> SandboxAnswer
    {
        if accounts[principal.account].type == .trial, !accounts[principal.account].numbers.isEmpty {
            throw TwilioFault(
                21404,
                "Trial accounts are allowed only one Twilio number. To purchase additional Twilio numbers, "
                    + "please upgrade.")
        }
        let phoneNumber = try numberToBuy(request)
        var record = NumberRecord(
            sid: Sid.make("PN", using: &generator),
            SandboxNumber(
                phoneNumber: phoneNumber, smsEnabled: NumberInventory.carriesMessages(phoneNumber),
                mmsEnabled: NumberInventory.carriesMessages(phoneNumber)), now: clock.now)
        guard type == nil || record.type == type else { throw unavailable(phoneNumber) }
        try record.update(request.form)
        accounts[principal.account].numbers.append(record)
        numberOwners[phoneNumber] = principal.account
        let account = accounts[principal.account]
        return .json(201, record.json(accountURI: account.uri, accountSid: account.sid))
    }

    mutating func updateNumber(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let position = accounts[principal.account].numbers.firstIndex(where: { $0.sid == sid }) else {
            throw .notFound(request.path)
        }
        var record = accounts[principal.account].numbers[position]
        try record.update(request.form)
        record.dateUpdated = clock.now
        accounts[principal.account].numbers[position] = record
        let account = accounts[principal.account]
        return .json(200, record.json(accountURI: account.uri, accountSid: account.sid))
    }

    mutating func releaseNumber(_ sid: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let position = accounts[principal.account].numbers.firstIndex(where: { $0.sid == sid }) else {
            throw .notFound(request.path)
        }
        let released = accounts[principal.account].numbers.remove(at: position)
        numberOwners[released.phoneNumber] = nil
        return .noContent
    }

    private func numberToBuy(_ request: SandboxRequest) throws(TwilioFault) -> String {
        if let wanted = request.form["PhoneNumber"], !wanted.isEmpty {
            guard let number = PhoneNumber.normalized(wanted), wanted != "+15005550001" else {
                throw TwilioFault(21421, "\(wanted) is not a valid number")
            }
            guard NumberInventory.contains(number), numberOwners[number] == nil else { throw unavailable(number) }
            return number
        }
        guard let code = request.form["AreaCode"], !code.isEmpty else {
            throw TwilioFault(21421, "PhoneNumber or AreaCode is required")
        }
        guard code.utf8.count == 3, let value = Int(code), (200...999).contains(value) else {
            throw TwilioFault(21451, "The area code '\(code)' is invalid")
        }
        guard let area = NumberInventory.area(code: code), let number = freeNumbers(in: area).first else {
            throw TwilioFault(21452, "No phone numbers found in area code \(code)")
        }
        return number
    }

    private func unavailable(_ number: String) -> TwilioFault { TwilioFault(21422, "\(number) is not available") }
}

extension NumberRecord {
    /// Applies the parameters that a create or an update names, all or none of them.
    mutating func update(_ form: Parameters) throws(TwilioFault) {
        var changed = self
        for pair in form.pairs {
            switch pair.name {
            case "FriendlyName":
                guard (1...64).contains(pair.value.count) else {
                    throw TwilioFault(20002, "Invalid FriendlyName: it must be 1 to 64 characters long.")
                }
                changed.friendlyName = pair.value
            case "SmsUrl": changed.smsURL = try NumberRecord.url(pair)
            case "SmsMethod": changed.smsMethod = try NumberRecord.method(pair)
            case "SmsFallbackUrl": changed.smsFallbackURL = try NumberRecord.url(pair)
            case "SmsFallbackMethod": changed.smsFallbackMethod = try NumberRecord.method(pair)
            case "SmsApplicationSid": changed.smsApplicationSid = pair.value
            case "VoiceUrl": changed.voiceURL = try NumberRecord.url(pair)
            case "VoiceMethod": changed.voiceMethod = try NumberRecord.method(pair)
            case "VoiceFallbackUrl": changed.voiceFallbackURL = try NumberRecord.url(pair)
            case "VoiceFallbackMethod": changed.voiceFallbackMethod = try NumberRecord.method(pair)
            case "VoiceApplicationSid": changed.voiceApplicationSid = pair.value
            case "VoiceCallerIdLookup": changed.voiceCallerIdLookup = pair.value == "true"
            case "VoiceReceiveMode": changed.voiceReceiveMode = pair.value
            case "StatusCallback": changed.statusCallback = try NumberRecord.url(pair)
            case "StatusCallbackMethod": changed.statusCallbackMethod = try NumberRecord.method(pair)
            case "TrunkSid": changed.trunkSid = pair.value.isEmpty ? nil : pair.value
            case "AddressSid": changed.addressSid = pair.value.isEmpty ? nil : pair.value
            case "BundleSid": changed.bundleSid = pair.value.isEmpty ? nil : pair.value
            case "IdentitySid": changed.identitySid = pair.value.isEmpty ? nil : pair.value
            case "EmergencyStatus": changed.emergencyStatus = pair.value
            case "EmergencyAddressSid": changed.emergencyAddressSid = pair.value.isEmpty ? nil : pair.value
            default: break
            }
        }
        self = changed
    }

    private static func url(_ pair: Parameters.Pair) throws(TwilioFault) -> String {
        guard pair.value.isEmpty || WebhookURL(pair.value) != nil else {
            throw TwilioFault(21402, "\(pair.name) is not valid: \(pair.value)")
        }
        return pair.value
    }

    private static func method(_ pair: Parameters.Pair) throws(TwilioFault) -> String {
        let method = pair.value.uppercased()
        guard method == "GET" || method == "POST" else {
            throw TwilioFault(20001, "\(pair.name) must be GET or POST, not '\(pair.value)'")
        }
        return method
    }
}
