/// What each of Twilio's codes means for us, and a sentence for the person who has to deal with it.
/// Source of the codes: https://www.twilio.com/docs/api/errors. Longer than a usual file, since it is one table.
enum TwilioErrorTable {
    typealias Entry = (disposition: TwilioError.Disposition, remedy: String)

    static let entries: [Int: Entry] = general.merging(calls, uniquingKeysWith: first)
        .merging(numbers, uniquingKeysWith: first).merging(messages, uniquingKeysWith: first)
        .merging(services, uniquingKeysWith: first).merging(delivery, uniquingKeysWith: first)
        .merging(webhooks, uniquingKeysWith: first).merging(verify, uniquingKeysWith: first)

    private static func first(_ one: Entry, _ other: Entry) -> Entry { one }

    private static let general: [Int: Entry] = [
        20001: (.permanent, "Remove the parameter that Twilio does not know, or correct its name."),
        20002: (.permanent, "Use a name of 1 to 64 characters."),
        20003: (.fixCredential, "Check the account SID and the auth token or API key: Twilio does not accept them."),
        20004: (.permanent, "Twilio does not offer this operation on this resource."),
        20005: (.fixAccount, "Reactivate the Twilio account in the Console: it is suspended or closed."),
        20006: (.fixAccount, "Ask the owner of the Twilio account for permission to use this resource."),
        20403: (.fixAccount, "Check in the Twilio Console whether the account or key may use this resource."),
        20008: (.fixCredential, "Use the live credential: test credentials cannot reach this resource."),
        20009: (.retryLater, "Wait until it has reached its final state, then delete it."),
        20404: (.permanent, "Check the identifier: Twilio has nothing under it in this account."),
        20409: (.retryLater, "Something else changed the same resource; look at it again, then repeat the change."),
        20422: (.permanent, "Correct the parameter that Twilio calls invalid."),
        20429: (.retryLater, "Twilio asks for fewer requests at a time; wait a little, then try again."),
        20500: (.inDoubt, "Twilio had an internal error; check whether it happened before trying again."),
        20503: (.inDoubt, "Twilio was unavailable; check whether it happened before trying again."),
    ]

    private static let calls: [Int: Entry] = [
        21201: (.permanent, "Name the number to call."),
        21205: (.permanent, "Correct the URL of the call's instructions: Twilio cannot use it."),
        21210: (.fixNumber, "Verify the caller's number as an outgoing caller id, or call from a number you own."),
        21211: (.permanent, "Check the recipient's number: it is not a valid phone number."),
        21212: (.fixNumber, "Choose another sender: this is not a valid number, short code or sender id."),
        21213: (.fixNumber, "Choose the number to call from."),
        21214: (.permanent, "Check the number called: it cannot be reached from Twilio."),
        21215: (.fixAccount, "Allow calls to that country under Voice Geographic Permissions in the Twilio Console."),
        21216: (.permanent, "Twilio does not call this number; reach the person another way."),
        21217: (.permanent, "Check the number called: it is not a valid phone number."),
        21219: (.fixAccount, "Upgrade the trial account, or verify the number called in the Twilio Console."),
        21220: (.permanent, "The call is not in progress any more, so it cannot be changed."),
        22005: (.retryLater, "More than 24 hours of calls are waiting; let them finish, then try again."),
    ]

    private static let numbers: [Int: Entry] = [
        21401: (.permanent, "Check the number or sender: it is not valid."),
        21402: (.permanent, "Correct the URL: Twilio cannot use it."),
        21404: (.fixAccount, "Upgrade the trial account: it cannot buy this number."),
        21421: (.permanent, "Check the number to buy: it is not a valid phone number."),
        21422: (.permanent, "Choose another number: this one is not available any more."),
        21450: (.permanent, "Nothing to do: this caller id is verified already."),
        21451: (.permanent, "Check the area code: it is not valid."),
        21452: (.permanent, "Choose another area code: Twilio has no number in this one."),
        21615: (.fixAccount, "Add a local address to the Twilio account: this number requires one."),
        21631: (
            .fixAccount, "Add an address to the Twilio account, and name it when buying: this number requires one."
        ),
        21649: (.fixAccount, "Have a regulatory bundle approved by Twilio, and name it when buying this number."),
        21650: (.fixAccount, "Add an identity in the Twilio Console, and name it when buying this number."),
        21651: (.fixAccount, "Add the required document in the Twilio Console before buying this number."),
        22300: (.fixAccount, "Ask Twilio's support to let this account buy long codes: it is restricted."),
        21480: (.fixAccount, "Close subaccounts that are not needed, or ask Twilio's support for a higher limit."),
        21481: (.retryLater, "Read the list again from its beginning: the place in it has expired."),
    ]

    private static let messages: [Int: Entry] = [
        21408: (.fixAccount, "Allow messages to that country under Messaging Geographic Permissions in the Console."),
        21601: (.fixNumber, "Choose another sender: this number cannot send text messages."),
        21602: (.permanent, "Write a text for the message."),
        21603: (.fixNumber, "Choose a sender or a messaging service."),
        21604: (.permanent, "Name the recipient's number."),
        21606: (.fixNumber, "Choose a sender that belongs to this Twilio account and can send text messages."),
        21608: (.fixAccount, "Upgrade the trial account, or verify the recipient's number in the Twilio Console."),
        21609: (.permanent, "Correct the public address of this gateway: Twilio cannot send status callbacks to it."),
        21610: (.permanent, "The recipient has opted out; only they can change that, by texting START."),
        21611: (.retryLater, "The sender has too many messages waiting; try again when some have gone out."),
        21612: (.fixNumber, "Choose another sender: Twilio has no route from this one to the recipient."),
        21614: (.permanent, "Check the recipient's number: it is not a mobile number."),
        21617: (.permanent, "Shorten the text to 1,600 characters."),
        21619: (.permanent, "Write a text or attach media: the message is empty."),
        21620: (.permanent, "Correct the address of the attached media: Twilio cannot use it."),
        21623: (.permanent, "Attach at most 10 media."),
        21624: (.permanent, "Choose a validity period between 1 and 36,000 seconds."),
        21654: (.permanent, "Choose an existing content template: Twilio does not have this one."),
        21655: (.permanent, "Correct the identifier of the content template: it is not valid."),
        21656: (.permanent, "Correct the variables of the content template: they are not valid."),
        14107: (.retryLater, "Twilio stopped what looks like two machines answering each other; wait half a minute."),
        63038: (
            .retryLater, "The account has reached its daily limit of messages; continue tomorrow or have it raised."
        ),
    ]

    private static let services: [Int: Entry] = [
        21701: (.fixNumber, "Choose another messaging service: Twilio does not have this one."),
        21703: (.fixNumber, "Add a sender that can reach this recipient to the messaging service."),
        21704: (.fixNumber, "Add a number to the messaging service: it has none."),
        21705: (.fixNumber, "Correct the messaging service: its identifier is not valid."),
        21710: (.permanent, "Nothing to do: the number is in this messaging service already."),
        21712: (.fixNumber, "Take the number out of the other messaging service first."),
        35111: (.permanent, "Say when the scheduled message shall be sent."),
        35114: (.permanent, "Choose a time between 5 minutes and 35 days ahead."),
        35118: (.fixNumber, "Send scheduled messages through a messaging service."),
        30409: (.permanent, "The message cannot be cancelled any more."),
    ]

    private static let delivery: [Int: Entry] = [
        30001: (.retryLater, "The message waited too long in Twilio's queue; send it again at a calmer time."),
        30002: (.fixAccount, "Reactivate the Twilio account: it was suspended before the message went out."),
        30003: (.retryLater, "The recipient's phone is off or out of reach; try again later."),
        30004: (.permanent, "The recipient or the carrier blocks messages; reach the person another way."),
        30005: (.permanent, "Check the recipient's number: the carrier does not know it."),
        30006: (.permanent, "The number is a landline, or its carrier takes no text messages; use another number."),
        30007: (.fixNumber, "A carrier filtered the message; check its wording and the sender's registration."),
        30008: (.retryLater, "The carrier gave no reason; try again later, or with a shorter text."),
        30009: (.retryLater, "A part of the message was lost; send it again."),
        30010: (.fixAccount, "The message costs more than the highest price allowed; raise that price."),
        30011: (.permanent, "Send words alone: the recipient's network takes no media."),
        30019: (
            .permanent,
            "Send smaller files: the recipient's carrier takes no such size. Twilio recommends 600 kB at most for what is "
                + "no JPEG, PNG or GIF."
        ),
        30022: (.retryLater, "The campaign has reached its rate at the carrier; try again later."),
        30023: (.retryLater, "The brand has reached its daily limit at the carrier; continue tomorrow."),
        30032: (.fixNumber, "Have the toll-free number verified in the Twilio Console before sending from it."),
        30034: (.fixNumber, "Register the number with an A2P 10DLC campaign before sending from it."),
        30035: (.retryLater, "The number is still being set up; try again later."),
        30410: (.retryLater, "The carrier did not answer in time; try again later."),
    ]

    private static let webhooks: [Int: Entry] = [
        11200: (
            .retryLater,
            "Twilio could not fetch what it was pointed to; check that the address of each file, or of this gateway, answers."
        ),
        11205: (.retryLater, "Twilio could not connect to this gateway; check its public address and firewall."),
        11210: (.fixNumber, "Twilio could not resolve the webhook's host name; correct the number's webhook address."),
        11215: (.fixNumber, "The webhook redirects too often; set the number's webhook to its final address."),
        11751: (.permanent, "Send smaller files, or fewer at a time: the message is larger than its channel takes."),
        11750: (.permanent, "The answer to Twilio is larger than 64 kB; shorten it."),
        12100: (.permanent, "The answer to Twilio is not well-formed XML; correct it."),
        12300: (
            .permanent,
            "What Twilio fetched has a content type that it does not take: a file needs the one that it is of, an answer "
                + "text/xml."
        ),
    ]

    private static let verify: [Int: Entry] = [
        60200: (.permanent, "Correct the parameter of the verification that Twilio calls invalid."),
        60202: (.retryLater, "Too many codes were tried; wait for the verification to expire, then start a new one."),
        60203: (.retryLater, "Too many codes were sent to this recipient; wait ten minutes, then try again."),
        60205: (.permanent, "The number is a landline, which takes no text messages; verify by a call instead."),
        60212: (.retryLater, "Too many verifications at once for this recipient; wait a little, then try again."),
    ]
}
