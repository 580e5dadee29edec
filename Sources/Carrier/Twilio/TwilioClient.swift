package import Curl

/// Twilio's REST API for one account, by that account's credential and no other.
///
/// Calls throw `TwilioCallError`; creations that cost or send something return a `CreationOutcome` instead, since for
/// them "did it happen?" matters more than "did it work?". Connections are reused within the account only.
package struct TwilioClient: Sendable {
    package struct Timeouts: Sendable {
        package var connect: Duration = .seconds(5)
        package var total: Duration = .seconds(15)

        package init() {}
    }

    /// The most bytes that an answer may have. A page of 1,000 messages stays below 4 MiB.
    static let responseSizeLimit = 8 << 20

    package let account: AccountSid
    package let endpoints: TwilioEndpoints
    private let authentication: TwilioAuthentication
    private let transport: HTTPTransport
    private let userAgent: String
    private let timeouts: Timeouts

    /// `userAgent` names the product and its version, such as `switchboard/1.0`.
    package init(
        account: AccountSid, authentication: TwilioAuthentication, endpoints: TwilioEndpoints = .twilio,
        transport: HTTPTransport, userAgent: String, timeouts: Timeouts = Timeouts()
    ) {
        self.account = account
        self.authentication = authentication
        self.endpoints = endpoints
        self.transport = transport
        self.userAgent = userAgent
        self.timeouts = timeouts
    }

    /// `/2010-04-01/Accounts/AC…`, the root of most resources.
    var accountPath: String { "/2010-04-01/Accounts/\(account)" }

    /// One call, whatever comes back.
    func send(
        _ method: HTTPRequest.Method, _ product: TwilioEndpoints.Product = .api, path: String,
        query: FormBody = FormBody(), form: FormBody? = nil
    ) async throws(TransportError) -> HTTPResponse {
        var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": userAgent]
        if form != nil { headers.append("Content-Type", "application/x-www-form-urlencoded") }
        let target = endpoints.base(of: product) + path + (query.isEmpty ? "" : "?\(query.encoded)")
        let request = HTTPRequest(
            method, target, headers: headers, body: form.map { Array($0.encoded.utf8) },
            basicAuthentication: authentication.basic(for: account), connectTimeout: timeouts.connect,
            totalTimeout: timeouts.total, responseSizeLimit: Self.responseSizeLimit, reusePool: account.text)
        return try await transport.send(request)
    }

    /// One call that answers 2xx with a resource, or throws.
    func fetch<Resource: Decodable>(
        _ method: HTTPRequest.Method = .get, path: String, query: FormBody = FormBody(), form: FormBody? = nil,
        as type: Resource.Type = Resource.self
    ) async throws(TwilioCallError) -> Resource {
        let answer = try await answer(method, path: path, query: query, form: form)
        return try TwilioJSON.decode(type, from: answer)
    }

    /// One call that answers 2xx, or throws.
    func answer(
        _ method: HTTPRequest.Method, path: String, query: FormBody = FormBody(), form: FormBody? = nil
    ) async throws(TwilioCallError) -> HTTPResponse {
        let answer: HTTPResponse
        do {
            answer = try await send(method, path: path, query: query, form: form)
        } catch {
            throw .transport(error)
        }
        guard (200..<300).contains(answer.status) else { throw .refused(TwilioError(answer)) }
        return answer
    }

    /// One POST that makes something, and what is known of it afterwards.
    func create<Resource: Decodable & Sendable>(
        path: String, form: FormBody, as type: Resource.Type = Resource.self
    ) async -> CreationOutcome<Resource> {
        do {
            return CreationOutcome(try await send(.post, path: path, form: form))
        } catch {
            return CreationOutcome(error)
        }
    }
}
