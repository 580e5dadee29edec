/// Words that Twilio may add to at any time: known ones have names, unknown ones are kept as they came.
package protocol OpenEnumeration: RawRepresentable, Sendable, Hashable, Codable, FormValue where RawValue == String {
    init(rawValue: String)
}

extension OpenEnumeration {
    package func append(to form: inout FormBody, as name: String) {
        form.append(name, rawValue)
    }
}
