import QueryEngine

/// Why a message is not taken, each with what to do.
struct Refusal: Error {
    let errors: [UserError]

    init(errors: [UserError]) {
        self.errors = errors
    }

    init(_ error: UserError) {
        self.init(errors: [error])
    }

    static let bodyAndTemplate = UserError(
        code: "BODY_AND_TEMPLATE", message: "Expected a text or a template, not both.", field: ["body"])
    /// Twilio's code for a recipient who has opted out.
    static let optOutCode = 21_610
    /// Twilio's code for an account that is suspended or closed.
    static let suspendedCode = 20_005
    /// Twilio's code for a recipient whom a trial account may not text.
    static let unverifiedCode = 21_608
    /// Twilio's code for a message whose validity period is over.
    static let expiredCode = 30_036
    /// What becomes of a message that could not go out in time. `$0` why the last attempt did not succeed.
    static func expired(_ last: String?) -> String {
        "It could not go out within its validity period, so it was not sent. Send it again if it still matters."
            + (last.map { " The last attempt: \($0)" } ?? "")
    }
    static let longLine = "Its sender has more to send already than fits into that time."
    /// What becomes of a message whose credential went away while it waited.
    static let credentialGone = "The credential it was to go out by was revoked or refused by Twilio."

    static let notConfigured = UserError(
        code: "TWILIO_NOT_CONFIGURED",
        message: "This organization has no Twilio account to send by; register one with registerTwilioCredential.",
        field: ["credentialId"])
    static let noSuchCredential = UserError(
        code: "NOT_FOUND", message: "There is no such credential; `credentials` lists those there are.",
        field: ["credentialId"])
    static let credentialUnverified = UserError(
        code: "CREDENTIAL_UNVERIFIED",
        message: "Twilio has not confirmed this credential yet; ask it again with verifyCredential.",
        field: ["credentialId"])
    /// - Parameter reason: what was to be done when Twilio refused it.
    static func credentialInvalid(_ reason: String?) -> UserError {
        UserError(
            code: "CREDENTIAL_INVALID",
            message: "Twilio refuses this credential. "
                + (reason ?? "Check it in the Twilio console, or register the new token.")
                + " Then ask again with verifyCredential.",
            field: ["credentialId"])
    }
    static let accountSuspended = UserError(
        code: "ACCOUNT_SUSPENDED",
        message: "Twilio does nothing for this account: it is suspended, or closed. Reactivate the Twilio account in "
            + "the console, which says what is due, then ask again with verifyCredential.",
        field: ["credentialId"])
    static let accountClosed = UserError(
        code: "ACCOUNT_SUSPENDED",
        message: "Twilio says that this account is closed. Register another one with registerTwilioCredential, or have "
            + "Twilio's support open it again and then ask with verifyCredential.",
        field: ["credentialId"])
    static let recipientUnverified = UserError(
        code: "RECIPIENT_UNVERIFIED",
        message: "This Twilio account is a trial, which texts verified numbers only, and this one is not among them. "
            + "Verify it in the Twilio console under Verified Caller IDs, or upgrade the account there; both count at "
            + "once.",
        field: ["to"])
    static let optedOut = UserError(
        code: "OPTED_OUT",
        message: "This person asked not to be texted. They can text START to one of your numbers to be reached again.",
        field: ["to"])
    static let landline = UserError(
        code: "LANDLINE",
        message: "Twilio says that this number is a landline, which no text message reaches. Call it, or text another "
            + "number of this person.",
        field: ["to"])
    static let senderNotOwned = UserError(
        code: "SENDER_NOT_OWNED",
        message: "Expected one of this credential's active numbers that can text; `phoneNumbers` lists them. A number "
            + "that is new at Twilio comes in with startSync.",
        field: ["from"])
    static let senderNotCapable = UserError(
        code: "SENDER_NOT_CAPABLE",
        message:
            "Expected a number that can send media (`capabilities { mms }`); leave `from` out to have one chosen, or "
            + "send a link in the text.",
        field: ["from"])
    static let noMediaSender = UserError(
        code: "NO_SENDER",
        message: "This credential has no active number that can send media with its rotation on. Look at "
            + "`capabilities { mms }` of its numbers, or send a link in the text.",
        field: ["from"])
    static let noSender = UserError(
        code: "NO_SENDER",
        message: "This credential has no active number that can text with its rotation on. Bring numbers in with "
            + "startSync, or name one in `from`.",
        field: ["from"])
    static let idempotencyKeyReused = UserError(
        code: "IDEMPOTENCY_KEY_REUSED",
        message: "This key was used before for a message with other input; take a new key for a new message.",
        field: ["idempotencyKey"])
}
