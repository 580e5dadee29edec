import Credentials
import Logging
import Messaging
import Server

/// `/hooks/twilio/{hook}/…`: which capability a webhook goes to.
struct TwilioHooks: WebhookHandler {
    let gate: WebhookGate
    let messages: MessageWebhooks
    let logger: Logger

    func handle(_ webhook: IncomingWebhook) async -> WebhookAnswer {
        do {
            let verified = try await gate.admit(
                TwilioWebhook(
                    hook: webhook.hook, pathAndQuery: webhook.target, contentType: webhook.header("content-type"),
                    signature: webhook.header("x-twilio-signature"),
                    signatureSettings: webhook.header("x-twilio-webhooks-signature-settings"),
                    isPost: webhook.method == "POST", body: webhook.body))
            switch webhook.rest {
            case "/status":
                try await messages.status(verified)
                return .accepted
            case "/inbound":
                try await messages.inbound(verified)
                return Self.nothingToDo
            default:
                return .unknownHook
            }
        } catch let refusal as WebhookRefusal {
            if case .unknownHook = refusal { return .unknownHook }
            return .refused
        } catch is MessageWebhooks.Malformed {
            return .refused
        } catch {
            logger.error(
                "A webhook could not be recorded; the carrier will try its fallback.",
                metadata: ["request": "\(webhook.requestID)", "error": "\(error)"])
            return .unavailable
        }
    }

    /// TwiML that sends no reply.
    private static let nothingToDo = WebhookAnswer.content(
        type: "text/xml; charset=utf-8", body: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>".utf8))
}
