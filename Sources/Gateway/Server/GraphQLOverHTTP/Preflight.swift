import QueryEngine

/// Refuses what a page of another origin could make a browser send without asking first (the Fetch standard,
/// "CORS-safelisted"): such a request would carry whatever the browser attaches by itself.
///
/// A POST is safe since its content type must be JSON. A GET must carry a header that no form or image sends:
/// `Authorization`, which browsers attach by themselves only for Basic and never for Bearer, or
/// `GraphQL-Require-Preflight`.
enum Preflight {
    static func check(_ headers: RequestFields, method: GraphQLMethod) throws(Refusal) {
        guard method == .get, headers[.requirePreflight] == nil, headers[.organization] == nil,
            BearerToken(headers[.authorization]) == nil
        else { return }
        throw Refusal(
            .forbidden, .preflightRequired,
            """
            A web page could make a browser send this request unasked; add the header \
            "Authorization: Bearer <API key>" or "GraphQL-Require-Preflight: 1".
            """)
    }
}
