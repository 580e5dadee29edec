package import FoundationEssentials

/// A number that could be bought just now.
package struct AvailablePhoneNumber: Sendable, Decodable {
    /// E.164.
    package let phoneNumber: String
    package let friendlyName: String?
    package let locality: String?
    package let region: String?
    package let postalCode: String?
    /// ISO 3166-1 alpha-2.
    package let isoCountry: String?
    package let rateCenter: String?
    package let lata: String?
    package let latitude: Decimal?
    package let longitude: Decimal?
    package let addressRequirements: AddressRequirement?
    package let isBeta: Bool
    package let capabilities: NumberCapabilities?

    private enum CodingKeys: String, CodingKey {
        case locality, region, lata, latitude, longitude, beta, capabilities
        case phoneNumber = "phone_number"
        case friendlyName = "friendly_name"
        case postalCode = "postal_code"
        case isoCountry = "iso_country"
        case rateCenter = "rate_center"
        case addressRequirements = "address_requirements"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        phoneNumber = try fields.decode(String.self, forKey: .phoneNumber)
        friendlyName = try fields.text(.friendlyName)
        locality = try fields.text(.locality)
        region = try fields.text(.region)
        postalCode = try fields.text(.postalCode)
        isoCountry = try fields.text(.isoCountry)
        rateCenter = try fields.text(.rateCenter)
        lata = try fields.text(.lata)
        latitude = try fields.decimal(.latitude)
        longitude = try fields.decimal(.longitude)
        addressRequirements = try fields.text(.addressRequirements).map { AddressRequirement(rawValue: $0) }
        isBeta = try fields.decodeIfPresent(Bool.self, forKey: .beta) ?? false
        capabilities = try fields.decodeIfPresent(NumberCapabilities.self, forKey: .capabilities)
    }
}

/// What to search among.
package enum AvailablePhoneNumberType: String, Sendable, CaseIterable {
    case local = "Local"
    case tollFree = "TollFree"
    case mobile = "Mobile"
}

/// Nil does not restrict.
package struct AvailablePhoneNumberSearch: Sendable {
    /// Three digits (United States and Canada).
    package var areaCode: String?
    /// Digits, letters of a keypad, and `*` for any one digit.
    package var contains: String?
    package var smsEnabled: Bool?
    package var mmsEnabled: Bool?
    package var voiceEnabled: Bool?
    package var inRegion: String?
    package var inLocality: String?
    package var inPostalCode: String?
    package var excludeAllAddressRequired: Bool?
    /// At most 1,000; Twilio gives 30 or 50 when it is not said.
    package var pageSize: Int?

    package init() {}

    var query: FormBody {
        var query = FormBody()
        query.append("AreaCode", areaCode)
        query.append("Contains", contains)
        query.append("SmsEnabled", smsEnabled)
        query.append("MmsEnabled", mmsEnabled)
        query.append("VoiceEnabled", voiceEnabled)
        query.append("InRegion", inRegion)
        query.append("InLocality", inLocality)
        query.append("InPostalCode", inPostalCode)
        query.append("ExcludeAllAddressRequired", excludeAllAddressRequired)
        query.append("PageSize", pageSize)
        return query
    }
}

/// An ISO 3166-1 alpha-2 code, which becomes part of a path.
package struct CountryCode: Sendable, Hashable {
    package let text: String

    /// Nil unless it is two capital letters.
    package init?(_ text: String) {
        guard text.utf8.count == 2,
            text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { return nil }
        self.text = text
    }
}

extension TwilioClient {
    /// Twilio gives one page and no way to a next one.
    package func searchAvailablePhoneNumbers(
        in country: CountryCode, _ type: AvailablePhoneNumberType,
        _ search: AvailablePhoneNumberSearch = AvailablePhoneNumberSearch()
    ) async throws(TwilioCallError) -> [AvailablePhoneNumber] {
        let path = "\(accountPath)/AvailablePhoneNumbers/\(country.text)/\(type.rawValue).json"
        return try await fetch(path: path, query: search.query, as: Found.self).numbers
    }

    private struct Found: Decodable {
        let numbers: [AvailablePhoneNumber]

        enum CodingKeys: String, CodingKey {
            case numbers = "available_phone_numbers"
        }
    }
}
