import Curl
import FoundationEssentials
import GraphQL
import OrderedCollections
import TestWorld

/// An organization as its front end sees it, ready to text.
struct TextingClinic: Sendable {
    let organization: DemoServer.Organization
    private let url: String
    private let sandbox: String
    private let transport: HTTPTransport

    /// Registers its account, and has its numbers and webhooks brought in.
    ///
    /// - Parameters:
    ///   - url: the server's, and `sandbox` its carrier's; neither with a slash at the end.
    static func open(
        _ organization: DemoServer.Organization, at url: String, sandbox: String, over transport: HTTPTransport
    ) async throws -> TextingClinic {
        let clinic = TextingClinic(organization: organization, url: url, sandbox: sandbox, transport: transport)
        _ = try await clinic.mutate(
            "registerTwilioCredential",
            [
                "accountSid": .string(organization.accountSid), "authToken": .string(organization.authToken),
                "label": "Bench",
            ])
        _ = try await clinic.mutate("startSync", ["webhooks": "ALWAYS"])
        for _ in 0..<600 {
            let state = try await clinic.ask("{ syncStatus { state } }")["syncStatus"]?["state"]
            if state == "COMPLETED" { return clinic }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Program.Failure(description: "The sync of \(organization.slug) does not come to its end.")
    }

    /// The `data` of an answer without errors.
    func ask(_ document: String, _ variables: JSONValue = .object([:])) async throws -> JSONValue {
        let body = JSONValue.object(["query": .string(document), "variables": variables]).bytes
        let response = try await transport.send(
            HTTPRequest(
                .post, "\(url)/graphql",
                headers: ["Content-Type": "application/json", "Authorization": "Bearer \(organization.apiKey)"],
                body: body, totalTimeout: .seconds(60), reusePool: "api"))
        let answer = try JSONValue(parsing: response.body)
        guard response.status == 200, answer["errors"] == nil, let data = answer["data"] else {
            throw Program.Failure(
                description: "The API answered \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
        return data
    }

    /// The payload of a mutation that refuses nothing.
    func mutate(
        _ name: String, _ input: OrderedDictionary<String, JSONValue>, _ selection: String = ""
    ) async throws -> JSONValue {
        let type = name.prefix(1).uppercased() + name.dropFirst() + "Input!"
        let payload = try await ask(
            "mutation M($input: \(type)) { \(name)(input: $input) { \(selection) userErrors { code message } } }",
            ["input": .object(input)])[name]
        guard let payload, payload["userErrors"]?.arrayValue?.isEmpty == true else {
            throw Program.Failure(description: "\(name): \(String(decoding: (payload ?? .null).bytes, as: UTF8.self))")
        }
        return payload
    }

    // MARK: Its carrier

    /// Where a bare POST makes a message.
    var messages: String { "\(sandbox)/2010-04-01/Accounts/\(organization.accountSid)/Messages.json" }

    private var control: String { "\(sandbox)/_control" }

    /// Whether the carrier calls back on a message's way.
    func setCallbacks(_ areOn: Bool) async throws {
        _ = try await transport.send(HTTPRequest(.delete, "\(control)/misbehave", reusePool: "control"))
        guard !areOn else { return }
        let response = try await transport.send(
            HTTPRequest(
                .post, "\(control)/misbehave", headers: ["Content-Type": "application/json"],
                body: JSONValue.object(["match": .object([:]), "do": "no_callbacks"]).bytes, reusePool: "control"))
        guard response.status < 300 else {
            throw Program.Failure(
                description: "The sandbox refused: \(String(decoding: response.body, as: UTF8.self))")
        }
    }

    /// Where Twilio tells of messages that come in.
    func inboundHook() async throws -> String {
        let token = Data("\(organization.accountSid):\(organization.authToken)".utf8).base64EncodedString()
        let response = try await transport.send(
            HTTPRequest(
                .get, "\(sandbox)/2010-04-01/Accounts/\(organization.accountSid)/IncomingPhoneNumbers.json",
                headers: ["Authorization": "Basic \(token)"], reusePool: "carrier"))
        let list = try JSONValue(parsing: response.body)["incoming_phone_numbers"]?.arrayValue ?? []
        guard let url = list.first?["sms_url"]?.stringValue, !url.isEmpty else {
            throw Program.Failure(description: "The numbers of \(organization.slug) have no webhook.")
        }
        return url
    }

    /// A message that comes in, as Twilio tells of it. Answers with the status of the webhook's answer.
    func receive(_ index: Int, from sender: String, at hook: String) async throws -> Int {
        let digits = String(index, radix: 16)
        let webhook = SignedWebhook(
            hook,
            [
                ("MessageSid", "SM" + String(repeating: "0", count: 32 - digits.count) + digits),
                ("AccountSid", organization.accountSid), ("From", sender),
                ("To", organization.numbers.first ?? ""), ("Body", "Yes, I will be there, number \(index)."),
                ("NumMedia", "0"), ("NumSegments", "1"), ("ApiVersion", "2010-04-01"),
            ], token: organization.authToken)
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        var body: [UInt8] = []
        for (name, value) in webhook.parameters {
            if !body.isEmpty { body.append(UInt8(ascii: "&")) }
            body += Array(name.utf8) + [UInt8(ascii: "=")]
            for byte in value.utf8 {
                if unreserved.contains(byte) {
                    body.append(byte)
                } else {
                    let text = String(byte, radix: 16, uppercase: true)
                    body += Array("%\(byte < 16 ? "0" : "")\(text)".utf8)
                }
            }
        }
        return try await transport.send(
            HTTPRequest(
                .post, hook,
                headers: [
                    "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": webhook.signatureText,
                ], body: body, reusePool: "hooks")
        ).status
    }

    /// One of 10,000 fictional people, 100 in each of 100 area codes, and of 59,300 more beyond them.
    static func phone(_ index: Int) -> String {
        "+1\(206 + index / 100)5550\(100 + index % 100)"
    }
}
