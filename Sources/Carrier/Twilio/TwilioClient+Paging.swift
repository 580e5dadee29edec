import Curl

extension TwilioClient {
    /// `pageSize` is 1 to 1,000 at Twilio, and brought into that range.
    func list<Element: Decodable & Sendable>(
        _ path: String, key: String, query: FormBody, pageSize: Int
    ) -> ResourceList<Element> {
        var query = query
        query.append("PageSize", min(max(pageSize, 1), 1000))
        return ResourceList(client: self, key: key, start: PagePlace(path: path, query: query))
    }

    func page<Element: Decodable & Sendable>(
        at place: PagePlace, key: String
    ) async throws(TwilioCallError) -> Page<Element> {
        let answer = try await answer(.get, path: place.pathAndQuery)
        let fields = try TwilioJSON.decode([String: PageField<Element>].self, from: answer)
        guard case .elements(let elements) = fields[key] else {
            throw .malformedAnswer("no list \"\(key)\" in a page")
        }
        guard case .text(let next) = fields["next_page_uri"], !next.isEmpty else {
            return Page(elements: elements, next: nil)
        }
        guard let next = PagePlace(next, in: account) else {
            throw .malformedAnswer("the next page is not within the account")
        }
        return Page(elements: elements, next: next)
    }
}

/// One field of a page: its list, a text such as `next_page_uri`, or a number or null that does not matter.
private enum PageField<Element: Decodable>: Decodable {
    case elements([Element])
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var elements: [Element] = []
            while !list.isAtEnd { elements.append(try list.decode(Element.self)) }
            self = .elements(elements)
        } else if let text = try? decoder.singleValueContainer().decode(String.self) {
            self = .text(text)
        } else {
            self = .other
        }
    }
}
