/// `/Accounts/{Sid}/AvailablePhoneNumbers`: what could be bought.
enum AvailablePhoneNumberResource {
    private static let path = "\(Route.account)/AvailablePhoneNumbers"

    static let routes: [Route] = [
        .get("\(path).json", listCountries),
        .get("\(path)/{CountryCode}.json", fetchCountry),
        .get("\(path)/{CountryCode}/Local.json") { (state, call) throws(TwilioFault) in
            let country = call.sid
            return try search(state, call, areas: NumberInventory.localAreas.filter { $0.country == country })
        },
        .get("\(path)/{CountryCode}/TollFree.json") { (state, call) throws(TwilioFault) in
            try search(state, call, areas: NumberInventory.tollFreeAreas)
        },
        // North America sells none apart.
        .get("\(path)/{CountryCode}/Mobile.json") { (state, call) throws(TwilioFault) in
            try search(state, call, areas: [])
        },
    ]

    static let countries = [("US", "United States"), ("CA", "Canada")]

    private static func listCountries(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let uri = "\(state.accounts[call.account].uri)/AvailablePhoneNumbers"
        return .json(
            200, ["countries": .array(countries.map { json($0, uri: uri) }), "uri": .string("\(uri).json")])
    }

    private static func fetchCountry(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let found = countries.first(where: { $0.0 == call.sid }) else { throw call.notFound }
        return .json(200, json(found, uri: "\(state.accounts[call.account].uri)/AvailablePhoneNumbers"))
    }

    private static func json(_ country: (code: String, name: String), uri: String) -> JSON {
        [
            "beta": false,
            "country": .string(country.name),
            "country_code": .string(country.code),
            "subresource_uris": [
                "local": .string("\(uri)/\(country.code)/Local.json"),
                "toll_free": .string("\(uri)/\(country.code)/TollFree.json"),
            ],
            "uri": .string("\(uri)/\(country.code).json"),
        ]
    }

    private static func search(
        _ state: CarrierState, _ call: RouteCall, areas: [NumberInventory.Area]
    ) throws(TwilioFault) -> SandboxAnswer {
        guard countries.contains(where: { $0.0 == call.sid }) else { throw call.notFound }
        let search = try NumberSearch(call.query)
        let limit = try call.page().size
        var found: [JSON] = []
        for area in areas where found.count < limit && search.admits(area) {
            for number in state.freeNumbers(in: area) where search.admits(number) {
                guard found.count < limit else { break }
                found.append(available(number, area, country: call.sid))
            }
        }
        var uri = call.request.path
        if !call.query.pairs.isEmpty { uri += "?" + call.query.urlEncoded }
        return .json(200, ["available_phone_numbers": .array(found), "uri": .string(uri)])
    }

    private static func available(_ number: String, _ area: NumberInventory.Area, country: String) -> JSON {
        let carriesMessages = NumberInventory.carriesMessages(number)
        func placed(_ text: String) -> JSON { text.isEmpty ? .null : .string(text) }
        return [
            "address_requirements": .string(area.addressRequirements),
            "beta": false,
            "capabilities": [
                "fax": false, "mms": .bool(carriesMessages), "sms": .bool(carriesMessages), "voice": true,
            ],
            "friendly_name": .string(NumberRecord.nationalFormat(number)),
            "iso_country": .string(country),
            "lata": placed(area.lata),
            "latitude": placed(area.latitude),
            "locality": placed(area.locality),
            "longitude": placed(area.longitude),
            "phone_number": .string(number),
            "postal_code": placed(area.postalCode),
            "rate_center": placed(area.rateCenter),
            "region": placed(area.region),
        ]
    }
}

extension CarrierState {
    /// The unowned numbers of an area code, in an order that is mixed (37 and 100 have no common divisor) yet always
    /// the same for a seed.
    func freeNumbers(in area: NumberInventory.Area) -> [String] {
        (0..<100).map { area.number(($0 * 37 + inventoryStart) % 100) }.filter { numberOwners[$0] == nil }
    }
}

/// The filters of a search.
struct NumberSearch: Sendable {
    private let areaCode: String?
    private let contains: NumberPattern?
    private let region: String?
    private let locality: String?
    private let postalCode: String?
    private let needsMessages: Bool?
    private let needsVoice: Bool?
    private let needsFax: Bool
    private let rateCenter: String?
    private let lata: String?
    /// Address requirements that are not wanted.
    private let excluded: Set<String>
    private let near: GeographicCircle?

    init(_ query: Parameters) throws(TwilioFault) {
        areaCode = query["AreaCode"]
        if let areaCode, areaCode.utf8.count != 3 || Int(areaCode) == nil {
            throw TwilioFault(21451, "The area code '\(areaCode)' is invalid")
        }
        contains = query["Contains"].map { NumberPattern($0) }
        region = query["InRegion"]
        locality = query["InLocality"]
        postalCode = query["InPostalCode"]
        func flag(_ name: String) -> Bool? { query[name].map { $0.lowercased() == "true" } }
        needsMessages = flag("SmsEnabled") ?? flag("MmsEnabled")
        needsVoice = flag("VoiceEnabled")
        needsFax = flag("FaxEnabled") ?? false
        rateCenter = query["InRateCenter"]
        lata = query["InLata"]
        var excluded: Set<String> = []
        if flag("ExcludeAllAddressRequired") == true { excluded = ["any", "local", "foreign"] }
        if flag("ExcludeLocalAddressRequired") == true { excluded.insert("local") }
        if flag("ExcludeForeignAddressRequired") == true { excluded.insert("foreign") }
        self.excluded = excluded
        near = try GeographicCircle(query)
    }

    func admits(_ area: NumberInventory.Area) -> Bool {
        func same(_ wanted: String?, _ actual: String) -> Bool {
            wanted.map { $0.lowercased() == actual.lowercased() } ?? true
        }
        return same(areaCode, area.code) && same(region, area.region) && same(locality, area.locality)
            && same(postalCode, area.postalCode) && same(rateCenter, area.rateCenter) && same(lata, area.lata)
            && !excluded.contains(area.addressRequirements) && (near?.contains(area) ?? true) && !needsFax
            && needsVoice != false
    }

    func admits(_ number: String) -> Bool {
        (contains?.matches(number) ?? true)
            && (needsMessages.map { $0 == NumberInventory.carriesMessages(number) } ?? true)
    }
}

/// Digits, letters of a telephone keypad, and `*` for any digit, found anywhere in a number.
struct NumberPattern: Sendable {
    private let symbols: [UInt8]

    init(_ text: String) {
        symbols = text.uppercased().utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): NumberPattern.keypad[Int(byte - UInt8(ascii: "A"))]
            default: nil
            }
        }
    }

    private static let keypad = Array("22233344455566677778889999".utf8)

    func matches(_ number: String) -> Bool {
        let digits = Array(number.utf8.filter { $0 != UInt8(ascii: "+") })
        guard symbols.count <= digits.count else { return false }
        return (0...(digits.count - symbols.count)).contains { start in
            symbols.indices.allSatisfy { symbols[$0] == UInt8(ascii: "*") || symbols[$0] == digits[start + $0] }
        }
    }
}
