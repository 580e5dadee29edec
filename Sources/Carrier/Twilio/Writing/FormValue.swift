package import FoundationEssentials

/// What a parameter of a request can be: it knows how it stands in a form or a query.
package protocol FormValue: Encodable, Sendable {
    func append(to form: inout FormBody, as name: String)
}

extension String: FormValue {
    package func append(to form: inout FormBody, as name: String) { form.append(name, self) }
}

extension Bool: FormValue {
    package func append(to form: inout FormBody, as name: String) { form.append(name, self ? "true" : "false") }
}

extension Int: FormValue {
    package func append(to form: inout FormBody, as name: String) { form.append(name, "\(self)") }
}

extension Decimal: FormValue {
    package func append(to form: inout FormBody, as name: String) { form.append(name, "\(self)") }
}

/// `2024-01-02T03:04:05Z`.
extension Date: FormValue {
    package func append(to form: inout FormBody, as name: String) { form.append(name, TwilioDate.iso(self)) }
}

/// The name repeats, once for each element.
extension Array: FormValue where Element: FormValue {
    package func append(to form: inout FormBody, as name: String) {
        for element in self { element.append(to: &form, as: name) }
    }
}

/// How Twilio calls a URL.
package enum HTTPMethod: String, Sendable, Codable, FormValue {
    case get = "GET"
    case post = "POST"

    package func append(to form: inout FormBody, as name: String) { form.append(name, rawValue) }
}
