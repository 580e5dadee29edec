/// From a path to a resource.
extension CarrierState {
    /// The API's answer to a request, refusals included.
    mutating func answer(_ request: SandboxRequest) -> SandboxAnswer {
        var holder: Int?
        var answer: SandboxAnswer
        do throws(TwilioFault) {
            answer = try route(request, holder: &holder)
        } catch {
            answer = error.answer
        }
        answer.holds = holder
        return answer
    }

    private mutating func route(_ request: SandboxRequest, holder: inout Int?) throws(TwilioFault) -> SandboxAnswer {
        let login = try authenticate(request.authorization)
        if let limit = accounts[login.home].limits.concurrentRequests {
            guard accounts[login.home].requestsInFlight < limit else {
                throw TwilioFault(20429, "Too Many Requests", status: 429)
            }
            accounts[login.home].requestsInFlight += 1
            holder = login.home
        }
        guard let (routes, values) = RouteTable.router.match(request.segments) else { throw .notFound(request.path) }
        let principal = try admit(login, request, values)
        guard let route = routes[request.method] else { throw .methodNotAllowed }
        switch route.access {
        case .main, .account: guard !principal.isStandardKey else { throw .wrongCredentials }
        case .usual, .testable: break
        }
        if principal.isTest {
            guard case .testable = route.access else {
                throw TwilioFault(20008, "Resource not accessible with Test Account Credentials", status: 403)
            }
        }
        if route.access != .account {
            for index in [principal.home, principal.account] where accounts[index].status != .active {
                throw TwilioFault(20005, "Account \(accounts[index].sid) is not active")
            }
        }
        return try route.handler(&self, RouteCall(request: request, principal: principal, values: values))
    }

    /// The account in a path of the 2010 API must be the caller's own or one of its subaccounts.
    private func admit(_ login: Principal, _ request: SandboxRequest, _ values: [String]) throws(TwilioFault)
        -> Principal
    {
        guard request.segments.first == "2010-04-01", let sid = values.first else { return login }
        guard Sid.isWellFormed(sid, prefix: "AC") else { throw .notFound(request.path) }
        if sid == accounts[login.account].sid || login.isTest && sid == accounts[login.account].testSid { return login }
        // Another account's SID is answered like wrong credentials, whether it exists or not.
        guard let index = accountIndex[sid], accounts[index].owner == login.home, !login.isStandardKey else {
            throw .authenticate
        }
        var principal = login
        principal.account = index
        return principal
    }
}
