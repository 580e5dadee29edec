/// The URLs that Twilio is given, all under the configured public one.
package struct HookURLs: Sendable {
    /// Scheme, host and port as Twilio calls them, without a slash at the end.
    package let publicURL: String

    package init(publicURL: String) {
        self.publicURL = publicURL
    }

    /// What every hook's URL begins with.
    package var prefix: String { "\(publicURL)/hooks/twilio/" }

    /// Where a number's incoming messages go.
    package func inbound(_ hook: String) -> String {
        "\(prefix)\(hook)/inbound"
    }

    /// Where the status of one attempt goes.
    package func status(_ hook: String, attempt nonce: String) -> String {
        "\(prefix)\(hook)/status?attempt=\(nonce)"
    }
}
