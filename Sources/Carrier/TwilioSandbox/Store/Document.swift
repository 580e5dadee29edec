import FoundationEssentials

/// A record whose members are what its fields say, in the order of the fields.
struct Document: Stored {
    let sid: String
    /// The SID of what it belongs to, empty for what belongs to the account itself.
    var parent = ""
    private(set) var values: [(name: String, value: JSON)]
    let dateCreated: Date
    var dateUpdated: Date
    var isDeleted = false

    /// - Throws: 20001 for a required parameter that is missing, or a value that is none of the field's.
    init(sid: String, parent: String = "", fields: [Field], _ form: Parameters, now: Date) throws(TwilioFault) {
        self.sid = sid
        self.parent = parent
        dateCreated = now
        dateUpdated = now
        values = []
        for field in fields {
            guard let text = form[field.parameter] else {
                guard !field.isRequired else { throw .missing(field.parameter) }
                values.append((field.name, field.initial))
                continue
            }
            if field.isRequired, text.isEmpty { throw .missing(field.parameter) }
            values.append((field.name, try field.read(text)))
        }
    }

    subscript(name: String) -> JSON {
        get { values.first { $0.name == name }?.value ?? .null }
        set {
            if let index = values.firstIndex(where: { $0.name == name }) {
                values[index].value = newValue
            } else {
                values.append((name, newValue))
            }
        }
    }

    /// The text of a member, empty when it is null or something else.
    func text(_ name: String) -> String { self[name].text ?? "" }

    /// Sets what the form names, all or nothing.
    mutating func update(_ fields: [Field], _ form: Parameters, now: Date) throws(TwilioFault) {
        var changed = self
        for field in fields where field.isMutable {
            if let text = form[field.parameter] { changed[field.name] = try field.read(text) }
        }
        changed.dateUpdated = now
        self = changed
    }
}

extension TwilioFault {
    static func missing(_ parameter: String) -> TwilioFault {
        TwilioFault(20001, "Missing required parameter \(parameter) in the post body")
    }
}
