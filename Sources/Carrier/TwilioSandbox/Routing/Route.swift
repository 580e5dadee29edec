/// A method and a path, and what answers it.
struct Route: Sendable {
    typealias Handler = @Sendable (inout CarrierState, RouteCall) throws(TwilioFault) -> SandboxAnswer

    /// Who is let in beyond the account's own credentials.
    enum Access: Sendable {
        case usual
        /// Not a standard API key (401).
        case main
        /// Not a standard API key, and suspended accounts too.
        case account
        /// Test credentials too.
        case testable
    }

    let method: String
    let template: String
    let access: Access
    let handler: Handler

    init(_ method: String, _ template: String, access: Access = .usual, _ handler: @escaping Handler) {
        self.method = method
        self.template = template
        self.access = access
        self.handler = handler
    }

    static func get(_ template: String, access: Access = .usual, _ handler: @escaping Handler) -> Route {
        Route("GET", template, access: access, handler)
    }

    static func post(_ template: String, access: Access = .usual, _ handler: @escaping Handler) -> Route {
        Route("POST", template, access: access, handler)
    }

    static func delete(_ template: String, access: Access = .usual, _ handler: @escaping Handler) -> Route {
        Route("DELETE", template, access: access, handler)
    }

    /// Below an account of the 2010 API.
    static let account = "/2010-04-01/Accounts/{AccountSid}"
}

/// A request that has found its route.
struct RouteCall: Sendable {
    let request: SandboxRequest
    /// Whose things it concerns: the account in the path, or else that of the credentials.
    let principal: Principal
    /// What stood in the places of the template's names, in order.
    let values: [String]

    var account: Int { principal.account }
    var form: Parameters { request.form }
    var query: Parameters { request.query }
    /// The last value of the path.
    var sid: String { values.last ?? "" }
    var notFound: TwilioFault { .notFound(request.path) }

    /// An absolute URL, as the newer products write them.
    func url(_ path: String) -> String { request.base + path }

    /// - Throws: 20001 when the form lacks it or has it empty.
    func required(_ name: String) throws(TwilioFault) -> String {
        guard let value = form[name], !value.isEmpty else { throw .missing(name) }
        return value
    }

    func page() throws(TwilioFault) -> Page { try Page(request, path: request.path) }
}
