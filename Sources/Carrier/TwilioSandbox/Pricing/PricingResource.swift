/// `/v1/Messaging`, `/v1/PhoneNumbers` and `/v1/Voice` countries and numbers, and `/v2/Voice`, of the pricing product.
/// Prices are strings, as in Twilio's own examples.
enum PricingResource {
    private struct Country: Sendable {
        let code: String
        let name: String
        let callingCode: String
        let message: String
        let inboundMessage: String
        let number: String
        let tollFree: String
        let call: String
        let inboundCall: String
    }

    private static let countries: [Country] = [
        Country(
            code: "CA", name: "Canada", callingCode: "1", message: "0.0079", inboundMessage: "0.0079", number: "1.15",
            tollFree: "2.15", call: "0.014", inboundCall: "0.0085"),
        Country(
            code: "GB", name: "United Kingdom", callingCode: "44", message: "0.0463", inboundMessage: "0.0075",
            number: "1.15", tollFree: "2.15", call: "0.0158", inboundCall: "0.01"),
        Country(
            code: "US", name: "United States", callingCode: "1", message: "0.0079", inboundMessage: "0.0079",
            number: "1.15", tollFree: "2.15", call: "0.014", inboundCall: "0.0085"),
    ]

    static let routes: [Route] =
        ["/v1/Messaging/Countries", "/v1/PhoneNumbers/Countries", "/v1/Voice/Countries", "/v2/Voice/Countries"].flatMap
    {
        path in
        [
            Route.get(path) { (_, call) throws(TwilioFault) in
                try call.page().answer(
                    "countries", of: countries, id: \.code,
                    render: { country in .object(head(country, path, call)) })
            },
            Route.get("\(path)/{IsoCountry}") { (_, call) throws(TwilioFault) in
                guard let country = countries.first(where: { $0.code == call.sid }) else { throw call.notFound }
                return .json(200, .object(head(country, path, call) + prices(country, path)))
            },
        ]
    } + [
        .get("/v1/Voice/Numbers/{Number}", fetchNumber),
        .get("/v2/Voice/Numbers/{DestinationNumber}", fetchNewerNumber),
    ]

    private static func head(_ country: Country, _ path: String, _ call: RouteCall) -> [(String, JSON)] {
        [
            ("country", .string(country.name)), ("iso_country", .string(country.code)),
            ("url", .string(call.url("\(path)/\(country.code)"))),
        ]
    }

    private static func price(_ amount: String, _ type: String? = nil) -> JSON {
        .object(
            [("base_price", .string(amount)), ("current_price", .string(amount))]
                + (type.map { [("number_type", .string($0))] } ?? []))
    }

    private static func prices(_ country: Country, _ path: String) -> [(String, JSON)] {
        let unit: [(String, JSON)] = [("price_unit", "USD")]
        switch path {
        case "/v1/Messaging/Countries":
            return unit + [
                (
                    "outbound_sms_prices",
                    [
                        [
                            "carrier": "Sandbox Wireless", "mcc": "310", "mnc": "010",
                            "prices": [price(country.message, "mobile"), price(country.message, "local")],
                        ]
                    ]
                ),
                (
                    "inbound_sms_prices",
                    [price(country.inboundMessage, "local"), price(country.inboundMessage, "toll free")]
                ),
            ]
        case "/v1/PhoneNumbers/Countries":
            return unit + [
                ("phone_number_prices", [price(country.number, "local"), price(country.tollFree, "toll free")])
            ]
        default:
            let isNewer = path.hasPrefix("/v2/")
            var outbound: [(String, JSON)] = [
                ("base_price", .string(country.call)), ("current_price", .string(country.call)),
                ("friendly_name", .string("Programmable Outbound Minute - \(country.name)")),
            ]
            let prefixes: JSON = [.string(country.callingCode)]
            outbound +=
                isNewer
                ? [("origination_prefixes", ["ALL"]), ("destination_prefixes", prefixes)] : [("prefixes", prefixes)]
            return unit + [
                ("outbound_prefix_prices", [.object(outbound)]),
                ("inbound_call_prices", [price(country.inboundCall, "local")]),
            ]
        }
    }

    private static func country(of number: String, _ call: RouteCall) throws(TwilioFault) -> Country {
        let known = NumberKnowledge(number, country: nil)
        guard known.flaws.isEmpty, let found = countries.first(where: { $0.code == known.country }) else {
            throw call.notFound
        }
        return found
    }

    private static func fetchNumber(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let country = try country(of: call.sid, call)
        return .json(
            200,
            [
                "number": .string(call.sid), "country": .string(country.name), "iso_country": .string(country.code),
                "outbound_call_price": price(country.call), "inbound_call_price": inbound(call.sid, country, state),
                "price_unit": "USD", "url": .string(call.url("/v1/Voice/Numbers/\(call.sid)")),
            ])
    }

    private static func fetchNewerNumber(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault)
        -> SandboxAnswer
    {
        let country = try country(of: call.sid, call)
        return .json(
            200,
            [
                "destination_number": .string(call.sid),
                "origination_number": .optional(call.query["OriginationNumber"]), "country": .string(country.name),
                "iso_country": .string(country.code),
                "outbound_call_prices": [
                    [
                        "base_price": .string(country.call), "current_price": .string(country.call),
                        "origination_prefixes": ["ALL"],
                    ]
                ], "inbound_call_price": inbound(call.sid, country, state), "price_unit": "USD",
                "url": .string(call.url("/v2/Voice/Numbers/\(call.sid)")),
            ])
    }

    /// Only a number of Twilio's has a price for what comes in.
    private static func inbound(_ number: String, _ country: Country, _ state: CarrierState) -> JSON {
        state.numberOwners[number] == nil
            ? ["base_price": .null, "current_price": .null, "number_type": .null] : price(country.inboundCall, "local")
    }
}
