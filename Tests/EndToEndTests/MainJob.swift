import GraphQL

/// What a clinic does with the product, in the fewest steps.
struct MainJob: Sendable {
    let demo: Demo
    let clinic: Demo.Clinic
    let caller: Caller

    static let patient = "+14155550147"

    /// Registers the clinic's account.
    func register() async throws {
        let payload = try await ask(
            """
            mutation Register($input: RegisterTwilioCredentialInput!) {
              registerTwilioCredential(input: $input) { credential { status } userErrors { code message } }
            }
            """,
            ["input": ["accountSid": .string(clinic.accountSid), "authToken": .string(clinic.authToken)]]
        )["registerTwilioCredential"]
        guard payload?["credential"]?["status"] == "VERIFIED" else { throw Unexpected("\(payload ?? .null)") }
    }

    /// Brings its numbers in, and points them to the demo.
    func sync() async throws {
        _ = try await ask("mutation { startSync(input: { webhooks: ALWAYS }) { userErrors { code } } }")
        try await eventually("the sync completes") {
            try await ask("{ syncStatus { state } }")["syncStatus"]?["state"] == "COMPLETED"
        }
    }

    /// Sends a message and waits until the carrier has said by its webhooks that it was delivered.
    func send(_ body: String) async throws {
        let sent = try await ask(
            """
            mutation Send($input: SendMessageInput!) {
              sendMessage(input: $input) { message { id } userErrors { code message } }
            }
            """,
            ["input": ["to": .string(Self.patient), "body": .string(body), "idempotencyKey": .string(body)]]
        )["sendMessage"]
        guard let id = sent?["message"]?["id"], !id.isNull else { throw Unexpected("\(sent ?? .null)") }
        try await eventually("the message is delivered") {
            try await ask("query One($id: ID!) { message(id: $id) { status } }", ["id": id])["message"]?["status"]
                == "DELIVERED"
        }
    }

    /// The ids and bodies of its newest messages, and how many there are.
    func messages() async throws -> JSONValue {
        try await ask("{ messages(first: 20) { nodes { id body status } totalCount } }")
    }

    /// How many credentials it has, revoked ones too.
    func credentials() async throws -> Int? {
        try await ask("{ credentials { id } }")["credentials"]?.arrayValue?.count
    }

    /// Where the carrier sends what is texted to the clinic's first number.
    func webhook() async throws -> String {
        let answer = try await caller.asAccount(
            clinic, "\(try demo.text("sandbox"))/2010-04-01/Accounts/\(clinic.accountSid)/IncomingPhoneNumbers.json")
        let numbers = try answer.json["incoming_phone_numbers"]?.arrayValue ?? []
        let own = numbers.first { $0["phone_number"]?.stringValue == clinic.numbers.first }
        guard let url = own?["sms_url"]?.stringValue, !url.isEmpty else {
            throw Unexpected("The clinic's number points nowhere: \(answer.text)")
        }
        return url
    }

    private func ask(_ document: String, _ variables: JSONValue = [:]) async throws -> JSONValue {
        try await caller.data(demo, document, variables, key: clinic.apiKey)
    }
}
