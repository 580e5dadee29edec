/// The page at `/`: accounts, their numbers, and messages in flight, for a person at a demo. It shows no token.
enum StatusPage {
    static func html(_ state: CarrierState) -> String {
        var accounts = ""
        for account in state.accounts {
            let numbers = account.numbers.live.map { number in
                let target = webhook(of: number, account)
                return "<li><code>\(escaped(number.phoneNumber))</code> <small>\(escaped(target))</small></li>"
            }
            accounts += """
                <section><h2>\(escaped(account.friendlyName))</h2>
                <p><code>\(account.sid)</code> \(account.type.rawValue), \(account.status.rawValue), \
                $\(account.balance.text), \(counted(account.messages.records.count, "message")), \
                \(counted(account.optOuts.count, "opt-out")), \
                \(counted(account.services.live.count, "messaging service"))</p>
                <ul>\(numbers.joined())</ul></section>

                """
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
            <meta name="viewport" content="width=device-width">
            <title>Carrier sandbox</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .2rem .6rem; vertical-align: top; }
            td:nth-child(4) { white-space: nowrap; } div { overflow-x: auto; } small { overflow-wrap: anywhere; }
            tr:nth-child(even) { background: #8881; } section { border-left: 4px solid #8886; padding-left: 1rem; }
            small { opacity: .7; }
            </style></head><body>
            <h1>Carrier sandbox</h1>
            <p>It is \(TwilioDate.rfc2822(state.clock.now)) here. Requests received: \(state.requests.total). \
            Webhooks called: \(state.webhooks.total). Misbehaviour rules: \(state.misbehaviour.rules.count). \
            <a href="/_control">Control API</a></p>
            \(accounts)
            <h2>Messages</h2>
            <div><table><thead><tr><th>Account</th><th>From</th><th>To</th><th>Status</th><th>Text</th></tr></thead>
            <tbody>\(messageRows(state))</tbody></table></div>
            <h2>Calls</h2>
            <div><table>
            <thead><tr><th>Account</th><th>From</th><th>To</th><th>Direction</th><th>Status</th></tr></thead>
            <tbody>\(callRows(state))</tbody></table></div>
            </body></html>

            """
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// Where messages to a number go.
    private static func webhook(of number: NumberRecord, _ account: AccountState) -> String {
        if let service = account.service(ofSender: number.phoneNumber), let document = account.services[service] {
            return "by messaging service \(document["friendly_name"].text ?? service)"
        }
        if let application = account.applications[number.smsApplicationSid] {
            return application.smsURL ?? "an application without SmsUrl"
        }
        return number.smsURL.isEmpty ? "no SmsUrl" : number.smsURL
    }

    /// Those in flight first, then the latest, some of each account.
    private static func messageRows(_ state: CarrierState) -> String {
        var rows = ""
        for account in state.accounts {
            let latest = account.messages.records.suffix(200).filter { !$0.isDeleted }.reversed()
            let inFlight = latest.filter { !$0.status.isFinal }
            let rest = latest.filter { $0.status.isFinal }
            for message in (inFlight + rest).prefix(12) {
                let status = message.errorCode.map { "\(message.status.rawValue) \($0)" } ?? message.status.rawValue
                rows += """
                    <tr><td>\(escaped(account.friendlyName))</td><td>\(sender(message))</td>\
                    <td><code>\(escaped(message.to))</code></td><td>\(status)</td>\
                    <td>\(escaped(shortened(message.body)))</td></tr>

                    """
            }
        }
        return rows
    }

    private static func shortened(_ text: String) -> String {
        text.count > 80 ? String(text.prefix(79)) + "…" : text
    }

    /// A messaging service chooses when the message goes out.
    private static func sender(_ message: MessageRecord) -> String {
        message.from.isEmpty ? "<small>to be chosen</small>" : "<code>\(escaped(message.from))</code>"
    }

    /// Those that run first, then the latest, some of each account.
    private static func callRows(_ state: CarrierState) -> String {
        var rows = ""
        for account in state.accounts {
            let latest = account.calls.records.suffix(200).filter { !$0.isDeleted }.reversed()
            let running = latest.filter { !$0.status.isFinal }
            for call in (running + latest.filter { $0.status.isFinal }).prefix(12) {
                let length = call.duration.map { " (\($0) s)" } ?? ""
                rows += """
                    <tr><td>\(escaped(account.friendlyName))</td><td><code>\(escaped(call.from))</code></td>\
                    <td><code>\(escaped(call.to))</code></td><td>\(call.direction.rawValue)</td>\
                    <td>\(call.status.rawValue)\(length)</td></tr>

                    """
            }
        }
        return rows
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for character in text {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.append(character)
            }
        }
        return output
    }
}
