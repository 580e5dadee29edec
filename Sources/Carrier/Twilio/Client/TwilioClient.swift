package import Curl

/// Twilio's REST API for one account, by that account's credential and no other.
///
/// Resources are reached as `client.calls.create(…)`, `client.messages.list(…)`; names are Twilio's. Calls throw
/// `TwilioCallError`; creations return a `CreationOutcome` instead, since for them "did it happen?" matters more than
/// "did it work?". Connections are reused within the account only, and `TwilioTraffic` holds back what Twilio would
/// refuse. Numbers that Twilio writes as texts come as `Decimal`, which keeps every digit of a price.
///
/// A class, since each resource and each call holds its client: what is in it is counted once, and not one by one.
package final class TwilioClient: Sendable {
    package struct Timeouts: Sendable {
        package var connect: Duration = .seconds(5)
        package var total: Duration = .seconds(15)
        /// A file, from its request to its last byte.
        package var media: Duration = .seconds(120)

        package init() {}
    }

    /// The most bytes that an answer may have. A page of 1,000 messages stays below 4 MiB.
    static let responseSizeLimit = 8 << 20
    /// How often a GET that Twilio answered with 429 is made in all.
    static let readingTries = 3

    /// Whose resources are meant.
    package let account: AccountSid
    package let endpoints: TwilioEndpoints
    /// Who signs in: the account itself, or the one that owns it.
    private let authenticatingAccount: AccountSid
    private let authentication: TwilioAuthentication
    let transport: HTTPTransport
    let userAgent: String
    let timeouts: Timeouts
    /// Where media may be fetched from.
    let media: MediaPolicy
    private let traffic: TwilioTraffic
    private let gate: AccountGate
    private let credential: CredentialWatch
    private let headers: CallHeaders
    /// `/2010-04-01/Accounts/AC…`, the root of most resources.
    let accountPath: String

    /// `userAgent` names the product and its version, such as `switchboard/1.0`. Clients that share `traffic` share
    /// the limits of an account. `onCredentialRefused` hears once when Twilio has answered 401 again and again, before
    /// the call that found it returns.
    package init(
        account: AccountSid, authentication: TwilioAuthentication, endpoints: TwilioEndpoints = .twilio,
        transport: HTTPTransport, userAgent: String, timeouts: Timeouts = Timeouts(), media: MediaPolicy = .twilio,
        traffic: TwilioTraffic = TwilioTraffic(),
        onCredentialRefused: @escaping @Sendable (TwilioError) async -> Void = { _ in }
    ) {
        self.account = account
        self.authenticatingAccount = account
        self.endpoints = endpoints
        self.authentication = authentication
        self.transport = transport
        self.userAgent = userAgent
        self.timeouts = timeouts
        self.media = media
        self.traffic = traffic
        gate = traffic.gate(of: account)
        credential = CredentialWatch(traffic.limits.credential, clock: traffic.clock, onRefused: onCredentialRefused)
        headers = CallHeaders(userAgent: userAgent)
        accountPath = Self.path(of: account)
    }

    private init(_ parent: TwilioClient, account: AccountSid) {
        self.account = account
        authenticatingAccount = parent.authenticatingAccount
        endpoints = parent.endpoints
        authentication = parent.authentication
        transport = parent.transport
        userAgent = parent.userAgent
        timeouts = parent.timeouts
        media = parent.media
        traffic = parent.traffic
        gate = parent.gate
        credential = parent.credential
        headers = parent.headers
        accountPath = Self.path(of: account)
    }

    private static func path(of account: AccountSid) -> String { "/2010-04-01/Accounts/\(account)" }

    /// The same credential on the resources of a subaccount that its account owns. Only the 2010 API names the account
    /// in its paths; the newer products always answer for the account that signs in.
    package func subaccount(_ account: AccountSid) -> TwilioClient {
        TwilioClient(self, account: account)
    }

    /// Whose a new resource is: only the 2010 API makes one for a subaccount that its path names.
    func owner(of product: TwilioEndpoints.Product) -> AccountSid {
        product == .api ? account : authenticatingAccount
    }

    /// A resource of the 2010 API, below the account.
    func place(_ name: String) -> ResourcePlace {
        ResourcePlace(client: self, product: .api, path: accountPath + "/" + name, ending: ".json")
    }

    /// A resource of a newer product, such as `/v2/Services` of Verify.
    func place(_ product: TwilioEndpoints.Product, _ path: String) -> ResourcePlace {
        ResourcePlace(client: self, product: product, path: path, ending: "")
    }

    // MARK: Calls

    /// One call, whatever comes back. Throws `transport` or `heldBack`.
    func send(_ call: TwilioCall) async throws(TwilioCallError) -> HTTPResponse {
        let request = httpRequest(call)
        let pass = try await pass(call)
        do {
            let answer = try await transport.send(request)
            gate.leave(pass, TrafficOutcome(answer))
            if credential.saw(answer, counts: countsAgainstCredential(call)) {
                await credential.announceRefusal(answer)
            }
            return answer
        } catch {
            gate.leave(pass, .unknown)
            credential.sawNothing()
            throw .transport(error)
        }
    }

    /// One call for a file, which is read while it comes.
    func stream(_ call: TwilioCall) async throws(TwilioCallError) -> HTTPStream {
        let pass = try await pass(call)
        do {
            var request = httpRequest(call)
            request.totalTimeout = timeouts.media
            request.responseSizeLimit = MediaPolicy.largestFile
            let stream = try await transport.stream(request)
            gate.leave(pass, TrafficOutcome(status: stream.status, retryAfter: nil, code: nil))
            credential.sawNothing()
            return stream
        } catch {
            gate.leave(pass, .unknown)
            credential.sawNothing()
            throw .transport(error)
        }
    }

    /// The right to make the call, when its turn has come and nobody has withdrawn it.
    private func pass(_ call: TwilioCall) async throws(TwilioCallError) -> AccountGate.Pass {
        do {
            try credential.admit()
        } catch {
            throw .heldBack(error)
        }
        do throws(TwilioCallError) {
            guard let lastLook = call.lastLook else { return try await enter(call) }
            return try await enter(call, after: lastLook)
        } catch {
            credential.sawNothing()
            throw error
        }
    }

    private func enter(_ call: TwilioCall) async throws(TwilioCallError) -> AccountGate.Pass {
        if let pass = gate.pass(call.place.product) { return pass }
        return try await gate.enter(call.place.product)
    }

    /// Looks before it has a place, since a place is empty while somebody looks; and again when it had to wait for one.
    private func enter(
        _ call: TwilioCall, after lastLook: @Sendable () async -> Bool
    ) async throws(TwilioCallError) -> AccountGate.Pass {
        try await gate.beginLook()
        let start = traffic.clock.now
        let pass: AccountGate.Pass
        do throws(TwilioCallError) {
            guard await lastLook() else { throw Self.withdrawn }
            pass = try await enter(call)
        } catch {
            gate.endLook()
            throw error
        }
        gate.endLook()
        if traffic.clock.now - start > traffic.limits.lookValidity, await !lastLook() {
            gate.leave(pass, .unknown)
            throw Self.withdrawn
        }
        return pass
    }

    private static let withdrawn = TwilioCallError.heldBack(HeldBack(.withdrawn, retryAfter: nil))

    /// A standard API key may not read accounts and keys: a 401 there says nothing about the key.
    private func countsAgainstCredential(_ call: TwilioCall) -> Bool {
        guard case .apiKey = authentication else { return true }
        return !call.place.isClosedToStandardKeys
    }

    private func httpRequest(_ call: TwilioCall) -> HTTPRequest {
        let target = endpoints.base(of: call.place.product) + call.pathAndQuery
        return HTTPRequest(
            call.method, target, headers: headers.of(call.body), body: call.body?.bytes,
            basicAuthentication: authentication.basic(for: authenticatingAccount), connectTimeout: timeouts.connect,
            totalTimeout: timeouts.total, responseSizeLimit: Self.responseSizeLimit,
            reusePool: authenticatingAccount.text)
    }

    /// One call that answers 2xx, or throws. A GET that Twilio did not process (429) is made again, as late as the
    /// account's back-off says; nothing else is.
    func answer(_ call: TwilioCall) async throws(TwilioCallError) -> HTTPResponse {
        var answer = try await send(call)
        var tries = 1
        while case .tooManyRequests = TrafficOutcome(answer), call.method == .get, tries < Self.readingTries {
            answer = try await send(call)
            tries += 1
        }
        guard (200..<300).contains(answer.status) else { throw .refused(TwilioError(answer)) }
        return answer
    }
}
