/// From a path to a resource.
extension CarrierState {
    /// The API's answer to a request, refusals included.
    mutating func answer(_ request: SandboxRequest) -> SandboxAnswer {
        do throws(TwilioFault) {
            return try route(request)
        } catch {
            return error.answer
        }
    }

    private mutating func route(_ request: SandboxRequest) throws(TwilioFault) -> SandboxAnswer {
        let principal = try authenticate(request.authorization)
        var segments = request.segments
        guard let version = segments.first, version == "2010-04-01", segments.count >= 2,
            let last = segments.popLast(), last.hasSuffix(".json")
        else { throw .notFound(request.path) }
        segments.append(String(last.dropLast(5)))
        guard segments[1] == "Accounts" else { throw .notFound(request.path) }
        let method = request.method
        if segments.count == 2 {
            guard method == "GET" else { throw .methodNotAllowed }
            return try listAccounts(request, principal)
        }
        guard Sid.isWellFormed(segments[2], prefix: "AC") else { throw .notFound(request.path) }
        // Another account's SID is answered like wrong credentials, whether it exists or not.
        guard segments[2] == accounts[principal.account].sid else { throw .authenticate }
        if segments.count == 3, method == "GET" { return try fetchAccount(principal) }
        guard accounts[principal.account].status == .active else {
            throw TwilioFault(20005, "Account \(segments[2]) is not active")
        }
        if segments.count == 3 {
            guard method == "POST" else { throw .methodNotAllowed }
            return try updateAccount(request, principal)
        }
        let rest = Array(segments[4...])
        switch segments[3] {
        case "Balance" where rest.isEmpty:
            guard method == "GET" else { throw .methodNotAllowed }
            return fetchBalance(principal)
        case "Messages": return try routeMessages(rest, request, principal)
        case "IncomingPhoneNumbers": return try routeNumbers(rest, request, principal)
        case "AvailablePhoneNumbers":
            guard method == "GET" else { throw .methodNotAllowed }
            switch rest.count {
            case 0: return listCountries(request, principal)
            case 1: return try fetchCountry(rest[0], request, principal)
            case 2: return try searchNumbers(country: rest[0], kind: rest[1], request)
            default: throw .notFound(request.path)
            }
        default: throw .notFound(request.path)
        }
    }

    private mutating func routeMessages(
        _ rest: [String], _ request: SandboxRequest, _ principal: Principal
    ) throws(TwilioFault) -> SandboxAnswer {
        switch (rest.count, request.method) {
        case (0, "GET"): return try listMessages(request, principal)
        case (0, "POST"): return try createMessage(request, principal)
        case (1, "GET"): return try fetchMessage(rest[0], request, principal)
        case (1, "POST"): return try updateMessage(rest[0], request, principal)
        case (1, "DELETE"): return try deleteMessage(rest[0], request, principal)
        case (2, "GET") where rest[1] == "Media": return try listMedia(rest[0], request, principal)
        case (0...1, _): throw .methodNotAllowed
        default: throw .notFound(request.path)
        }
    }

    private mutating func routeNumbers(
        _ rest: [String], _ request: SandboxRequest, _ principal: Principal
    ) throws(TwilioFault) -> SandboxAnswer {
        let types = ["Local": "local", "TollFree": "toll-free", "Mobile": "mobile"]
        let type = rest.first.flatMap { types[$0] }
        if rest.isEmpty || (rest.count == 1 && type != nil) {
            switch request.method {
            case "GET": return try listNumbers(request, principal, type: type)
            case "POST": return try buyNumber(request, principal, type: type)
            default: throw .methodNotAllowed
            }
        }
        guard rest.count == 1 else { throw .notFound(request.path) }
        switch request.method {
        case "GET": return try fetchNumber(rest[0], request, principal)
        case "POST": return try updateNumber(rest[0], request, principal)
        case "DELETE": return try releaseNumber(rest[0], request, principal)
        default: throw .methodNotAllowed
        }
    }
}
