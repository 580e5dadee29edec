import FoundationEssentials

/// An end user, a document or an address in a bundle.
struct BundleItemRecord: Stored {
    let sid: String
    let bundleSid: String
    let objectSid: String
    let dateCreated: Date
    var isDeleted = false
}

/// What a look at a bundle found.
struct EvaluationRecord: Stored {
    let sid: String
    let bundleSid: String
    let regulationSid: JSON
    let isCompliant: Bool
    let results: JSON
    let dateCreated: Date
    var isDeleted = false
}

/// Something that a bundle lacks.
struct MissingItem: Sendable {
    let title: String
    let type: String
    let reason: String
    let fields: [(String, String)]
}

extension AccountState {
    /// A bundle is compliant when it has an end user of its regulation's type, and a supporting document.
    func missingItems(ofBundle sid: String) -> [MissingItem] {
        let objects = bundleItems.live.filter { $0.bundleSid == sid }.map(\.objectSid)
        let rule = RegulationResource.regulations.first { $0.sid == bundles[sid]?.text("regulation_sid") }
        let type = rule?.endUserType ?? "individual"
        let form = RegulationResource.endUserTypes.first { $0.machineName == type }
        var missing: [MissingItem] = []
        if !objects.contains(where: { endUsers[$0]?.text("type") == type }) {
            missing.append(
                MissingItem(
                    title: form?.friendlyName ?? type, type: type,
                    reason:
                        "A \(form?.friendlyName ?? type) End-User is missing. Please add one to the regulatory bundle.",
                    fields: form?.fields ?? []))
        }
        if !objects.contains(where: { supportingDocuments[$0] != nil }) {
            missing.append(
                MissingItem(
                    title: "Address", type: "document",
                    reason: "A supporting document is missing. Please add one to the regulatory bundle.",
                    fields: [("address_sids", "Address sid(s)")]))
        }
        return missing
    }
}

/// `/v2/RegulatoryCompliance/Bundles/{Sid}/ItemAssignments` and `Evaluations`.
enum BundleItemResource {
    private static let items = "\(BundleResource.path)/{BundleSid}/ItemAssignments"
    private static let evaluations = "\(BundleResource.path)/{BundleSid}/Evaluations"

    static let routes: [Route] = [
        .get(items, list),
        .post(items, assign),
        .get("\(items)/{Sid}", fetch),
        .delete("\(items)/{Sid}", delete),
        .get(evaluations, listEvaluations),
        .post(evaluations, evaluate),
        .get("\(evaluations)/{Sid}", fetchEvaluation),
    ]

    private static func bundle(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> Document {
        guard let record = state.accounts[call.account].bundles[call.values[0]] else { throw call.notFound }
        return record
    }

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let bundle = try bundle(state, call)
        return try call.page().answer(
            "results", of: state.accounts[call.account].bundleItems, where: { $0.bundleSid == bundle.sid },
            render: { json($0, state, call) })
    }

    private static func assign(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let bundle = try bundle(state, call)
        let object = try call.required("ObjectSid")
        let account = state.accounts[call.account]
        guard
            account.endUsers[object] != nil || account.supportingDocuments[object] != nil
                || account.addresses[object] != nil
        else { throw TwilioFault(20404, "The requested resource \(object) was not found", status: 404) }
        guard !account.bundleItems.live.contains(where: { $0.bundleSid == bundle.sid && $0.objectSid == object }) else {
            throw TwilioFault(20409, "\(object) is assigned to the bundle already", status: 409)
        }
        let record = BundleItemRecord(
            sid: Sid.make("BV", using: &state.generator), bundleSid: bundle.sid, objectSid: object,
            dateCreated: state.clock.now)
        state.accounts[call.account].bundleItems.append(record)
        return .json(201, json(record, state, call))
    }

    private static func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> BundleItemRecord {
        guard let record = state.accounts[call.account].bundleItems[call.sid], record.bundleSid == call.values[0] else {
            throw call.notFound
        }
        return record
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        .json(200, json(try find(state, call), state, call))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        state.accounts[call.account].bundleItems.remove(record.sid)
        return .noContent
    }

    private static func listEvaluations(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let bundle = try bundle(state, call)
        return try call.page().answer(
            "results", of: state.accounts[call.account].evaluations, where: { $0.bundleSid == bundle.sid },
            render: { json($0, state, call) })
    }

    private static func evaluate(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let bundle = try bundle(state, call)
        let missing = state.accounts[call.account].missingItems(ofBundle: bundle.sid)
        let results = missing.map { item -> JSON in
            [
                "friendly_name": .string(item.title), "object_type": .string(item.type), "passed": false,
                "failure_reason": .string(item.reason), "error_code": 22214, "valid": [],
                "invalid": .array(
                    item.fields.map { field in
                        [
                            "friendly_name": .string(field.1), "object_field": .string(field.0),
                            "failure_reason": .string("The \(field.1) is missing."), "error_code": 22215,
                        ]
                    }), "requirement_friendly_name": .string(item.title),
                "requirement_name": .string("\(item.type)_info"),
            ]
        }
        let record = EvaluationRecord(
            sid: Sid.make("EL", using: &state.generator), bundleSid: bundle.sid,
            regulationSid: bundle["regulation_sid"], isCompliant: missing.isEmpty, results: .array(results),
            dateCreated: state.clock.now)
        state.accounts[call.account].evaluations.append(record)
        return .json(201, json(record, state, call))
    }

    private static func fetchEvaluation(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let record = state.accounts[call.account].evaluations[call.sid], record.bundleSid == call.values[0] else {
            throw call.notFound
        }
        return .json(200, json(record, state, call))
    }

    private static func json(_ record: BundleItemRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        [
            "sid": .string(record.sid), "bundle_sid": .string(record.bundleSid),
            "account_sid": .string(state.accounts[call.account].sid), "object_sid": .string(record.objectSid),
            "date_created": .string(TwilioDate.iso8601(record.dateCreated)),
            "url": .string(call.url("\(BundleResource.path)/\(record.bundleSid)/ItemAssignments/\(record.sid)")),
        ]
    }

    private static func json(_ record: EvaluationRecord, _ state: CarrierState, _ call: RouteCall) -> JSON {
        [
            "sid": .string(record.sid), "account_sid": .string(state.accounts[call.account].sid),
            "regulation_sid": record.regulationSid, "bundle_sid": .string(record.bundleSid),
            "status": .string(record.isCompliant ? "compliant" : "noncompliant"), "results": record.results,
            "date_created": .string(TwilioDate.iso8601(record.dateCreated)),
            "url": .string(call.url("\(BundleResource.path)/\(record.bundleSid)/Evaluations/\(record.sid)")),
        ]
    }
}
