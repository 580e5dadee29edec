package import Curl
package import Twilio

/// Makes clients that differ in their account only: one transport, one place that says where Twilio is.
package struct TwilioClientFactory: Sendable {
    private let transport: HTTPTransport
    private let endpoints: TwilioEndpoints

    /// How long Twilio has for one answer.
    package static let patience: Duration = .seconds(15)

    package init(transport: HTTPTransport, endpoints: TwilioEndpoints) {
        self.transport = transport
        self.endpoints = endpoints
    }

    package func client(account: AccountSid, authentication: TwilioAuthentication) -> TwilioClient {
        var timeouts = TwilioClient.Timeouts()
        timeouts.total = Self.patience
        return TwilioClient(
            account: account, authentication: authentication, endpoints: endpoints, transport: transport,
            userAgent: "switchboard", timeouts: timeouts)
    }
}
