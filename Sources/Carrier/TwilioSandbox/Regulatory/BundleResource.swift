import FoundationEssentials

/// `/v2/RegulatoryCompliance/Bundles`, their clones, copies and replacements. A bundle handed in (`pending-review`) is in
/// review a minute later, and approved or rejected after another, by whether it is compliant.
enum BundleResource {
    static let path = "/v2/RegulatoryCompliance/Bundles"

    static let routes: [Route] = [
        .get(path, list),
        .post(path, create),
        .get("\(path)/{Sid}", fetch),
        .post("\(path)/{Sid}", update),
        .delete("\(path)/{Sid}", delete),
        .post("\(path)/{BundleSid}/Clones", clone),
        .get("\(path)/{BundleSid}/Copies", listCopies),
        .post("\(path)/{BundleSid}/Copies", copy),
        .post("\(path)/{BundleSid}/ReplaceItems", replaceItems),
    ]

    private static let fields: [Field] = [
        Field("friendly_name", "FriendlyName", .text(1...255), isRequired: true),
        Field("email", "Email", isRequired: true),
        Field("status_callback", "StatusCallback", .url),
        Field("regulation_sid", "RegulationSid", isMutable: false),
    ]

    private static let statuses = [
        "draft", "pending-review", "in-review", "twilio-rejected", "twilio-approved", "provisionally-approved",
    ]

    private static func regulation(_ sid: String) -> RegulationResource.Regulation? {
        RegulationResource.regulations.first { $0.sid == sid }
    }

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        func same(_ parameter: String, _ text: String?) -> Bool { call.query[parameter].map { $0 == text } ?? true }
        let sids = call.query["BundleSids"].map { Set($0.split(separator: ",").map(String.init)) }
        return try call.page().answer(
            "results", of: state.accounts[call.account].bundles,
            where: { bundle in
                let rule = regulation(bundle.text("regulation_sid"))
                return same("Status", bundle.text("status")) && same("FriendlyName", bundle.text("friendly_name"))
                    && same("RegulationSid", bundle.text("regulation_sid")) && same("IsoCountry", rule?.country)
                    && same("NumberType", rule?.numberType) && same("EndUserType", rule?.endUserType)
                    && (sids.map { $0.contains(bundle.sid) } ?? true)
            }, render: { json($0, state, call) })
    }

    /// Of the regulation that is named, or the one of a country, a number type and an end user type.
    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        var record = try Document(
            sid: Sid.make("BU", using: &state.generator), fields: fields, call.form, now: state.clock.now)
        if record.text("regulation_sid").isEmpty {
            let found = RegulationResource.regulations.first { rule in
                rule.country == call.form["IsoCountry"]
                    && rule.numberType == (call.form["NumberType"] ?? "local")
                    && rule.endUserType == (call.form["EndUserType"] ?? "individual")
            }
            if call.form["IsoCountry"] != nil, found == nil {
                throw TwilioFault(20001, "No regulation is known for this IsoCountry, NumberType and EndUserType")
            }
            record["regulation_sid"] = .optional(found?.sid)
        } else if regulation(record.text("regulation_sid")) == nil {
            throw TwilioFault(20001, "Invalid RegulationSid: \(record.text("regulation_sid")) is none that is known")
        }
        record["status"] = "draft"
        record["valid_until"] = .null
        state.accounts[call.account].bundles.append(record)
        return .json(201, json(record, state, call))
    }

    private static func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> Document {
        guard let record = state.accounts[call.account].bundles[call.values[0]] else { throw call.notFound }
        return record
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        .json(200, json(try find(state, call), state, call))
    }

    private static func update(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        var record = try find(state, call)
        try record.update(fields, call.form, now: state.clock.now)
        if let status = call.form["Status"] {
            guard statuses.contains(status) else {
                throw TwilioFault(20001, "Invalid Status: '\(status)' is none that is known")
            }
            guard ["draft", "pending-review"].contains(status) else {
                throw TwilioFault(20403, "Status cannot be set to \(status): that is for the review", status: 403)
            }
            record["status"] = .string(status)
            if status == "pending-review" {
                state.plan(.bundleReview(sid: record.sid), account: call.account, at: state.clock.now + 60)
            }
        }
        state.accounts[call.account].bundles.update(record.sid) { $0 = record }
        return .json(200, json(record, state, call))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        guard !state.accounts[call.account].numbers.live.contains(where: { $0.bundleSid == record.sid }) else {
            throw TwilioFault(20409, "Bundle \(record.sid) is used by a phone number", status: 409)
        }
        state.accounts[call.account].bundles.remove(record.sid)
        for item in state.accounts[call.account].bundleItems.live where item.bundleSid == record.sid {
            state.accounts[call.account].bundleItems.remove(item.sid)
        }
        return .noContent
    }

    /// A duplicate with the same items, of another name perhaps.
    private static func duplicate(
        _ record: Document, _ state: inout CarrierState, _ call: RouteCall, into account: Int, status: String
    ) throws(TwilioFault) -> Document {
        let now = state.clock.now
        var form = Parameters([
            ("FriendlyName", call.form["FriendlyName"] ?? record.text("friendly_name")),
            ("Email", record.text("email")), ("RegulationSid", record.text("regulation_sid")),
        ])
        form.append("StatusCallback", record.text("status_callback"))
        var made = try Document(
            sid: Sid.make("BU", using: &state.generator), parent: record.sid, fields: fields, form, now: now)
        made["status"] = .string(status)
        made["valid_until"] = record["valid_until"]
        state.accounts[account].bundles.append(made)
        for item in state.accounts[call.account].bundleItems.live where item.bundleSid == record.sid {
            state.accounts[account].bundleItems.append(
                BundleItemRecord(
                    sid: Sid.make("BV", using: &state.generator), bundleSid: made.sid, objectSid: item.objectSid,
                    dateCreated: now))
        }
        return made
    }

    private static func clone(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        let sid = try call.required("TargetAccountSid")
        let home = call.principal.home
        guard let target = state.accountIndex[sid], target == home || state.accounts[target].owner == home else {
            throw TwilioFault(20403, "Account \(sid) is not accessible", status: 403)
        }
        let toDraft = call.form["MoveToDraft"]?.lowercased() == "true"
        let made = try duplicate(
            record, &state, call, into: target, status: toDraft ? "draft" : record.text("status"))
        return .json(
            201,
            .object(
                [("bundle_sid", .string(made.sid)), ("url", .string(call.url("\(path)/\(made.sid)")))]
                    + common(made, state, account: target).filter { $0.0 != "sid" }))
    }

    private static func listCopies(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let record = try find(state, call)
        return try call.page().answer(
            "results", of: state.accounts[call.account].bundles, where: { $0.parent == record.sid },
            render: { .object(common($0, state, account: call.account)) })
    }

    private static func copy(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        let made = try duplicate(record, &state, call, into: call.account, status: "draft")
        return .json(201, .object(common(made, state, account: call.account)))
    }

    /// The items of another bundle take the place of this one's.
    private static func replaceItems(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let record = try find(state, call)
        let from = try call.required("FromBundleSid")
        guard state.accounts[call.account].bundles[from] != nil else {
            throw TwilioFault(20404, "The requested resource \(from) was not found", status: 404)
        }
        let now = state.clock.now
        for item in state.accounts[call.account].bundleItems.live where item.bundleSid == record.sid {
            state.accounts[call.account].bundleItems.remove(item.sid)
        }
        for item in state.accounts[call.account].bundleItems.live where item.bundleSid == from {
            state.accounts[call.account].bundleItems.append(
                BundleItemRecord(
                    sid: Sid.make("BV", using: &state.generator), bundleSid: record.sid, objectSid: item.objectSid,
                    dateCreated: now))
        }
        return .json(201, .object(common(record, state, account: call.account)))
    }

    private static func common(_ record: Document, _ state: CarrierState, account: Int) -> [(String, JSON)] {
        [
            ("sid", .string(record.sid)), ("account_sid", .string(state.accounts[account].sid)),
            ("date_created", .string(TwilioDate.iso8601(record.dateCreated))),
            ("date_updated", .string(TwilioDate.iso8601(record.dateUpdated))),
        ] + record.values.map { ($0.name, $0.value) }
    }

    private static func json(_ record: Document, _ state: CarrierState, _ call: RouteCall) -> JSON {
        let url = call.url("\(path)/\(record.sid)")
        return .object(
            common(record, state, account: call.account) + [
                ("url", .string(url)),
                (
                    "links",
                    [
                        "evaluations": .string("\(url)/Evaluations"),
                        "item_assignments": .string("\(url)/ItemAssignments"),
                        "bundle_copies": .string("\(url)/Copies"),
                    ]
                ),
            ])
    }
}

extension CarrierState {
    /// The next step of a review, told to the bundle's `StatusCallback`.
    mutating func reviewBundle(_ sid: String, account: Int, at instant: Date) {
        guard let bundle = accounts[account].bundles[sid] else { return }
        var parameters = Parameters([("AccountSid", accounts[account].sid), ("BundleSid", sid)])
        let status: String
        switch bundle.text("status") {
        case "pending-review":
            status = "in-review"
            plan(.bundleReview(sid: sid), account: account, at: instant + 60)
        case "in-review":
            let failures = accounts[account].missingItems(ofBundle: sid)
            status = failures.isEmpty ? "twilio-approved" : "twilio-rejected"
            if let failure = failures.first { parameters.append("FailureReason", failure.reason) }
        default: return
        }
        accounts[account].bundles.update(sid) { record in
            record["status"] = .string(status)
            record.dateUpdated = instant
        }
        parameters.append("Status", status)
        let url = bundle.text("status_callback")
        if !url.isEmpty {
            notify(account: account, about: sid, event: "bundle", url: url, method: "POST", parameters)
        }
    }
}
