/// Who a carrier's webhook is for, what it says, and what to answer. Messaging and Voice provide it.
package protocol WebhookHandler: Sendable {
    /// Finds the credential by the hook token, checks the signature over `target` and `body`, records and handles.
    ///
    /// It is cancelled after `ServerTimeouts.hook`, when the carrier has been told that it was not done in time; what it
    /// brings to its end nevertheless counts when the carrier asks again.
    func handle(_ webhook: IncomingWebhook) async -> WebhookAnswer
}

/// A webhook as it came in, nothing decoded: a signature is over the bytes.
package struct IncomingWebhook: Sendable {
    /// Names the organization and the credential. An identifier, not a secret; still not for logs in full.
    package let hook: String
    /// The path after the hook token, with its leading slash: `/messages/status`. Empty where there is none.
    package let rest: String
    /// `GET` or `POST`.
    package let method: String
    /// Path and query exactly as received. The signed URL is the configured public URL followed by this.
    package let target: String
    /// In the order received, names in lower case.
    package let headers: [(name: String, value: String)]
    /// At most `ServerLimits.hookBody` bytes.
    package let body: [UInt8]
    /// From the socket, or from a trusted proxy.
    package let clientAddress: String
    package let requestID: String

    package init(
        hook: String, rest: String, method: String, target: String, headers: [(name: String, value: String)],
        body: [UInt8], clientAddress: String, requestID: String
    ) {
        self.hook = hook
        self.rest = rest
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.clientAddress = clientAddress
        self.requestID = requestID
    }

    /// The first header of a name, in any case.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name == name }?.value
    }
}

/// What a webhook is answered with.
package enum WebhookAnswer: Sendable, Hashable {
    /// No such hook: 404. Throttled.
    case unknownHook
    /// The signature, or the account inside, does not belong to the hook: 403.
    case refused
    /// Handled, with nothing to say: 204.
    case accepted
    /// Handled, with something to say, such as TwiML: 200.
    case content(type: String, body: [UInt8])
    /// It could not be recorded now: 503, so that the carrier tries its fallback or tries again.
    case unavailable
}
