import FoundationEssentials

/// What is read straight from a `FlatAnswer`, field by field, in a third of the time that `Decodable` takes: an answer that
/// comes with every message. It must read the same as `Decodable` does, or be `Unusual`; `FlatAnswerTests` compares.
protocol FlatReadable: Decodable {
    init(_ answer: FlatAnswer) throws(FlatAnswer.Unusual)
}

/// Fields by their names in Twilio's answers, with the rules of `KeyedDecodingContainer+Twilio`: absent, null and `""` all
/// mean none. Asked for in Twilio's own order, each is found at once.
extension FlatAnswer {
    func text(_ name: StaticString) throws(Unusual) -> String? {
        try text(value(name))
    }

    private func text(_ value: Value?) throws(Unusual) -> String? {
        switch value {
        case nil, .null: return nil
        case .text(let range) where range.isEmpty: return nil
        case .text(let range): return text(range)
        default: throw Unusual()
        }
    }

    func int(_ name: StaticString) throws(Unusual) -> Int? {
        let value = value(name)
        if case .number(let range) = value { return try Self.known(Int(text(range))) }
        guard let text = try text(value) else { return nil }
        return try Self.known(Int(text))
    }

    func decimal(_ name: StaticString) throws(Unusual) -> Decimal? {
        guard let text = try text(name) else { return nil }
        return try Self.known(TwilioNumber.isDecimal(text) ? Decimal(string: text) : nil)
    }

    func date(_ name: StaticString) throws(Unusual) -> Date? {
        let value = value(name)
        if case .text(let range) = value, let usual = TwilioDate.usual(bytes[range]) { return usual }
        guard let text = try text(value) else { return nil }
        return try Self.known(TwilioDate.parse(text))
    }

    func sid<Kind>(_ name: StaticString, of kind: Kind.Type = Kind.self) throws(Unusual) -> Sid<Kind>? {
        guard let text = try text(name) else { return nil }
        return try Self.known(Sid(text))
    }

    func word<Word: OpenEnumeration>(_ name: StaticString, of type: Word.Type = Word.self) throws(Unusual) -> Word? {
        guard let text = try text(name) else { return nil }
        return Word(rawValue: text)
    }

    /// What must be there, and what was read must have been readable.
    static func known<Value>(_ value: Value?) throws(Unusual) -> Value {
        guard let value else { throw Unusual() }
        return value
    }
}

extension Message: FlatReadable {
    /// In Twilio's order.
    init(_ answer: FlatAnswer) throws(FlatAnswer.Unusual) {
        body = try answer.text("body")
        numSegments = try answer.int("num_segments")
        direction = try answer.word("direction")
        from = try answer.text("from")
        dateUpdated = try answer.date("date_updated")
        price = try answer.decimal("price")
        errorMessage = try answer.text("error_message")
        accountSid = try FlatAnswer.known(try answer.sid("account_sid"))
        numMedia = try answer.int("num_media")
        to = try answer.text("to")
        dateCreated = try answer.date("date_created")
        status = try FlatAnswer.known(try answer.word("status"))
        sid = try FlatAnswer.known(try answer.sid("sid"))
        dateSent = try answer.date("date_sent")
        messagingServiceSid = try answer.sid("messaging_service_sid")
        errorCode = try answer.int("error_code")
        priceUnit = try answer.text("price_unit")
    }
}
