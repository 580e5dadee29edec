import QueryEngine

/// A file of contacts, read as far as it can be without the database: rows to take, and rows refused.
struct ContactFile {
    struct Row: Sendable {
        let line: Int
        let phone: E164
        /// Empty where the file has none.
        let name: String
        let timeZone: String
        let tags: [String]
    }

    struct Refused: Sendable {
        let line: Int
        let field: ContactColumns.Field
        let code: String
        let message: String
        var likely: E164?
    }

    /// The file as a whole cannot be taken.
    struct Unusable: Error {
        let error: UserError
    }

    static let mostRows = 10_000

    private(set) var rows: [Row] = []
    private(set) var refused: [Refused] = []
    private(set) var ignoredColumns: [String] = []
    private(set) var count = 0
    private var lines: [E164: Int] = [:]

    struct Options {
        var columns: [(header: String, field: ContactColumns.Field)] = []
        var separator = UInt8(ascii: ",")
        var tags: [String] = []
        /// ISO 3166-1 alpha-2.
        var country: String?
        var acceptsLikelyNumbers = false
    }

    init(_ text: String, _ options: Options) throws(Unusable) {
        var reader = CSVReader(text, separator: options.separator)
        do {
            guard let header = try reader.next() else {
                throw Self.unusable("CSV_EMPTY", "Expected a header line and rows below it; the file is empty.")
            }
            let columns = try ContactColumns(headers: header.fields, given: options.columns)
            ignoredColumns = columns.ignored
            while let record = try reader.next() {
                count += 1
                guard count <= Self.mostRows else {
                    throw Self.unusable(
                        "CSV_TOO_LONG", "Expected at most 10,000 rows; cut the file into several, each with its header."
                    )
                }
                take(record, columns, options)
            }
        } catch let mistake as CSVReader.Malformed {
            throw Self.unusable(
                "CSV_MALFORMED", "Expected CSV by RFC 4180; on line \(mistake.line) \(mistake.reason).")
        } catch let mistake as ContactColumns.Mistake {
            switch mistake {
            case .noPhone:
                throw Self.unusable(
                    "CSV_NO_PHONE_COLUMN",
                    "Expected a column of phone numbers; name one `phone` in the header, or say in `columns` which it is."
                )
            case .unknown(let header):
                throw Unusable(
                    error: UserError(
                        code: "CSV_UNKNOWN_COLUMN",
                        message: "The file has no column “\(header)”; its first line is its header.",
                        field: ["columns"]))
            }
        } catch let unusable as Unusable {
            throw unusable
        } catch {
            throw Self.unusable("CSV_MALFORMED", "Expected CSV by RFC 4180.")
        }
    }

    private static func unusable(_ code: String, _ message: String) -> Unusable {
        Unusable(error: UserError(code: code, message: message, field: ["csv"]))
    }

    private mutating func take(_ record: CSVReader.Record, _ columns: ContactColumns, _ options: Options) {
        func refuse(_ field: ContactColumns.Field, _ error: UserError, likely: E164? = nil) {
            refused.append(
                Refused(line: record.line, field: field, code: error.code, message: error.message, likely: likely))
        }
        if record.fields.count > columns.headers.count {
            return refuse(
                .phone,
                UserError(
                    code: "TOO_MANY_FIELDS",
                    message: "Expected \(columns.headers.count) fields as in the header; these are "
                        + "\(record.fields.count). A field with the separator in it stands in quotes."))
        }
        let given = columns.text(.phone, in: record)
        let likely = E164(given) == nil ? NationalNumber.likely(given, in: options.country) : nil
        guard let phone = E164(given) ?? (options.acceptsLikelyNumbers ? likely : nil) else {
            return refuse(
                .phone, E164.refusal(given, country: options.country, field: ["phone"]), likely: likely)
        }
        if let earlier = lines[phone] {
            return refuse(
                .phone,
                UserError(
                    code: "DUPLICATE_PHONE", message: "Line \(earlier) has this number already; keep one of the two."))
        }
        var name = columns.text(.name, in: record)
        if name.isEmpty {
            name = [columns.text(.firstName, in: record), columns.text(.lastName, in: record)]
                .filter { !$0.isEmpty }.joined(separator: " ")
        }
        if !name.isEmpty, let error = ContactDetails.nameError(name) { return refuse(.name, error) }
        let timeZone = columns.text(.timeZone, in: record)
        if !timeZone.isEmpty, let error = ContactDetails.timeZoneError(timeZone) { return refuse(.timeZone, error) }
        let own = columns.text(.tags, in: record).split { ";,|".contains($0) }.map(String.init)
            .filter { !$0.allSatisfy(\.isWhitespace) }
        switch ContactDetails.tags(own + options.tags) {
        case .failure(let refusal): refuse(.tags, refusal.error)
        case .success(let tags):
            lines[phone] = record.line
            rows.append(Row(line: record.line, phone: phone, name: name, timeZone: timeZone, tags: tags))
        }
    }

    /// Takes rows out again that the database cannot take.
    mutating func refuse(_ phones: Set<String>, _ error: UserError) {
        for row in rows where phones.contains(row.phone.description) {
            refused.append(Refused(line: row.line, field: .tags, code: error.code, message: error.message))
        }
        rows.removeAll { phones.contains($0.phone.description) }
    }
}
