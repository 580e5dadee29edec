/// What end users and supporting documents have in common: a name, a type and attributes, created, fetched, listed,
/// updated and deleted.
struct AttributedResource: Sendable {
    let collection: String
    let prefix: String
    let fields: [Field]
    let shelf: @Sendable (AccountState) -> Shelf<Document>
    let change:
        @Sendable (inout AccountState, (inout Shelf<Document>) throws(TwilioFault) -> Void) throws(TwilioFault) -> Void
    /// Members that no parameter sets.
    let constants: [(String, JSON)]

    var path: String { "/v2/RegulatoryCompliance/\(collection)" }

    var routes: [Route] {
        [
            .get(path) { (state, call) throws(TwilioFault) in
                try call.page().answer(
                    "results", of: shelf(state.accounts[call.account]), render: { json($0, state, call) })
            },
            .post(path) { (state, call) throws(TwilioFault) in
                let record = try Document(
                    sid: Sid.make(prefix, using: &state.generator), fields: fields, call.form, now: state.clock.now)
                try change(&state.accounts[call.account]) { (shelf) throws(TwilioFault) in shelf.append(record) }
                return .json(201, json(record, state, call))
            },
            .get("\(path)/{Sid}") { (state, call) throws(TwilioFault) in
                .json(200, json(try find(state, call), state, call))
            },
            .post("\(path)/{Sid}") { (state, call) throws(TwilioFault) in
                var record = try find(state, call)
                try record.update(fields, call.form, now: state.clock.now)
                let updated = record
                try change(&state.accounts[call.account]) { (shelf) throws(TwilioFault) in
                    shelf.update(updated.sid) { $0 = updated }
                }
                return .json(200, json(updated, state, call))
            },
            .delete("\(path)/{Sid}") { (state, call) throws(TwilioFault) in
                let record = try find(state, call)
                guard !state.accounts[call.account].bundleItems.live.contains(where: { $0.objectSid == record.sid })
                else { throw TwilioFault(20409, "\(record.sid) is assigned to a bundle", status: 409) }
                try change(&state.accounts[call.account]) { (shelf) throws(TwilioFault) in
                    shelf.remove(record.sid)
                }
                return .noContent
            },
        ]
    }

    private func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> Document {
        guard let record = shelf(state.accounts[call.account])[call.sid] else { throw call.notFound }
        return record
    }

    private func json(_ record: Document, _ state: CarrierState, _ call: RouteCall) -> JSON {
        .object(
            [
                ("sid", .string(record.sid)), ("account_sid", .string(state.accounts[call.account].sid)),
                ("date_created", .string(TwilioDate.iso8601(record.dateCreated))),
                ("date_updated", .string(TwilioDate.iso8601(record.dateUpdated))),
                ("url", .string(call.url("\(path)/\(record.sid)"))),
            ] + constants + record.values.map { ($0.name, $0.value) })
    }
}

/// `/v2/RegulatoryCompliance/EndUsers`: who the numbers are for.
enum EndUserResource {
    static let routes = AttributedResource(
        collection: "EndUsers", prefix: "IT",
        fields: [
            Field("friendly_name", "FriendlyName", isRequired: true),
            Field("type", "Type", .choice(["individual", "business"]), isRequired: true, isMutable: false),
            Field("attributes", "Attributes", .object, initial: .object([])),
        ],
        shelf: { $0.endUsers },
        change: { (account, change) throws(TwilioFault) in try change(&account.endUsers) }, constants: []
    ).routes
}

/// `/v2/RegulatoryCompliance/SupportingDocuments`: what proves it.
enum SupportingDocumentResource {
    static let routes = AttributedResource(
        collection: "SupportingDocuments", prefix: "RD",
        fields: [
            Field("friendly_name", "FriendlyName", isRequired: true),
            Field("type", "Type", isRequired: true, isMutable: false),
            Field("attributes", "Attributes", .object, initial: .object([])),
        ],
        shelf: { $0.supportingDocuments },
        change: { (account, change) throws(TwilioFault) in try change(&account.supportingDocuments) },
        constants: [("mime_type", .null), ("status", "draft"), ("failure_reason", .null), ("errors", .null)]
    ).routes
}
