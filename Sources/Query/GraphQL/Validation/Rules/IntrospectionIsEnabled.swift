extension ValidationRule {
    /// Not of the specification: `__schema` and `__type` are refused where introspection is switched off.
    static let introspectionIsEnabled = ValidationRule("IntrospectionIsEnabled") { document, report in
        guard !report.options.introspection else { return }
        for field in document.fields where field.definition != nil {
            guard field.field.asksAboutSchema else { continue }
            report.add("Introspection is switched off.", at: [field.field.location], code: .introspectionDisabled)
        }
    }
}
