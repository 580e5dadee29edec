package import Foundation
package import Postgres
import Twilio

/// A request to `/hooks/twilio/{hook}/…`, as it came in. Nothing of it is believed yet.
package struct TwilioWebhook: Sendable {
    package let hook: String
    /// Path and query exactly as they stood on the request line, percent escapes and all.
    package let pathAndQuery: String
    /// The `Content-Type` header.
    package let contentType: String?
    /// The `X-Twilio-Signature` header.
    package let signature: String?
    /// The `X-Twilio-Webhooks-Signature-Settings` header, which names a shared key.
    package let signatureSettings: String?
    package let isPost: Bool
    package let body: [UInt8]

    package init(
        hook: String, pathAndQuery: String, contentType: String?, signature: String?,
        signatureSettings: String? = nil, isPost: Bool, body: [UInt8]
    ) {
        self.hook = hook
        self.pathAndQuery = pathAndQuery
        self.contentType = contentType
        self.signature = signature
        self.signatureSettings = signatureSettings
        self.isPost = isPost
        self.body = body
    }
}

/// A webhook whose signature holds and whose account is the credential's.
package struct VerifiedWebhook: Sendable {
    package let organization: OrganizationID
    package let credential: UUID
    /// The query of the URL, which is signed with it.
    package let query: [String: String]
    /// The form's parameters.
    package let parameters: [String: String]
}

/// Why a webhook is refused. What Twilio sees tells nothing more.
package enum WebhookRefusal: Error, Sendable {
    /// No such hook, or its credential was revoked.
    case unknownHook
    /// Unsigned, wrongly signed, or about another account than the credential's.
    case notGenuine
    /// Genuine as far as one can tell, but not a form.
    case malformed
}

/// From a webhook as it came in to one that may be believed.
///
/// The hook token names the organization and the credential, and nothing in the body does. The signature is checked
/// against the *configured* public URL: what a proxy or a forged `Host` header says plays no part.
package struct WebhookGate: Sendable {
    private let credentials: CredentialManager
    private let publicURL: String

    /// - Parameter publicURL: scheme, host and port as Twilio calls them, without a slash at the end.
    package init(credentials: CredentialManager, publicURL: String) {
        self.credentials = credentials
        self.publicURL = publicURL
    }

    package func admit(_ webhook: TwilioWebhook) async throws -> VerifiedWebhook {
        guard let hook = try await credentials.hook(webhook.hook) else { throw WebhookRefusal.unknownHook }
        let (organization, credential) = (hook.organization, hook.credential)
        let lease: TwilioLease
        do {
            lease = try await credentials.lease(organization, credential: credential, purpose: .webhook)
        } catch LeaseError.noCredential {
            throw WebhookRefusal.unknownHook
        }
        guard webhook.isPost else { throw WebhookRefusal.notGenuine }
        guard Self.isForm(webhook.contentType) else { throw WebhookRefusal.malformed }
        guard let form = try? FormBody(decoding: webhook.body) else { throw WebhookRefusal.malformed }
        let verdict = WebhookSignature.validate(
            url: publicURL + webhook.pathAndQuery, content: .form(form), signature: webhook.signature,
            settings: webhook.signatureSettings, keys: lease.signingKeys(at: Date()))
        if case .refused = verdict { throw WebhookRefusal.notGenuine }
        let parameters = Self.dictionary(form)
        guard parameters["AccountSid"] == lease.accountSID.description else { throw WebhookRefusal.notGenuine }
        let query = webhook.pathAndQuery.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        guard let signedQuery = try? FormBody(decoding: query) else { throw WebhookRefusal.malformed }
        return VerifiedWebhook(
            organization: organization, credential: credential,
            query: Self.dictionary(signedQuery), parameters: parameters)
    }

    /// Twilio posts forms; whatever else comes would be signed in another way.
    private static func isForm(_ contentType: String?) -> Bool {
        let form = "application/x-www-form-urlencoded"
        if contentType == form { return true }
        let mediaType = (contentType ?? "").prefix { $0 != ";" }.filter { $0 != " " }
        return mediaType.lowercased() == form
    }

    /// A name that comes twice counts by its first value, as Twilio never repeats one.
    private static func dictionary(_ form: FormBody) -> [String: String] {
        Dictionary(form.fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
