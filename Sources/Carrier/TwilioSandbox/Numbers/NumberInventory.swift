/// The numbers that exist in the sandbox: +1 AAA 555 0100 to 0199 of some area codes, which nobody can own really.
enum NumberInventory {
    /// An area code and where it is.
    struct Area: Sendable {
        let code: String
        let country: String
        let region: String
        let locality: String
        let rateCenter: String
        let postalCode: String
        let latitude: String
        let longitude: String
        let lata: String
        var isTollFree: Bool { region.isEmpty }
        /// What `AddressSid` a purchase needs. No rule of the real world: so that a test meets each refusal.
        var addressRequirements: String {
            switch code {
            case "808": "any"
            case "604": "local"
            default: "none"
            }
        }
        /// Whether a purchase needs an approved `BundleSid`; likewise made up.
        var needsBundle: Bool { code == "416" }

        /// The number `+1 AAA 555 01NN` for NN in 0 to 99.
        func number(_ index: Int) -> String {
            "+1\(code)55501\(index < 10 ? "0" : "")\(index)"
        }
    }

    static let localAreas: [Area] = [
        area("212", "US", "NY", "New York", "NEW YORK", "10001", "40.750700", "-73.996700", "132"),
        area("213", "US", "CA", "Los Angeles", "LOS ANGELES", "90012", "34.061400", "-118.239000", "730"),
        area("303", "US", "CO", "Denver", "DENVER", "80202", "39.749100", "-104.994600", "656"),
        area("305", "US", "FL", "Miami", "MIAMI", "33128", "25.776300", "-80.207700", "460"),
        area("312", "US", "IL", "Chicago", "CHICAGO", "60601", "41.885800", "-87.618100", "358"),
        area("404", "US", "GA", "Atlanta", "ATLANTA", "30303", "33.752900", "-84.392500", "438"),
        area("415", "US", "CA", "San Francisco", "SAN FRANCISCO", "94103", "37.772500", "-122.414700", "722"),
        area("503", "US", "OR", "Portland", "PORTLAND", "97204", "45.518400", "-122.673900", "672"),
        area("512", "US", "TX", "Austin", "AUSTIN", "78701", "30.271300", "-97.742600", "558"),
        area("602", "US", "AZ", "Phoenix", "PHOENIX", "85004", "33.451500", "-112.068500", "666"),
        area("617", "US", "MA", "Boston", "BOSTON", "02108", "42.357600", "-71.068400", "128"),
        area("702", "US", "NV", "Las Vegas", "LAS VEGAS", "89101", "36.172000", "-115.122300", "720"),
        area("206", "US", "WA", "Seattle", "SEATTLE", "98104", "47.603600", "-122.325600", "674"),
        area("808", "US", "HI", "Honolulu", "HONOLULU", "96813", "21.317900", "-157.852100", "834"),
        area("416", "CA", "ON", "Toronto", "TORONTO", "M5H", "43.650900", "-79.383200", "888"),
        area("604", "CA", "BC", "Vancouver", "VANCOUVER", "V6B", "49.277900", "-123.113900", "888"),
    ]

    static let tollFreeAreas: [Area] = ["800", "833", "844", "855", "866", "877", "888"].map { code in
        area(code, "US", "", "", "", "", "", "", "")
    }

    private static let byCode: [String: Area] = Dictionary(
        (localAreas + tollFreeAreas).map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

    static func area(ofNumber number: String) -> Area? {
        guard number.utf8.count == 12, number.hasPrefix("+1") else { return nil }
        return byCode[String(number.dropFirst(2).prefix(3))]
    }

    static func area(code: String) -> Area? { byCode[code] }

    /// Whether the number is one that the sandbox could sell.
    static func contains(_ number: String) -> Bool {
        guard let area = area(ofNumber: number) else { return false }
        let rest = number.dropFirst(5)
        return rest.hasPrefix("55501") && area.number(0).utf8.count == number.utf8.count
    }

    /// Every tenth number has voice only, so that a search by capability has something to leave out.
    static func carriesMessages(_ number: String) -> Bool { !number.hasSuffix("9") }

    private static func area(
        _ code: String, _ country: String, _ region: String, _ locality: String, _ rateCenter: String,
        _ postalCode: String, _ latitude: String, _ longitude: String, _ lata: String
    ) -> Area {
        Area(
            code: code, country: country, region: region, locality: locality, rateCenter: rateCenter,
            postalCode: postalCode, latitude: latitude, longitude: longitude, lata: lata)
    }
}
