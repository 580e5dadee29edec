/// `/Accounts`, `/Accounts/{Sid}` and `/Accounts/{Sid}/Balance`.
enum AccountResource {
    static let routes: [Route] = [
        .get("/2010-04-01/Accounts.json", access: .main, list),
        .post("/2010-04-01/Accounts.json", access: .main, create),
        .get("\(Route.account).json", access: .account, fetch),
        .post("\(Route.account).json", access: .account, update),
        .get("\(Route.account)/Balance.json", fetchBalance),
    ]

    /// The account and its subaccounts, newest first.
    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let home = call.principal.home
        let matching = state.accounts.indices.reversed().filter { index in
            let account = state.accounts[index]
            return (index == home || account.owner == home)
                && (call.query["FriendlyName"].map { $0 == account.friendlyName } ?? true)
                && (call.query["Status"].map { $0 == account.status.rawValue } ?? true)
        }
        return try call.page().answer(
            "accounts", of: matching, id: { state.accounts[$0].sid }, render: { json($0, state) })
    }

    /// A subaccount, with a token of its own. A subaccount has none.
    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let home = call.principal.home
        guard state.accounts[home].owner == nil else {
            throw TwilioFault(20403, "A subaccount cannot create subaccounts", status: 403)
        }
        let now = state.clock.now
        let name = call.form["FriendlyName"] ?? "SubAccount Created at \(TwilioDate.iso8601(now))"
        try check(name: name)
        let index = state.accounts.count
        var account = AccountState(
            SandboxAccount(
                sid: Sid.make("AC", using: &state.generator), authToken: Sid.secret(), friendlyName: name,
                type: state.accounts[home].type, balance: "0.00"), now: now)
        account.owner = home
        state.accountIndex[account.sid] = index
        state.accounts.append(account)
        return .json(201, json(index, state))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        .json(200, json(call.account, state))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let index = call.account
        guard state.accounts[call.principal.home].status == .active else {
            throw TwilioFault(20005, "Account \(state.accounts[call.principal.home].sid) is not active")
        }
        if let name = call.form["FriendlyName"] { try check(name: name) }
        if let text = call.form["Status"] {
            guard let status = SandboxAccount.Status(rawValue: text) else {
                throw TwilioFault(20001, "Invalid Status: expected active, suspended or closed, not '\(text)'")
            }
            guard index != call.principal.home else {
                throw TwilioFault(20403, "An account cannot change its own status", status: 403)
            }
            guard state.accounts[index].status != .closed || status == .closed else {
                throw TwilioFault(20001, "A closed account cannot be opened again")
            }
            if status == .closed { state.releaseAllNumbers(account: index) }
            state.accounts[index].status = status
        }
        if let name = call.form["FriendlyName"] { state.accounts[index].friendlyName = name }
        state.accounts[index].dateUpdated = state.clock.now
        return .json(200, json(index, state))
    }

    private static func check(name: String) throws(TwilioFault) {
        guard (1...64).contains(name.count) else {
            throw TwilioFault(20002, "Invalid FriendlyName: it must be 1 to 64 characters long.")
        }
    }

    /// A subaccount spends its owner's balance.
    private static func fetchBalance(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = state.accounts[call.account]
        let payer = account.owner ?? call.account
        return .json(
            200,
            [
                "account_sid": .string(account.sid), "balance": .string(state.accounts[payer].balance.text),
                "currency": "USD",
            ])
    }

    private static let subresources = [
        ("addresses", "Addresses"), ("applications", "Applications"),
        ("authorized_connect_apps", "AuthorizedConnectApps"), ("available_phone_numbers", "AvailablePhoneNumbers"),
        ("balance", "Balance"), ("calls", "Calls"), ("conferences", "Conferences"), ("connect_apps", "ConnectApps"),
        ("incoming_phone_numbers", "IncomingPhoneNumbers"), ("keys", "Keys"), ("messages", "Messages"),
        ("notifications", "Notifications"), ("outgoing_caller_ids", "OutgoingCallerIds"), ("queues", "Queues"),
        ("recordings", "Recordings"), ("short_codes", "SMS/ShortCodes"), ("signing_keys", "SigningKeys"),
        ("sip", "SIP"), ("transcriptions", "Transcriptions"), ("usage", "Usage"),
    ]

    private static func json(_ index: Int, _ state: CarrierState) -> JSON {
        let account = state.accounts[index]
        return [
            "auth_token": .string(account.authToken),
            "date_created": .string(TwilioDate.rfc2822(account.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(account.dateUpdated)),
            "friendly_name": .string(account.friendlyName),
            "owner_account_sid": .string(state.accounts[account.owner ?? index].sid),
            "sid": .string(account.sid),
            "status": .string(account.status.rawValue),
            "subresource_uris": .object(subresources.map { ($0.0, .string("\(account.uri)/\($0.1).json")) }),
            "type": .string(account.type.rawValue),
            "uri": .string("\(account.uri).json"),
        ]
    }
}
