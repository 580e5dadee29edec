import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `NearLatLong` or `NearNumber`, with `Distance` in miles (25 by default, at most 500).
struct GeographicCircle: Sendable {
    private let latitude: Double
    private let longitude: Double
    private let miles: Double

    /// Nil when the query asks for no place.
    ///
    /// - Throws: 20001 for coordinates or a distance that are none.
    init?(_ query: Parameters) throws(TwilioFault) {
        if let text = query["NearLatLong"], !text.isEmpty {
            let parts = text.split(separator: ",").compactMap { Double(String($0).trimmingSpace()) }
            guard parts.count == 2, (-90.0...90.0).contains(parts[0]), (-180.0...180.0).contains(parts[1]) else {
                throw TwilioFault(20001, "Invalid NearLatLong: expected latitude,longitude, not '\(text)'")
            }
            (latitude, longitude) = (parts[0], parts[1])
        } else if let text = query["NearNumber"], !text.isEmpty {
            guard let number = PhoneNumber.normalized(text), let area = NumberInventory.area(ofNumber: number),
                let latitude = Double(area.latitude), let longitude = Double(area.longitude)
            else { throw TwilioFault(20001, "Invalid NearNumber: '\(text)' is in no place that is known") }
            (self.latitude, self.longitude) = (latitude, longitude)
        } else {
            return nil
        }
        let text = query["Distance"] ?? "25"
        guard let miles = Double(text), (0.0...500.0).contains(miles) else {
            throw TwilioFault(20001, "Invalid Distance: expected 0 to 500 miles, not '\(text)'")
        }
        self.miles = miles
    }

    /// By the great circle, the earth taken for a sphere.
    func contains(_ area: NumberInventory.Area) -> Bool {
        guard let north = Double(area.latitude), let east = Double(area.longitude) else { return false }
        let radians = Double.pi / 180
        let half =
            pow(sin((north - latitude) * radians / 2), 2)
            + cos(latitude * radians) * cos(north * radians) * pow(sin((east - longitude) * radians / 2), 2)
        return 2 * 3958.8 * asin(min(1, half.squareRoot())) <= miles
    }
}
