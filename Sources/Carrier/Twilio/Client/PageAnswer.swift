/// How an answer names its next page.
enum PageLink {
    /// `next_page_uri`, or `meta.next_page_url`.
    case uri(String)
    /// `meta.next_token`, as porting requests have it.
    case token(String)
}

/// One page as it comes, in any of Twilio's three styles. The list's key is in the decoder's `userInfo`.
struct PageAnswer<Element: Decodable & Sendable>: Decodable {
    let elements: [Element]
    let next: PageLink?

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private struct Meta: Decodable {
        let nextPageUrl: String?
        let nextToken: String?
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let key = decoder.userInfo[.listKey] as? String else {
            preconditionFailure("a page is decoded without the name of its list")
        }
        elements = try fields.decode([Element].self, forKey: Key(key))
        let meta = try fields.decodeIfPresent(Meta.self, forKey: Key("meta"))
        if let uri = try fields.decodeIfPresent(String.self, forKey: Key("nextPageUri")) ?? meta?.nextPageUrl {
            next = .uri(uri)
        } else {
            next = meta?.nextToken.map { .token($0) }
        }
    }
}
