import FoundationEssentials

/// An API key of an account.
struct KeyRecord: Stored {
    let sid: String
    let secret: String
    let isMain: Bool
    var friendlyName = ""
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    init(_ key: SandboxAPIKey, friendlyName: String = "", now: Date) {
        sid = key.sid
        secret = key.secret
        isMain = key.isMain
        self.friendlyName = friendlyName
        dateCreated = now
        dateUpdated = now
    }

    var members: [(String, JSON)] {
        [
            ("sid", .string(sid)), ("friendly_name", .string(friendlyName)),
            ("date_created", .string(TwilioDate.rfc2822(dateCreated))),
            ("date_updated", .string(TwilioDate.rfc2822(dateUpdated))),
        ]
    }
}

/// `/Accounts/{Sid}/Keys`, and `/v1/Keys` of the product for identities. The secret is told once, at the creation.
enum KeyResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Keys.json", access: .main, list),
        .post("\(Route.account)/Keys.json", access: .main, create),
        .get("\(Route.account)/Keys/{Sid}.json", access: .main, fetch),
        .post("\(Route.account)/Keys/{Sid}.json", access: .main, update),
        .delete("\(Route.account)/Keys/{Sid}.json", access: .main, delete),
        .get("/v1/Keys", access: .main, listNewer),
        .post("/v1/Keys", access: .main, createNewer),
        .get("/v1/Keys/{Sid}", access: .main, fetch),
        .post("/v1/Keys/{Sid}", access: .main, update),
        .delete("/v1/Keys/{Sid}", access: .main, delete),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        try call.page().answer("keys", of: state.accounts[call.account].keys, render: { .object($0.members) })
    }

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = make(&state, account: call.account, name: call.form["FriendlyName"] ?? "")
        return .json(201, .object(record.members + [("secret", .string(record.secret))]))
    }

    /// The key that the call names, with `policy` where the newer product shows it.
    private static func shown(_ record: KeyRecord, _ call: RouteCall) -> JSON {
        let isNewer = call.request.segments.first == "v1"
        return .object(record.members + (isNewer ? [("policy", .null)] : []))
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].keys[call.sid] else { throw call.notFound }
        return .json(200, shown(record, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let now = state.clock.now
        let found = state.accounts[call.account].keys.update(call.sid) { record in
            if let name = call.form["FriendlyName"] { record.friendlyName = name }
            record.dateUpdated = now
        }
        guard found else { throw call.notFound }
        return try fetch(&state, call)
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].keys.remove(call.sid) != nil else { throw call.notFound }
        state.keyIndex[call.sid] = nil
        return .noContent
    }

    private static func listNewer(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let account = try named(call.query["AccountSid"], state, call)
        return try call.page().answer(
            "keys", of: state.accounts[account].keys,
            render: { .object($0.members + [("flags", [])]) })
    }

    private static func createNewer(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let account = try named(call.form["AccountSid"], state, call)
        let record = make(&state, account: account, name: call.form["FriendlyName"] ?? "")
        return .json(
            201, .object(record.members + [("secret", .string(record.secret)), ("policy", .null)]))
    }

    private static func named(_ sid: String?, _ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> Int {
        guard let sid, !sid.isEmpty else { throw .missing("AccountSid") }
        guard let index = state.accountIndex[sid],
            index == call.principal.home || state.accounts[index].owner == call.principal.home
        else { throw TwilioFault(20403, "Account \(sid) is not accessible", status: 403) }
        return index
    }

    private static func make(_ state: inout CarrierState, account: Int, name: String) -> KeyRecord {
        let record = KeyRecord(
            SandboxAPIKey(sid: Sid.make("SK", using: &state.generator), secret: Sid.secret()), friendlyName: name,
            now: state.clock.now)
        state.accounts[account].keys.append(record)
        state.keyIndex[record.sid] = account
        return record
    }
}
