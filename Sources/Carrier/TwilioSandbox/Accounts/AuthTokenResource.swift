/// `/v1/AuthTokens`: a second token beside the first, and its promotion to the first.
enum AuthTokenResource {
    static let routes: [Route] = [
        .post("/v1/AuthTokens/Secondary", access: .main, create),
        .delete("/v1/AuthTokens/Secondary", access: .main, delete),
        .post("/v1/AuthTokens/Promote", access: .main, promote),
    ]

    private static func create(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let now = state.clock.now
        let token = Sid.secret()
        state.accounts[call.account].secondaryAuthToken = token
        state.accounts[call.account].secondaryTokenCreated = now
        return .json(
            201,
            [
                "account_sid": .string(state.accounts[call.account].sid),
                "date_created": .string(TwilioDate.iso8601(now)), "date_updated": .string(TwilioDate.iso8601(now)),
                "secondary_auth_token": .string(token), "url": .string(call.url("/v1/AuthTokens/Secondary")),
            ])
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard state.accounts[call.account].secondaryAuthToken != nil else { throw call.notFound }
        state.accounts[call.account].secondaryAuthToken = nil
        return .noContent
    }

    /// The first token is void from now on.
    private static func promote(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let token = state.accounts[call.account].secondaryAuthToken else { throw call.notFound }
        let now = state.clock.now
        let created = state.accounts[call.account].secondaryTokenCreated ?? now
        state.accounts[call.account].authToken = token
        state.accounts[call.account].secondaryAuthToken = nil
        state.accounts[call.account].dateUpdated = now
        return .json(
            200,
            [
                "account_sid": .string(state.accounts[call.account].sid), "auth_token": .string(token),
                "date_created": .string(TwilioDate.iso8601(created)),
                "date_updated": .string(TwilioDate.iso8601(now)),
                "url": .string(call.url("/v1/AuthTokens/Promote")),
            ])
    }
}
