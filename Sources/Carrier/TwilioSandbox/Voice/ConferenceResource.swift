/// `/Accounts/{Sid}/Conferences`.
enum ConferenceResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Conferences.json", list),
        .get("\(Route.account)/Conferences/{Sid}.json", fetch),
        .post("\(Route.account)/Conferences/{Sid}.json", update),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let created = try DateFilter("DateCreated", call.query)
        let updated = try DateFilter("DateUpdated", call.query)
        return try call.page().answer(
            "conferences", of: state.accounts[call.account].conferences,
            where: { record in
                (call.query["FriendlyName"].map { $0 == record.friendlyName } ?? true)
                    && (call.query["Status"].map { $0 == record.status.rawValue } ?? true)
                    && created.admits(record.dateCreated) && updated.admits(record.dateUpdated)
            }, render: { json($0, state, call) })
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].conferences[call.sid] else { throw call.notFound }
        return .json(200, json(record, state, call))
    }

    /// Ends it, or lets everybody hear a document.
    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let record = state.accounts[call.account].conferences[call.sid] else { throw call.notFound }
        if let status = call.form["Status"] {
            guard status == "completed" else {
                throw TwilioFault(20001, "Invalid Status: expected completed, not '\(status)'")
            }
            state.endConference(
                record.sid, account: call.account, reason: "conference-ended-via-api", by: nil, at: state.clock.now)
        }
        if let url = call.form["AnnounceUrl"], !url.isEmpty {
            guard WebhookURL(url) != nil else { throw TwilioFault(21205, "AnnounceUrl is not a valid URL: \(url)") }
            state.notify(
                account: call.account, about: record.sid, event: "announce", url: url,
                method: (call.form["AnnounceMethod"] ?? "POST").uppercased(),
                Parameters([
                    ("AccountSid", state.accounts[call.account].sid), ("ConferenceSid", record.sid),
                    ("FriendlyName", record.friendlyName),
                ]))
        }
        return try fetch(&state, call)
    }

    private static func json(_ record: ConferenceRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let account = state.accounts[call.account]
        let uri = "\(account.uri)/Conferences/\(record.sid)"
        return [
            "account_sid": .string(account.sid), "api_version": "2010-04-01",
            "call_sid_ending_conference": .optional(record.endedBy),
            "date_created": .string(TwilioDate.rfc2822(record.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(record.dateUpdated)),
            "friendly_name": .string(record.friendlyName), "reason_conference_ended": .optional(record.reasonEnded),
            "region": "us1", "sid": .string(record.sid), "status": .string(record.status.rawValue),
            "subresource_uris": [
                "participants": .string("\(uri)/Participants.json"), "recordings": .string("\(uri)/Recordings.json"),
            ], "uri": .string("\(uri).json"),
        ]
    }
}
