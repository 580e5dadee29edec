/// `/Accounts/{Sid}/AvailablePhoneNumbers`: what could be bought.
extension CarrierState {
    private static let countries = [("US", "United States"), ("CA", "Canada")]

    func listCountries(_ request: SandboxRequest, _ principal: Principal) -> SandboxAnswer {
        let uri = "\(accounts[principal.account].uri)/AvailablePhoneNumbers"
        return .json(
            200,
            [
                "countries": .array(CarrierState.countries.map { country($0, uri: uri) }),
                "uri": .string("\(uri).json"),
            ])
    }

    func fetchCountry(_ code: String, _ request: SandboxRequest, _ principal: Principal) throws(TwilioFault)
        -> SandboxAnswer
    {
        guard let found = CarrierState.countries.first(where: { $0.0 == code }) else { throw .notFound(request.path) }
        return .json(200, country(found, uri: "\(accounts[principal.account].uri)/AvailablePhoneNumbers"))
    }

    private func country(_ country: (code: String, name: String), uri: String) -> JSON {
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

    /// - Parameter kind: the last path segment: `Local`, `TollFree` or `Mobile` (North America sells none apart).
    func searchNumbers(country: String, kind: String, _ request: SandboxRequest) throws(TwilioFault) -> SandboxAnswer {
        guard CarrierState.countries.contains(where: { $0.0 == country }) else { throw .notFound(request.path) }
        let areas: [NumberInventory.Area]
        switch kind {
        case "Local": areas = NumberInventory.localAreas.filter { $0.country == country }
        case "TollFree": areas = NumberInventory.tollFreeAreas
        case "Mobile": areas = []
        default: throw .notFound(request.path)
        }
        let search = try NumberSearch(request.query)
        let limit = try Page(request, path: request.path).size
        var found: [JSON] = []
        for area in areas where search.admits(area) {
            for number in freeNumbers(in: area) where search.admits(number) {
                guard found.count < limit else { break }
                found.append(available(number, area, country: country))
            }
        }
        var uri = request.path
        if !request.query.pairs.isEmpty { uri += "?" + request.query.urlEncoded }
        return .json(200, ["available_phone_numbers": .array(found), "uri": .string(uri)])
    }

    /// The unowned numbers of an area code, in an order that is mixed (37 and 100 have no common divisor) yet always
    /// the same for a seed.
    func freeNumbers(in area: NumberInventory.Area) -> [String] {
        (0..<100).map { area.number(($0 * 37 + inventoryStart) % 100) }.filter { numberOwners[$0] == nil }
    }

    private func available(_ number: String, _ area: NumberInventory.Area, country: String) -> JSON {
        let carriesMessages = NumberInventory.carriesMessages(number)
        func placed(_ text: String) -> JSON { text.isEmpty ? .null : .string(text) }
        return [
            "address_requirements": "none",
            "beta": false,
            "capabilities": ["mms": .bool(carriesMessages), "sms": .bool(carriesMessages), "voice": true],
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
    }

    func admits(_ area: NumberInventory.Area) -> Bool {
        func same(_ wanted: String?, _ actual: String) -> Bool {
            wanted.map { $0.lowercased() == actual.lowercased() } ?? true
        }
        return same(areaCode, area.code) && same(region, area.region) && same(locality, area.locality)
            && same(postalCode, area.postalCode) && !needsFax && needsVoice != false
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
