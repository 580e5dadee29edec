/// The parameters of one call. Properties bear Twilio's names in lower camel case (`smsUrl` is `SmsUrl`) and go out in
/// the order of their declaration; nil leaves a parameter out, and an empty text clears a setting at Twilio. A property
/// that is a struct of its own gives names with a dot (`Push.IncludeDate`).
package protocol Parameters: Encodable, Sendable {
    var form: FormBody { get }
}

extension Parameters {
    package var form: FormBody { FormEncoder.form(of: self) }
}

/// No parameters at all.
package struct NoParameters: Parameters {
    package init() {}
}
