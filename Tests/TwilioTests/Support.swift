import Curl
import TestServer
import Testing
import Twilio
import Vault

enum Fixture {
    static let accountText = "AC" + String(repeating: "a", count: 32)
    static let token = "0123456789abcdef0123456789abcdef"

    static func secret(_ text: String) throws -> SharedSecret {
        SharedSecret(try Secret(text))
    }

    static func sid<Kind>(_ prefix: String, _ number: Int, as kind: Sid<Kind>.Type = Sid<Kind>.self) throws -> Sid<Kind>
    {
        let digits = String(number, radix: 16)
        return try #require(Sid(prefix + String(repeating: "0", count: 32 - digits.count) + digits))
    }

    /// A message as Twilio's API answers with it.
    static func message(_ number: Int = 1, account: String = accountText) -> String {
        """
        {"account_sid": "\(account)", "api_version": "2010-04-01", "body": "Hello", \
        "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null, \
        "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000", "direction": "outbound-api", "error_code": null, \
        "error_message": null, "from": "+14155550100", "messaging_service_sid": null, "num_media": "0", \
        "num_segments": "1", "price": null, "price_unit": "USD", \
        "sid": "SM\(String(repeating: "0", count: 28))\(1000 + number)", "status": "queued", \
        "subresource_uris": {"media": "/m.json"}, "to": "+14155550123", "uri": "/u.json", "an_unknown_field": [1]}
        """
    }

    static func error(_ code: Int, _ status: Int) -> String {
        """
        {"code": \(code), "message": "Words", "more_info": "https://www.twilio.com/docs/errors/\(code)", \
        "status": \(status)}
        """
    }
}

/// Runs a client, of the account `ACaaa…` unless said otherwise, against a scripted server, and ends both.
func withTwilio(
    account: AccountSid? = nil, authentication: TwilioAuthentication? = nil, total: Duration = .seconds(30),
    traffic: TwilioTraffic = TwilioTraffic(), media: MediaPolicy = .twilio,
    onCredentialRefused: @escaping @Sendable (TwilioError) async -> Void = { _ in },
    _ script: @escaping RawServer.Script, _ body: (TwilioClient, RawServer) async throws -> Void
) async throws {
    let server = try RawServer(script)
    defer { server.stop() }
    let transport = try HTTPTransport()
    var timeouts = TwilioClient.Timeouts()
    timeouts.total = total
    let client = TwilioClient(
        account: try account ?? #require(AccountSid(Fixture.accountText)),
        authentication: try authentication ?? .authToken(Fixture.secret(Fixture.token)),
        endpoints: try TwilioEndpoints(base: server.url), transport: transport, userAgent: "switchboard-tests/1",
        timeouts: timeouts, media: media, traffic: traffic, onCredentialRefused: onCredentialRefused)
    do {
        try await body(client, server)
        await transport.shutdown()
    } catch {
        await transport.shutdown()
        throw error
    }
}
