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
}
