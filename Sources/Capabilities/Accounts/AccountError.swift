/// What an administrator can put right.
package enum AccountError: Error, CustomStringConvertible {
    case slugTaken(String)
    case invalidSlug(String)
    case invalidName
    case noSuchOrganization(String)
    case noSuchKey
    case invalidEmail(String)
    case emailTaken(String)
    case weakPassword
    case noSuchUser(String)
    case invalidIssuer(String)
    case noSuchIssuer

    package var description: String {
        switch self {
        case .slugTaken(let slug):
            "There is an organization with the slug \"\(slug)\" already; choose another."
        case .invalidSlug(let slug):
            "\"\(slug)\" is no slug: 1 to 63 lower-case letters, digits and hyphens were expected, not beginning with "
                + "a hyphen."
        case .invalidName:
            "A name of 1 to 200 characters was expected."
        case .noSuchOrganization(let slug):
            "There is no organization with the slug \"\(slug)\"; create it with `switchboard org create`."
        case .invalidEmail(let email):
            "\"\(email)\" is no e-mail address; one such as name@example.com was expected."
        case .emailTaken(let email):
            "There is a user with the e-mail \(email) already."
        case .weakPassword:
            "The password does not serve. \(PasswordRule.expectation)"
        case .noSuchUser(let email):
            "There is no user with the e-mail \(email); create one with `switchboard user create`."
        case .invalidIssuer(let reason):
            "This issuer cannot be taken: \(reason)."
        case .noSuchIssuer:
            "There is no such issuer in this organization; `switchboard issuer list` shows those there are."
        case .noSuchKey:
            "There is no such live API key here; `switchboard key list` shows those there are."
        }
    }
}
