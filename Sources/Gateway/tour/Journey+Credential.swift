import GraphQL

extension Journey {
    private static let credentials = "query Credentials { credentials { id status accountSid isDefault secretHint } }"

    private static let register = """
        mutation Register($input: RegisterTwilioCredentialInput!) {
          registerTwilioCredential(input: $input) {
            credential { id kind label status isDefault accountSid secretHint accountType accountFriendlyName }
            userErrors { code message field }
          }
        }
        """

    private static let revoke = """
        mutation Revoke($input: RevokeCredentialInput!) {
          revokeCredential(input: $input) { credential { id status } userErrors { code message field } }
        }
        """

    /// A tour before this one may have left a live credential behind.
    func forgetEarlierTour() async throws {
        let known = try await a.data(Self.credentials)["credentials"]?.arrayValue ?? []
        for credential in known where credential["status"]?.stringValue != "REVOKED" {
            guard let id = credential["id"] else { continue }
            _ = try await a.data(Self.revoke, ["input": ["id": id]])
        }
    }

    func register() async throws -> JSONValue {
        console.step("\(a.name) registers its Twilio account")
        let before = try await a.data(Self.credentials)["credentials"]?.arrayValue?.count ?? 0
        let wrong = String(clinicA.authToken.reversed())
        let refused = try await a.data(Self.register, input(token: wrong))["registerTwilioCredential"]
        try expect(code(refused) == "TWILIO_REFUSED", "a wrong token is refused", refused?.compact ?? "")
        let advice = refused?["userErrors"]?.arrayValue?.first?["message"]?.stringValue ?? ""
        try expect(advice.contains("Twilio console"), "and says what to do", advice)
        let after = try await a.data(Self.credentials)["credentials"]?.arrayValue?.count ?? 0
        try expect(after == before, "and is not kept", "\(after) credentials, \(before) before")

        let accepted = try await a.data(Self.register, input(token: clinicA.authToken))["registerTwilioCredential"]
        let credential = accepted?["credential"]
        try expect(credential?["status"]?.stringValue == "VERIFIED", "the right one is VERIFIED by asking Twilio")
        try expect(
            credential?["secretHint"]?.stringValue == String(clinicA.authToken.suffix(4)),
            "nothing of it is shown but the last four characters")

        let taken = try await b.data(Self.register, input(token: clinicA.authToken))["registerTwilioCredential"]
        try expect(
            code(taken) == "ACCOUNT_ALREADY_REGISTERED", "\(b.name), proving the same account, is told that it is taken"
        )
        guard let id = credential?["id"] else { throw Failure("The credential has no id.") }
        return id
    }

    func revoke(_ credential: JSONValue) async throws {
        console.step("\(a.name) revokes the credential")
        let revoked = try await a.data(Self.revoke, ["input": ["id": credential]])["revokeCredential"]
        try expect(revoked?["credential"]?["status"]?.stringValue == "REVOKED", "it is REVOKED")
        let before = try await carrier.creates(to: Self.patient)
        let refused = try await a.data(Self.sendMessage, ["input": ["to": .string(Self.patient), "body": "Too late."]])
        try expect(
            code(refused["sendMessage"]) == "TWILIO_NOT_CONFIGURED", "the next send is refused", refused.compact)
        try await Task.sleep(for: .seconds(1))
        let after = try await carrier.creates(to: Self.patient)
        try expect(after == before, "and nothing reached the carrier", "\(after) creates, \(before) before")
    }

    private func input(token: String) -> JSONValue {
        [
            "input": [
                "label": "Front desk", "accountSid": .string(clinicA.accountSid), "authToken": .string(token),
            ]
        ]
    }
}
