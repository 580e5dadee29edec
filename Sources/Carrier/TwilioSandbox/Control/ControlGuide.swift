/// The text of `GET /_control`: every call with an example.
enum ControlGuide {
    private struct Entry {
        let call: String
        let what: String
        let example: JSON
    }

    private static let entries: [Entry] = [
        Entry(
            call: "GET /_control/accounts", what: "All accounts, with tokens, keys and numbers.",
            example: "GET /_control/accounts"),
        Entry(
            call: "POST /_control/accounts",
            what: "Makes an account; what is left out is made up. numbers is a count or a list of numbers.",
            example: ["name": "North Clinic", "type": "Full", "numbers": 2]),
        Entry(
            call: "POST /_control/accounts/{sid}",
            what: "Changes authToken, secondaryAuthToken, status (active, suspended, closed), type, balance, "
                + "friendlyName, verifiedCallerIds, limits (concurrentRequests, isPaced, queueSeconds), applications "
                + "(sid AP..., smsURL, smsFallbackURL, messageStatusCallback, voiceURL, voiceFallbackURL, "
                + "statusCallback) or templates (sid HX..., body with {{name}}, mediaURLs, variables).",
            example: ["status": "suspended"]),
        Entry(
            call: "GET /_control/requests?method=&path=&account=&to=&from=&accepted=&limit=",
            what: "What the API received, newest last: method, path, parameters, status answered (null: the connection "
                + "was closed), accepted. count counts all that match, limit (100) bounds the list.",
            example: "GET /_control/requests?method=POST&path=/Messages&to=%2B14155550123"),
        Entry(call: "DELETE /_control/requests", what: "Forgets them.", example: "DELETE /_control/requests"),
        Entry(
            call: "GET /_control/webhooks?account=&messageSid=&limit=",
            what: "Webhook calls made, newest last, with what came back.",
            example: "GET /_control/webhooks?limit=10"),
        Entry(call: "DELETE /_control/webhooks", what: "Forgets them.", example: "DELETE /_control/webhooks"),
        Entry(
            call: "GET /_control/messages?account=&to=&from=&status=&limit=",
            what: "Messages of all accounts, newest first within each. count counts all that match.",
            example: "GET /_control/messages?to=%2B14155550123"),
        Entry(
            call: "POST /_control/messages", what: "Puts messages of the past into an account.",
            example: [
                "account": "AC...",
                "messages": [
                    [
                        "direction": "inbound", "from": "+14155550123", "to": "+12125550100", "body": "Hello",
                        "secondsAgo": 3600,
                    ]
                ],
            ]),
        Entry(
            call: "POST /_control/inbound",
            what: "A message arrives at a number of ours: its SmsUrl is called, signed, and replies in TwiML are sent.",
            example: ["from": "+14155550123", "to": "+12125550100", "body": "Hello", "numMedia": 0]),
        Entry(
            call: "GET /_files/{name}?size=&type=&status=&to=&milliseconds=",
            what:
                "A file as a customer's own server has it, to send as MediaUrl: so many bytes, of a type, or another status, "
                + "or a redirect, after a while. HEAD tells the same.",
            example: "GET /_files/x-ray.png?size=6000000&type=image/png"),
        Entry(
            call: "POST /_control/calls",
            what:
                "A call arrives at a number of ours: its VoiceUrl is asked for TwiML, which is carried out. party says "
                + "how the caller behaves: answer, ringSeconds, digits, speech, hangUpAfter, talkSeconds, recordSeconds, "
                + "isMachine, transcription, silenceSeconds (before the party speaks into a recording).",
            example: [
                "from": "+14155550123", "to": "+12125550100", "party": ["digits": ["1"], "hangUpAfter": 30],
            ]),
        Entry(
            call: "POST /_control/calls/{sid}", what: "The other party keys digits in, says something, or hangs up.",
            example: ["digits": "12#", "speech": "yes", "hangup": false]),
        Entry(
            call: "GET /_control/calls?account=&status=&limit=",
            what: "Calls of all accounts, newest first within each, with the problems of their TwiML.",
            example: "GET /_control/calls?status=in-progress"),
        Entry(
            call: "POST /_control/parties",
            what: "How the party of a number behaves in every call from or to it; GET shows, DELETE forgets them.",
            example: ["number": "+14155550123", "party": ["answer": "no-answer"]]),
        Entry(
            call: "GET /_control/verifications?to=", what: "Verifications with their codes, newest first.",
            example: "GET /_control/verifications?to=%2B14155550123"),
        Entry(
            call: "POST /_control/ports/{sid}", what: "Moves a port-in to a status, and tells its webhook.",
            example: ["status": "Action Required"]),
        Entry(
            call: "POST /_control/callback",
            what: "Sends a status callback by hand; signature is right (default) or wrong. url and errorCode may be "
                + "given. The message itself does not change.",
            example: ["messageSid": "SM...", "status": "delivered", "signature": "wrong"]),
        Entry(
            call: "POST /_control/misbehave",
            what: "Adds a rule. do: latency (milliseconds), status (status, code, message, retryAfter, accept), "
                + "drop_before, drop_after, kill_reused, truncate, content_type (contentType), outcome (outcome, "
                + "errorCode), duplicate_callbacks (copies), reorder_callbacks, delay_callbacks (milliseconds), "
                + "no_callbacks. match: account, method, path, to, from; status for callbacks. times and rate (0 to 1) "
                + "bound it.",
            example: [
                "match": ["to": "+14155550123", "method": "POST", "path": "/Messages"], "times": 1, "do": "status",
                "status": 500,
            ]),
        Entry(call: "GET /_control/misbehave", what: "The rules in force.", example: "GET /_control/misbehave"),
        Entry(
            call: "DELETE /_control/misbehave", what: "Removes all rules; /_control/misbehave/{id} removes one.",
            example: "DELETE /_control/misbehave"),
        Entry(
            call: "POST /_control/clock",
            what: "Moves the carrier's clock forward (advance), and does what has become due. skew sets by how many "
                + "seconds the clock is wrong, either way.",
            example: ["advance": 60, "skew": -300]),
        Entry(call: "GET /_control/clock", what: "The carrier's time.", example: "GET /_control/clock"),
    ]

    static let json: JSON = [
        "what": "The control API of the Twilio sandbox: JSON in and out, on loopback only.",
        "calls": .array(
            entries.map { entry in
                ["call": .string(entry.call), "what": .string(entry.what), "example": entry.example]
            }),
        "magicRecipients": [
            "+15005550001": "21211", "+15005550002": "21612", "+15005550003": "21408", "+15005550004": "21610",
            "+15005550009": "21614", "+15005554001": "a call finds it busy", "+15005554002": "does not answer a call",
            "+15005554003": "a call fails", "+15005554004": "a machine answers a call",
            "+1500555300N": "accepted, then error 3000N (N 1 to 8)",
        ],
        "notServed": [
            "TaskRouter": "<Enqueue workflowSid>: 12200 is among the problems of the call, and the next verb follows.",
            "Applications, Content": "Their resources answer 20404; POST /_control/accounts/{sid} makes them.",
            "ChannelSenders, DestinationAlphaSenders, UsAppToPerson":
                "These parts of a messaging service answer 20404.",
        ],
        "regulatedAreaCodes": [
            "808": "a purchase needs an AddressSid (21631)", "604": "likewise, of an address in Canada (21615)",
            "416": "a purchase needs an approved BundleSid (21649)",
        ],
    ]
}
