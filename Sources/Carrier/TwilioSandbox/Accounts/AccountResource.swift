/// `/Accounts`, `/Accounts/{Sid}` and `/Accounts/{Sid}/Balance`.
extension CarrierState {
    func listAccounts(_ request: SandboxRequest, _ principal: Principal) throws(TwilioFault) -> SandboxAnswer {
        guard !principal.isStandardKey else { throw .wrongCredentials }
        let account = accounts[principal.account]
        let matches =
            (request.query["FriendlyName"].map { $0 == account.friendlyName } ?? true)
            && (request.query["Status"].map { $0 == account.status.rawValue } ?? true)
        let page = try Page(request, path: "/2010-04-01/Accounts.json")
        return page.answer(
            "accounts", of: matches ? [account] : [], id: \.sid, render: { $0.json })
    }

    func fetchAccount(_ principal: Principal) throws(TwilioFault) -> SandboxAnswer {
        guard !principal.isStandardKey else { throw .wrongCredentials }
        return .json(200, accounts[principal.account].json)
    }

    mutating func updateAccount(_ request: SandboxRequest, _ principal: Principal) throws(TwilioFault) -> SandboxAnswer
    {
        guard !principal.isStandardKey else { throw .wrongCredentials }
        if let name = request.form["FriendlyName"] {
            guard (1...64).contains(name.count) else {
                throw TwilioFault(20002, "Invalid FriendlyName: it must be 1 to 64 characters long.")
            }
            accounts[principal.account].friendlyName = name
            accounts[principal.account].dateUpdated = clock.now
        }
        return .json(200, accounts[principal.account].json)
    }

    func fetchBalance(_ principal: Principal) -> SandboxAnswer {
        let account = accounts[principal.account]
        return .json(
            200,
            ["account_sid": .string(account.sid), "balance": .string(account.balance.text), "currency": "USD"])
    }
}

extension AccountState {
    private static let subresources = [
        ("addresses", "Addresses"), ("applications", "Applications"),
        ("authorized_connect_apps", "AuthorizedConnectApps"), ("available_phone_numbers", "AvailablePhoneNumbers"),
        ("balance", "Balance"), ("calls", "Calls"), ("conferences", "Conferences"), ("connect_apps", "ConnectApps"),
        ("incoming_phone_numbers", "IncomingPhoneNumbers"), ("keys", "Keys"), ("messages", "Messages"),
        ("notifications", "Notifications"), ("outgoing_caller_ids", "OutgoingCallerIds"), ("queues", "Queues"),
        ("recordings", "Recordings"), ("short_codes", "SMS/ShortCodes"), ("signing_keys", "SigningKeys"),
        ("sip", "SIP"), ("transcriptions", "Transcriptions"), ("usage", "Usage"),
    ]

    var json: JSON {
        [
            "auth_token": .string(authToken),
            "date_created": .string(TwilioDate.rfc2822(dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(dateUpdated)),
            "friendly_name": .string(friendlyName),
            "owner_account_sid": .string(sid),
            "sid": .string(sid),
            "status": .string(status.rawValue),
            "subresource_uris": .object(
                AccountState.subresources.map { ($0.0, .string("\(uri)/\($0.1).json")) }),
            "type": .string(type.rawValue),
            "uri": .string("\(uri).json"),
        ]
    }
}
