import QueryEngine

/// Why a credential is not taken, each with what to do.
struct CredentialRefusal: Error {
    let errors: [UserError]

    static let accountTaken = UserError(
        code: "ACCOUNT_ALREADY_REGISTERED",
        message: "This Twilio account is registered by another organization. One account belongs to one organization; "
            + "ask the platform's administrator if it should move.",
        field: ["accountSid"])
    static let accountKnown = UserError(
        code: "CREDENTIAL_EXISTS",
        message: "This organization has registered this account already; `credentials` lists it. Revoke it first to "
            + "register it anew.",
        field: ["accountSid"])
    static let notFound = UserError(
        code: "NOT_FOUND", message: "There is no such credential; `credentials` lists those there are.", field: ["id"])
    static let revoked = UserError(
        code: "CREDENTIAL_REVOKED",
        message: "This credential was revoked, and its secrets are gone. Register the account anew.", field: ["id"])
    static let damaged = UserError(
        code: "SECRET_DAMAGED",
        message:
            "What is sealed of this credential does not open: it was changed, or put in another's place. Restore it "
            + "from a backup, or revoke the credential and register the account anew.", field: ["id"])
    static let overtaken = UserError(
        code: "ROTATED_MEANWHILE",
        message:
            "Another rotation of this credential came first. Look at it with `credentials`, then rotate again if it "
            + "is still needed.", field: ["id"])
}
