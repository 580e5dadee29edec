package import Curl
package import Twilio

/// Makes clients that differ in their account only: one transport, one place that says where Twilio is, and one memory
/// of what each account may do just now.
package struct TwilioClientFactory: Sendable {
    private let transport: HTTPTransport
    private let endpoints: TwilioEndpoints
    private let traffic: TwilioTraffic
    /// Asks about files that are to go out, at any host and with no credential.
    package let media: MediaInspector

    /// How long Twilio has for one answer.
    package static let patience: Duration = .seconds(15)

    package init(
        transport: HTTPTransport, endpoints: TwilioEndpoints, traffic: TwilioTraffic = TwilioTraffic()
    ) {
        self.traffic = traffic
        self.transport = transport
        self.endpoints = endpoints
        media = MediaInspector(transport: transport, endpoints: endpoints)
    }

    /// `onCredentialRefused` hears once when Twilio has refused the credential several times in a row.
    package func client(
        account: AccountSid, authentication: TwilioAuthentication,
        onCredentialRefused: @escaping @Sendable (TwilioError) async -> Void = { _ in }
    ) -> TwilioClient {
        var timeouts = TwilioClient.Timeouts()
        timeouts.total = Self.patience
        return TwilioClient(
            account: account, authentication: authentication, endpoints: endpoints, transport: transport,
            userAgent: "switchboard", timeouts: timeouts, traffic: traffic, onCredentialRefused: onCredentialRefused)
    }
}
