/// Which pages of other origins may call the API from a browser (the Fetch standard, "CORS protocol").
package struct CORSPolicy: Sendable {
    /// Origins as browsers send them, `https://app.example.com`, compared byte for byte. `*` allows any: credentials
    /// are bearer tokens, which no browser attaches by itself. Empty by default: no page of another origin.
    package var allowedOrigins: [String]
    /// How long a browser may remember the answer to a preflight, in seconds.
    package var maximumAge: Int

    package init(allowedOrigins: [String] = [], maximumAge: Int = 600) {
        self.allowedOrigins = allowedOrigins
        self.maximumAge = maximumAge
    }

    /// What goes into `Access-Control-Allow-Origin` for a request of an origin; `nil` where it is not allowed.
    func allowedOrigin(for origin: String) -> String? {
        if allowedOrigins.contains("*") { return "*" }
        return allowedOrigins.contains(origin) ? origin : nil
    }
}
