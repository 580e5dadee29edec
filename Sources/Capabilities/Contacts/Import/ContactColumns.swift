/// What the columns of a file hold. Raw values are those of the API's `ContactField`.
struct ContactColumns {
    enum Field: String, CaseIterable {
        case phone = "PHONE"
        case name = "NAME"
        case firstName = "FIRST_NAME"
        case lastName = "LAST_NAME"
        case timeZone = "TIME_ZONE"
        case tags = "TAGS"
    }

    /// The file's headers as they stand there.
    let headers: [String]
    private let places: [Field: Int]

    enum Mistake: Error, Equatable {
        case noPhone
        /// A header that was asked for and is not in the file.
        case unknown(String)
    }

    /// - Parameter given: what the caller said of headers; when empty, usual headers are known by themselves.
    init(headers: [String], given: [(header: String, field: Field)]) throws(Mistake) {
        self.headers = headers
        let folded = headers.map(Self.fold)
        var places: [Field: Int] = [:]
        if given.isEmpty {
            for field in Field.allCases {
                places[field] = folded.firstIndex { Self.usual[field]?.contains($0) ?? false }
            }
        } else {
            for (header, field) in given {
                guard let place = folded.firstIndex(of: Self.fold(header)) else { throw .unknown(header) }
                places[field] = place
            }
        }
        guard places[.phone] != nil else { throw .noPhone }
        self.places = places
    }

    /// The field's text without space around it; empty where the record has none.
    func text(_ field: Field, in record: CSVReader.Record) -> String {
        guard let place = places[field], place < record.fields.count else { return "" }
        return Self.trim(record.fields[place])
    }

    /// Headers that nothing is taken from.
    var ignored: [String] {
        let used = Set(places.values)
        return headers.enumerated().filter { !used.contains($0.offset) }.map(\.element)
    }

    private static func trim(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
    }

    private static func fold(_ header: String) -> String {
        trim(header).lowercased().map { "_-.".contains($0) ? " " : String($0) }.joined()
    }

    private static let usual: [Field: Set<String>] = [
        .phone: [
            "phone", "phone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cell number",
            "number", "telephone", "tel", "phonenumber",
        ],
        .name: ["name", "full name", "contact", "contact name", "patient", "patient name", "fullname"],
        .firstName: ["first name", "firstname", "given name"],
        .lastName: ["last name", "lastname", "surname", "family name"],
        .timeZone: ["time zone", "timezone", "tz"],
        .tags: ["tags", "tag", "labels", "label", "groups", "group"],
    ]
}
