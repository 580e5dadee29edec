import Credentials
import Messaging
import QueryEngine
import Server
import Synchronization

/// `/hooks/twilio/{hook}/…` of a world. The server's port, and so the public URL, is known only once it listens.
final class HookDesk: WebhookHandler {
    private let credentials: CredentialManager
    let messages: MessageWebhooks
    private let gate = Mutex<WebhookGate?>(nil)

    init(credentials: CredentialManager, messages: MessageWebhooks) {
        self.credentials = credentials
        self.messages = messages
    }

    func open(under publicURL: String) {
        gate.withLock { $0 = WebhookGate(credentials: credentials, publicURL: publicURL) }
    }

    static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configuration.timeouts.drain = .milliseconds(100)
        return configuration
    }

    private struct NotOpen: Error {}

    func admit(_ webhook: TwilioWebhook) async throws -> VerifiedWebhook {
        guard let gate = gate.withLock({ $0 }) else { throw NotOpen() }
        return try await gate.admit(webhook)
    }

    func handle(_ webhook: IncomingWebhook) async -> WebhookAnswer {
        do {
            let verified = try await admit(
                TwilioWebhook(
                    hook: webhook.hook, pathAndQuery: webhook.target, contentType: webhook.header("content-type"),
                    signature: webhook.header("x-twilio-signature"),
                    signatureSettings: webhook.header("x-twilio-webhooks-signature-settings"),
                    isPost: webhook.method == "POST", body: webhook.body))
            switch webhook.rest {
            case "/status": try await messages.status(verified)
            case "/inbound": try await messages.inbound(verified)
            default: return .unknownHook
            }
            return .accepted
        } catch WebhookRefusal.unknownHook {
            return .unknownHook
        } catch is WebhookRefusal {
            return .refused
        } catch is MessageWebhooks.Malformed {
            return .refused
        } catch {
            return .unavailable
        }
    }
}
