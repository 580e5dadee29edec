/// What an administrator can put right.
package enum AccountError: Error, CustomStringConvertible {
    case slugTaken(String)
    case invalidSlug(String)
    case invalidName
    case noSuchOrganization(String)
    case noSuchKey

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
        case .noSuchKey:
            "There is no such live API key in this organization."
        }
    }
}
