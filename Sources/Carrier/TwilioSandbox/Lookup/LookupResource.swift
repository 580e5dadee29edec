/// `/v1/PhoneNumbers/{Number}` and `/v2/PhoneNumbers/{Number}` of the lookup product.
enum LookupResource {
    static let routes: [Route] = [
        .get("/v1/PhoneNumbers/{PhoneNumber}", fetchOlder),
        .get("/v2/PhoneNumbers/{PhoneNumber}", fetch),
    ]

    /// In the order of the answer.
    private static let blocks = [
        "caller_name", "sim_swap", "call_forwarding", "line_status", "line_type_intelligence", "identity_match",
        "reassigned_number", "sms_pumping_risk", "phone_number_quality_score", "pre_fill",
    ]

    private static func names(_ parameter: String?) -> Set<String> {
        Set((parameter ?? "").split(separator: ",").map { String($0).trimmingSpace() })
    }

    /// A number that is none is answered 200 with `valid: false`; blocks that were not asked for are null.
    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let known = NumberKnowledge(call.sid, country: call.query["CountryCode"])
        let wanted = names(call.query["Fields"])
        if let unknown = wanted.sorted().first(where: { !blocks.contains($0) && $0 != "validation" }) {
            throw TwilioFault(60600, "Invalid Fields: '\(unknown)' is none that is known")
        }
        if known.flaws.isEmpty {
            for block in blocks where wanted.contains(block) {
                state.charge(
                    UsageEntry(category: "lookups", count: 1, usage: 1, price: block == "caller_name" ? 1000 : 800),
                    account: call.account, at: state.clock.now)
            }
        }
        var members: [(String, JSON)] = [
            ("calling_country_code", .optional(known.callingCode)), ("country_code", .optional(known.country)),
            ("phone_number", .string(known.phoneNumber)), ("national_format", .optional(known.nationalFormat)),
            ("valid", .bool(known.flaws.isEmpty)),
            (
                "validation_errors",
                known.flaws.isEmpty ? .null : .array(known.flaws.map { .string($0.rawValue) })
            ),
        ]
        for block in blocks {
            let isShown = wanted.contains(block) && known.flaws.isEmpty
            members.append((block, isShown ? content(of: block, known, call, now: state) : .null))
        }
        members.append(("url", .string(call.url("/v2/PhoneNumbers/\(known.phoneNumber)"))))
        return .json(200, .object(members))
    }

    private static func content(
        of block: String, _ known: NumberKnowledge, _ call: RouteCall, now state: CarrierState
    ) -> JSON {
        func match(_ parameter: String) -> JSON { call.query[parameter] == nil ? .null : "no_data_available" }
        switch block {
        case "caller_name": return ["caller_name": "SANDBOX CALLER", "caller_type": "CONSUMER", "error_code": .null]
        case "sim_swap":
            return [
                "last_sim_swap": ["last_sim_swap_date": .null, "swapped_period": "PT48H", "swapped_in_period": false],
                "carrier_name": "Sandbox Wireless", "mobile_country_code": "310", "mobile_network_code": "010",
                "error_code": .null,
            ]
        case "call_forwarding": return ["call_forwarding_enabled": false, "error_code": .null]
        case "line_status": return ["status": "active", "error_code": .null]
        case "line_type_intelligence":
            let isMobile = known.lineType == "mobile"
            return [
                "mobile_country_code": isMobile ? "310" : .null, "mobile_network_code": isMobile ? "010" : .null,
                "carrier_name": .string(isMobile ? "Sandbox Wireless" : "Sandbox Telephone"),
                "type": .string(known.lineType), "error_code": .null,
            ]
        case "identity_match":
            return [
                "first_name_match": match("FirstName"), "last_name_match": match("LastName"),
                "address_lines_match": match("AddressLine1"), "city_match": match("City"),
                "state_match": match("State"), "postal_code_match": match("PostalCode"),
                "address_country_match": match("AddressCountryCode"), "national_id_match": match("NationalId"),
                "date_of_birth_match": match("DateOfBirth"), "summary_score": 0, "error_code": .null,
                "error_message": .null,
            ]
        case "reassigned_number":
            return [
                "last_verified_date": .optional(call.query["LastVerifiedDate"]), "is_number_reassigned": "no",
                "error_code": .null,
            ]
        case "sms_pumping_risk":
            return [
                "carrier_risk_category": "low", "number_blocked": false, "number_blocked_date": .null,
                "number_blocked_last_3_months": false, "sms_pumping_risk_score": 0, "error_code": .null,
            ]
        default: return ["error_code": .null]
        }
    }

    /// The older lookup answers 404 for a number that is none.
    private static func fetchOlder(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let known = NumberKnowledge(call.sid, country: call.query["CountryCode"])
        guard known.flaws.isEmpty else { throw call.notFound }
        let types = Set(call.query.all("Type"))
        let isMobile = known.lineType == "mobile"
        let carrier: JSON = [
            "error_code": .null, "mobile_country_code": isMobile ? "310" : .null,
            "mobile_network_code": isMobile ? "010" : .null,
            "name": .string(isMobile ? "Sandbox Wireless" : "Sandbox Telephone"),
            "type": .string(isMobile ? "mobile" : "landline"),
        ]
        for _ in types {
            state.charge(
                UsageEntry(category: "lookups", count: 1, usage: 1, price: 500), account: call.account,
                at: state.clock.now)
        }
        return .json(
            200,
            [
                "caller_name": types.contains("caller-name")
                    ? ["caller_name": "SANDBOX CALLER", "caller_type": "CONSUMER", "error_code": .null] : .null,
                "carrier": types.contains("carrier") ? carrier : .null, "add_ons": .null,
                "country_code": .optional(known.country), "national_format": .optional(known.nationalFormat),
                "phone_number": .string(known.phoneNumber),
                "url": .string(call.url("/v1/PhoneNumbers/\(known.phoneNumber)")),
            ])
    }
}
