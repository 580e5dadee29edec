import FoundationEssentials

/// `/v1/Porting/Configuration/Webhook`: where ports are told of, in JSON.
enum PortingWebhookResource {
    private static let path = "/v1/Porting/Configuration/Webhook"

    static let routes: [Route] = [
        .get(path, fetch),
        .post(path, set),
        .delete("\(path)/{WebhookType}", delete),
    ]

    private static func set(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let wanted = order(call) else { throw TwilioFault(20001, "The request body is not JSON") }
        for name in ["port_in_target_url", "port_out_target_url"] {
            if let url = wanted[name].text, WebhookURL(url) == nil {
                throw TwilioFault(20001, "Invalid \(name): expected an http or https URL, not '\(url)'")
            }
        }
        let events = wanted["notifications_of"].elements?.compactMap(\.text) ?? PortingWebhook.allEvents
        if let unknown = events.first(where: { !PortingWebhook.allEvents.contains($0) }) {
            throw TwilioFault(20001, "Invalid notifications_of: '\(unknown)' is no event")
        }
        let now = state.clock.now
        var webhook = state.accounts[call.account].portingWebhook ?? PortingWebhook(events: events)
        if let url = wanted["port_in_target_url"].text { (webhook.inTarget, webhook.inCreated) = (url, now) }
        if let url = wanted["port_out_target_url"].text { (webhook.outTarget, webhook.outCreated) = (url, now) }
        webhook.events = events
        state.accounts[call.account].portingWebhook = webhook
        return .json(201, .object(members(webhook, call)))
    }

    /// JSON by the documentation; Twilio's own SDK for Python sends a form.
    private static func order(_ call: RouteCall) -> JSON? {
        guard !call.form.pairs.isEmpty else { return JSON(parsing: String(decoding: call.request.body, as: UTF8.self)) }
        var members = ["port_in_target_url", "port_out_target_url"].compactMap { name in
            call.form[name].map { (name, JSON.string($0)) }
        }
        let events = call.form.all("notifications_of")
        if !events.isEmpty { members.append(("notifications_of", .array(events.map { .string($0) }))) }
        return .object(members)
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard let webhook = state.accounts[call.account].portingWebhook else { throw call.notFound }
        return .json(
            200,
            .object(
                members(webhook, call) + [
                    ("port_in_target_date_created", .optional(webhook.inCreated.map { TwilioDate.iso8601($0) })),
                    ("port_out_target_date_created", .optional(webhook.outCreated.map { TwilioDate.iso8601($0) })),
                ]))
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        guard var webhook = state.accounts[call.account].portingWebhook else { throw call.notFound }
        switch call.sid {
        case "PORT_IN": webhook.inTarget = nil
        case "PORT_OUT": webhook.outTarget = nil
        default: throw TwilioFault(20001, "Invalid WebhookType: expected PORT_IN or PORT_OUT, not '\(call.sid)'")
        }
        let isEmpty = webhook.inTarget == nil && webhook.outTarget == nil
        state.accounts[call.account].portingWebhook = isEmpty ? nil : webhook
        return .noContent
    }

    private static func members(_ webhook: PortingWebhook, _ call: RouteCall) -> [(String, JSON)] {
        [
            ("url", .string(call.url(path))), ("port_in_target_url", .optional(webhook.inTarget)),
            ("port_out_target_url", .optional(webhook.outTarget)),
            ("notifications_of", .array(webhook.events.map { .string($0) })),
        ]
    }
}
