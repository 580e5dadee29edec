/// `/Accounts/{Sid}/IncomingPhoneNumbers`: what an account owns, buys and releases.
enum IncomingPhoneNumberResource {
    private static let path = "\(Route.account)/IncomingPhoneNumbers"

    static let routes: [Route] =
        [
            .get("\(path)/{Sid}.json", fetch),
            .post("\(path)/{Sid}.json", update),
            .delete("\(path)/{Sid}.json", release),
        ]
        + [("", nil), ("/Local", "local"), ("/TollFree", "toll-free"), ("/Mobile", "mobile")].flatMap {
            (suffix: String, type: String?) in
            [
                Route.get("\(path)\(suffix).json") { (state, call) throws(TwilioFault) in
                    try list(&state, call, type: type)
                },
                Route.post("\(path)\(suffix).json", access: .testable) { (state, call) throws(TwilioFault) in
                    try buy(&state, call, type: type)
                },
            ]
        }

    /// - Parameter type: what the lists below `/Local`, `/TollFree` and `/Mobile` show.
    private static func list(_ state: inout CarrierState, _ call: RouteCall, type: String?) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = state.accounts[call.account]
        let pattern = call.query["PhoneNumber"].map { NumberPattern($0) }
        let name = call.query["FriendlyName"]
        let origin = call.query["Origin"]
        let wantsBeta = call.query["Beta"]?.lowercased() == "true"
        return try call.page().answer(
            "incoming_phone_numbers", of: account.numbers, isOldestFirst: true,
            where: { number in
                (pattern.map { $0.matches(number.phoneNumber) } ?? true)
                    && (name.map { $0 == number.friendlyName } ?? true) && (type.map { $0 == number.type } ?? true)
                    && (origin.map { $0 == "twilio" } ?? true) && !wantsBeta
            },
            render: { $0.json(accountURI: account.uri, accountSid: account.sid, showsType: type == nil) })
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let account = state.accounts[call.account]
        guard let number = account.numbers[call.sid] else { throw call.notFound }
        return .json(200, number.json(accountURI: account.uri, accountSid: account.sid))
    }

    /// A purchase: of the number named, or of any free one of an area code.
    private static func buy(_ state: inout CarrierState, _ call: RouteCall, type: String?) throws(TwilioFault)
        -> SandboxAnswer
    {
        if call.principal.isTest {
            let number = try MagicNumbers.purchase(call.form)
            var record = NumberRecord(
                sid: Sid.make("PN", using: &state.generator), SandboxNumber(phoneNumber: number), now: state.clock.now)
            try record.update(call.form)
            let sid = state.accounts[call.account].testSid ?? ""
            return .json(
                201,
                record.json(
                    accountURI: "/2010-04-01/Accounts/\(sid)", accountSid: sid, showsType: type == nil))
        }
        if state.accounts[call.account].type == .trial, !state.accounts[call.account].numbers.live.isEmpty {
            throw TwilioFault(
                21404,
                "Trial accounts are allowed only one Twilio number. To purchase additional Twilio numbers, "
                    + "please upgrade.")
        }
        let phoneNumber = try state.numberToBuy(call.form)
        let carriesMessages = NumberInventory.carriesMessages(phoneNumber)
        var record = NumberRecord(
            sid: Sid.make("PN", using: &state.generator),
            SandboxNumber(phoneNumber: phoneNumber, smsEnabled: carriesMessages, mmsEnabled: carriesMessages),
            now: state.clock.now)
        guard type == nil || record.type == type else {
            throw TwilioFault(21422, "\(phoneNumber) is not available")
        }
        try record.update(call.form)
        try state.checkRegulation(record, account: call.account)
        state.accounts[call.account].numbers.append(record)
        state.numberOwners[phoneNumber] = call.account
        state.charge(
            UsageEntry(
                category: record.type == "toll-free" ? "phonenumbers-tollfree" : "phonenumbers-local", count: 1,
                usage: 1, price: record.type == "toll-free" ? 215_000 : 115_000), account: call.account,
            at: state.clock.now)
        let account = state.accounts[call.account]
        return .json(
            201, record.json(accountURI: account.uri, accountSid: account.sid, showsType: type == nil))
    }

    /// `AccountSid` moves the number to another account of the same owner.
    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard var record = state.accounts[call.account].numbers[call.sid] else { throw call.notFound }
        try record.update(call.form)
        // A number that is owned already, perhaps from the start, was let through once.
        if call.form["AddressSid"] != nil || call.form["BundleSid"] != nil {
            try state.checkRegulation(record, account: call.account)
        }
        record.dateUpdated = state.clock.now
        var owner = call.account
        if let sid = call.form["AccountSid"], sid != state.accounts[call.account].sid {
            let home = call.principal.home
            guard let index = state.accountIndex[sid], index == home || state.accounts[index].owner == home,
                state.accounts[index].status == .active
            else { throw TwilioFault(20001, "Invalid AccountSid: \(sid) is not an account of yours") }
            owner = index
            state.leavePool(record.phoneNumber, account: call.account)
            state.accounts[call.account].numbers.remove(record.sid)
            state.accounts[owner].numbers.append(record)
            state.numberOwners[record.phoneNumber] = owner
        } else {
            state.accounts[owner].numbers.update(record.sid) { $0 = record }
        }
        let account = state.accounts[owner]
        return .json(200, record.json(accountURI: account.uri, accountSid: account.sid))
    }

    private static func release(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].numbers[call.sid] != nil else { throw call.notFound }
        state.release(call.sid, account: call.account)
        return .noContent
    }
}

/// Buying and giving back.
extension CarrierState {
    func numberToBuy(_ form: Parameters) throws(TwilioFault) -> String {
        if let wanted = form["PhoneNumber"], !wanted.isEmpty {
            guard let number = PhoneNumber.normalized(wanted), wanted != "+15005550001" else {
                throw TwilioFault(21421, "\(wanted) is not a valid number")
            }
            guard NumberInventory.contains(number), numberOwners[number] == nil else {
                throw TwilioFault(21422, "\(number) is not available")
            }
            return number
        }
        guard let code = form["AreaCode"], !code.isEmpty else {
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

    /// - Throws: 21631 or 21615 when the area asks for an address, 21649 when it asks for a bundle, and none of the
    ///   account's is named.
    func checkRegulation(_ number: NumberRecord, account: Int) throws(TwilioFault) {
        if let sid = number.addressSid, accounts[account].addresses[sid] == nil {
            throw TwilioFault(21628, "The address \(sid) does not exist")
        }
        if let sid = number.bundleSid, accounts[account].bundles[sid] == nil {
            throw TwilioFault(21649, "The bundle \(sid) does not exist")
        }
        guard let area = NumberInventory.area(ofNumber: number.phoneNumber) else { return }
        if area.addressRequirements != "none" {
            guard let sid = number.addressSid, let address = accounts[account].addresses[sid] else {
                throw TwilioFault(
                    21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty.")
            }
            if area.addressRequirements == "local", address.text("iso_country") != area.country {
                throw TwilioFault(21615, "Phone Number Requires a Local Address")
            }
        }
        if area.needsBundle {
            guard let sid = number.bundleSid, let bundle = accounts[account].bundles[sid] else {
                throw TwilioFault(21649, "Bundle required: the 'BundleSid' parameter was empty.")
            }
            guard ["twilio-approved", "provisionally-approved"].contains(bundle.text("status")) else {
                throw TwilioFault(21649, "Bundle \(sid) is not approved")
            }
        }
    }

    mutating func release(_ sid: String, account: Int) {
        guard let number = accounts[account].numbers.remove(sid) else { return }
        numberOwners[number.phoneNumber] = nil
        leavePool(number.phoneNumber, account: account)
    }

    mutating func releaseAllNumbers(account: Int) {
        for number in accounts[account].numbers.live { release(number.sid, account: account) }
    }

    /// A number that goes leaves the pools of messaging services too.
    mutating func leavePool(_ phoneNumber: String, account: Int) {
        for sender in accounts[account].senders.live where sender.sender == phoneNumber {
            accounts[account].senders.remove(sender.sid)
        }
    }
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
