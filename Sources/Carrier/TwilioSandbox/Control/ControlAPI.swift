import FoundationEssentials

/// `/_control`: what tests and demos ask of the carrier beyond Twilio's API.
struct ControlAPI: Sendable {
    let carrier: Carrier

    func answer(_ request: SandboxRequest) async -> SandboxAnswer {
        do throws(SandboxError) {
            return try await route(request)
        } catch {
            return .json(400, ["error": .string(error.description)])
        }
    }

    private func route(_ request: SandboxRequest) async throws(SandboxError) -> SandboxAnswer {
        let rest = Array(request.segments.dropFirst())
        switch (request.method, rest.first, rest.count) {
        case ("GET", nil, _): return .json(200, ControlGuide.json)
        case ("GET", "accounts", 1):
            return .json(200, ["accounts": .array(carrier.accounts().map(\.json))])
        case ("POST", "accounts", 1):
            let account = try carrier.makeAccount(try body(request, as: NewAccount.self))
            return .json(201, account.json)
        case ("POST", "accounts", 2):
            let change = try body(request, as: AccountChange.self)
            guard let account = try carrier.change(accountSid: rest[1], change) else { break }
            return .json(200, account.json)
        case ("GET", "requests", 1): return .json(200, carrier.requests(matching: request.query))
        case ("DELETE", "requests", 1):
            carrier.forgetRequests()
            return .noContent
        case ("GET", "webhooks", 1): return .json(200, carrier.webhooks(matching: request.query))
        case ("DELETE", "webhooks", 1):
            carrier.forgetWebhooks()
            return .noContent
        case ("GET", "messages", 1): return .json(200, carrier.messages(matching: request.query))
        case ("POST", "messages", 1):
            let past = try body(request, as: PastMessages.self)
            try carrier.seed(past)
            return .json(201, ["added": .int(past.messages.count)])
        case ("POST", "inbound", 1):
            return .json(200, try await carrier.receive(try body(request, as: InboundOrder.self)).json)
        case ("POST", "callback", 1):
            return .json(200, try await carrier.callBack(try body(request, as: CallbackOrder.self)))
        case ("GET", "misbehave", 1): return try encoded(200, carrier.rules())
        case ("POST", "misbehave", 1):
            let rule = try body(request, as: MisbehaviourRule.self)
            try rule.validate()
            return try encoded(201, carrier.add(rule))
        case ("DELETE", "misbehave", 1):
            carrier.removeRules()
            return .noContent
        case ("DELETE", "misbehave", 2):
            guard let id = Int(rest[1]), carrier.removeRule(id: id) else { break }
            return .noContent
        case ("GET", "clock", 1): return .json(200, carrier.advanceClock(by: 0))
        case ("POST", "clock", 1):
            let change = try body(request, as: ClockChange.self)
            let seconds = change.advance ?? 0
            guard seconds >= 0, seconds <= 400 * 86_400 else {
                throw SandboxError("advance must be 0 to 34560000 seconds")
            }
            if let skew = change.skew, !(-86_400...86_400).contains(skew) {
                throw SandboxError("skew must be -86400 to 86400 seconds")
            }
            return .json(200, carrier.advanceClock(by: seconds, skew: change.skew))
        default: return try routeCalls(request, rest)
        }
        return ControlAPI.unknown
    }

    private static let unknown = SandboxAnswer.json(
        404, ["error": "no such call or object; GET /_control lists the calls"])

    /// What concerns calls, verifications and ports.
    private func routeCalls(_ request: SandboxRequest, _ rest: [String]) throws(SandboxError) -> SandboxAnswer {
        switch (request.method, rest.first, rest.count) {
        case ("GET", "calls", 1): return .json(200, carrier.calls(matching: request.query))
        case ("POST", "calls", 1):
            return .json(201, try carrier.receiveCall(try body(request, as: InboundCallOrder.self)))
        case ("POST", "calls", 2):
            guard let answer = carrier.give(try body(request, as: CallInput.self), callSid: rest[1]) else { break }
            return .json(200, answer)
        case ("GET", "parties", 1): return try encoded(200, carrier.parties())
        case ("POST", "parties", 1):
            try carrier.setParty(try body(request, as: PartyOrder.self))
            return try encoded(201, carrier.parties())
        case ("DELETE", "parties", 1):
            carrier.forgetParties()
            return .noContent
        case ("GET", "verifications", 1): return .json(200, carrier.verifications(matching: request.query))
        case ("POST", "ports", 2):
            guard try carrier.movePort(rest[1], to: try body(request, as: PortChange.self).status) else { break }
            return .noContent
        default: break
        }
        return ControlAPI.unknown
    }

    private func body<Value: Decodable>(_ request: SandboxRequest, as type: Value.Type) throws(SandboxError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(request.body))
        } catch let error as DecodingError {
            throw SandboxError(ControlAPI.explain(error))
        } catch {
            throw SandboxError("the body is not JSON")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context, _ last: String? = nil) -> String {
            (context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "'\(path(context, key.stringValue))' is missing"
        case .typeMismatch(let type, let context): return "'\(path(context))' must be \(type)"
        case .valueNotFound(_, let context): return "'\(path(context))' must not be null"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "'\(path(context))' is not a value that is known"
        default: return "the body is not JSON"
        }
    }

    private func encoded(_ status: Int, _ value: some Encodable) throws(SandboxError) -> SandboxAnswer {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return SandboxAnswer(
                status: status, contentType: "application/json", body: Array(try encoder.encode(value)))
        } catch {
            throw SandboxError("cannot encode: \(error)")
        }
    }
}

extension SandboxAccount {
    var json: JSON {
        [
            "sid": .string(sid), "authToken": .string(authToken), "secondaryAuthToken": .optional(secondaryAuthToken),
            "friendlyName": .string(friendlyName), "type": .string(type.rawValue),
            "status": .string(status.rawValue), "balance": .string(balance), "testSid": .optional(testSid),
            "testAuthToken": .optional(testAuthToken),
            "limits": [
                "concurrentRequests": limits.concurrentRequests.map { .int($0) } ?? .null,
                "isPaced": .bool(limits.isPaced), "queueSeconds": .double(limits.queueSeconds),
            ],
            "apiKeys": .array(
                apiKeys.map {
                    ["sid": .string($0.sid), "secret": .string($0.secret), "isMain": .bool($0.isMain)]
                }),
            "numbers": .array(
                numbers.map { number in
                    [
                        "phoneNumber": .string(number.phoneNumber), "smsURL": .optional(number.smsURL),
                        "voiceURL": .optional(number.voiceURL), "statusCallback": .optional(number.statusCallback),
                        "smsEnabled": .bool(number.smsEnabled), "mmsEnabled": .bool(number.mmsEnabled),
                        "voiceEnabled": .bool(number.voiceEnabled),
                    ]
                }),
            "verifiedCallerIds": .array(verifiedCallerIds.map { .string($0) }),
            "applications": .array(
                applications.map { application in
                    [
                        "sid": .string(application.sid), "smsURL": .optional(application.smsURL),
                        "smsFallbackURL": .optional(application.smsFallbackURL),
                        "messageStatusCallback": .optional(application.messageStatusCallback),
                        "voiceURL": .optional(application.voiceURL),
                        "voiceFallbackURL": .optional(application.voiceFallbackURL),
                        "statusCallback": .optional(application.statusCallback),
                    ]
                }),
            "templates": .array(
                templates.map { template in
                    [
                        "sid": .string(template.sid), "body": .string(template.body),
                        "mediaURLs": .array(template.mediaURLs.map { .string($0) }),
                        "variables": .object(
                            template.variables.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }),
                    ]
                }),
        ]
    }
}
