/// `/v2/RegulatoryCompliance/Regulations`, `EndUserTypes` and `SupportingDocumentTypes`: what may be asked of a buyer.
/// The SIDs are the same in every sandbox.
enum RegulationResource {
    private static let path = "/v2/RegulatoryCompliance"

    static let routes: [Route] = [
        .get("\(path)/Regulations", list),
        .get("\(path)/Regulations/{Sid}", fetch),
        .get("\(path)/EndUserTypes") { (_, call) throws(TwilioFault) in
            try call.page().answer("end_user_types", of: endUserTypes, id: \.sid, render: { $0.json(call) })
        },
        .get("\(path)/EndUserTypes/{Sid}") { (_, call) throws(TwilioFault) in
            try type(endUserTypes, call)
        },
        .get("\(path)/SupportingDocumentTypes") { (_, call) throws(TwilioFault) in
            try call.page().answer(
                "supporting_document_types", of: documentTypes, id: \.sid, render: { $0.json(call) })
        },
        .get("\(path)/SupportingDocumentTypes/{Sid}") { (_, call) throws(TwilioFault) in
            try type(documentTypes, call)
        },
    ]

    struct Regulation: Sendable {
        let sid: String
        let country: String
        let countryName: String
        let numberType: String
        let endUserType: String
    }

    /// Something to fill in: its fields by machine name and by name for people.
    struct Form: Sendable {
        let sid: String
        let machineName: String
        let friendlyName: String
        let collection: String
        let fields: [(String, String)]

        init(_ machineName: String, _ friendlyName: String, _ collection: String, _ fields: [(String, String)]) {
            sid = Sid.stable("OY", "\(collection) \(machineName)")
            self.machineName = machineName
            self.friendlyName = friendlyName
            self.collection = collection
            self.fields = fields
        }

        func json(_ call: RouteCall) -> JSON {
            [
                "sid": .string(sid), "friendly_name": .string(friendlyName), "machine_name": .string(machineName),
                "fields": .array(
                    fields.map { field in
                        [
                            "friendly_name": .string(field.1), "machine_name": .string(field.0),
                            "constraint": "String",
                        ]
                    }), "url": .string(call.url("\(path)/\(collection)/\(sid)")),
            ]
        }
    }

    static let regulations: [Regulation] = [
        ("CA", "Canada"), ("US", "United States"), ("GB", "United Kingdom"), ("DE", "Germany"), ("AU", "Australia"),
    ].flatMap { country, name in
        ["local", "mobile"].flatMap { numberType in
            ["individual", "business"].map { endUserType in
                Regulation(
                    sid: Sid.stable("RN", "\(country) \(numberType) \(endUserType)"), country: country,
                    countryName: name, numberType: numberType, endUserType: endUserType)
            }
        }
    }

    static let endUserTypes = [
        Form(
            "individual", "Individual", "EndUserTypes", [("first_name", "First Name"), ("last_name", "Last Name")]),
        Form(
            "business", "Business", "EndUserTypes",
            [
                ("business_name", "Business Name"),
                ("business_registration_number", "Business Registration Number"),
            ]),
    ]

    static let documentTypes = [
        Form("address", "Address Validation", "SupportingDocumentTypes", [("address_sids", "Address sid(s)")]),
        Form("passport", "Passport", "SupportingDocumentTypes", [("last_name", "Last Name")]),
        Form("utility_bill", "Utility bill", "SupportingDocumentTypes", [("business_name", "Business Name")]),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        func same(_ parameter: String, _ text: String) -> Bool { call.query[parameter].map { $0 == text } ?? true }
        let found = regulations.filter { regulation in
            same("IsoCountry", regulation.country) && same("NumberType", regulation.numberType)
                && same("EndUserType", regulation.endUserType)
        }
        return try call.page().answer("results", of: found, id: \.sid, render: { json($0, call) })
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let found = regulations.first(where: { $0.sid == call.sid }) else { throw call.notFound }
        return .json(200, json(found, call))
    }

    private static func type(_ forms: [Form], _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let found = forms.first(where: { $0.sid == call.sid }) else { throw call.notFound }
        return .json(200, found.json(call))
    }

    private static func json(_ regulation: Regulation, _ call: RouteCall) -> JSON {
        func fields(_ form: Form?) -> (names: JSON, details: JSON) {
            let fields = form?.fields ?? []
            return (
                .array(fields.map { .string($0.0) }),
                .array(
                    fields.map { field in
                        [
                            "machine_name": .string(field.0), "friendly_name": .string(field.1),
                            "description": .string("\(field.1) of the end user"),
                        ]
                    })
            )
        }
        let user = endUserTypes.first { $0.machineName == regulation.endUserType }
        let (names, details) = fields(user)
        let address = documentTypes.first { $0.machineName == "address" }
        let (addressNames, addressDetails) = fields(address)
        let title = regulation.endUserType == "business" ? "Business" : "Individual"
        let type = regulation.numberType == "local" ? "Local" : "Mobile"
        return [
            "sid": .string(regulation.sid), "friendly_name": .string("\(regulation.countryName): \(type) - \(title)"),
            "iso_country": .string(regulation.country), "number_type": .string(regulation.numberType),
            "end_user_type": .string(regulation.endUserType),
            "requirements": [
                "end_user": [
                    [
                        "name": .string(title), "type": .string(regulation.endUserType),
                        "requirement_name": .string("\(regulation.endUserType)_info"),
                        "url": .string(call.url("\(path)/Regulations/\(regulation.endUserType)")), "fields": names,
                        "detailed_fields": details,
                    ]
                ],
                "supporting_document": [
                    [
                        [
                            "name": "Address", "type": "document", "requirement_name": "proof_of_address",
                            "description": "The physical location of the individual or business.",
                            "accepted_documents": [
                                [
                                    "name": "Address Validation", "type": "address",
                                    "url": .string(call.url("\(path)/DocumentTypes/address")),
                                    "fields": addressNames, "detailed_fields": addressDetails,
                                ]
                            ],
                        ]
                    ]
                ],
            ], "url": .string(call.url("\(path)/Regulations/\(regulation.sid)")),
        ]
    }
}
