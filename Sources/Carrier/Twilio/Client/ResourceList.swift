import Curl

/// A list at Twilio, read page by page as it is walked through.
///
/// Iterating gives the elements; `pages()` gives whole pages, each with the place of the next one, from which
/// reading can go on later.
package struct ResourceList<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    package typealias Failure = TwilioCallError

    let place: ResourcePlace
    let key: String
    let query: FormBody

    package func pages() -> Pages {
        Pages(list: self, next: PagePlace(path: place.fullPath, query: query))
    }

    /// The page at that place.
    package func page(at here: PagePlace) async throws(TwilioCallError) -> Page<Element> {
        let answer = try await place.client.answer(TwilioCall(page: here, of: place))
        let page = try TwilioJSON.decode(PageAnswer<Element>.self, from: answer, listKey: key)
        guard let next = page.next else { return Page(elements: page.elements, next: nil) }
        guard let next = self.next(next) else {
            throw .malformedAnswer("the next page is not of this list")
        }
        return Page(elements: page.elements, next: next)
    }

    /// A place that was kept from an earlier walk through this list; nil for one that is not of it.
    package func place(at pathAndQuery: String) -> PagePlace? {
        PagePlace(pathAndQuery, of: place.fullPath)
    }

    private func next(_ link: PageLink) -> PagePlace? {
        switch link {
        case .uri(let text): return PagePlace(text, of: place.fullPath)
        case .token(let token):
            var query = FormBody(query.fields.filter { $0.name != "Token" })
            query.append("Token", token)
            return PagePlace(path: place.fullPath, query: query)
        }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(pages: pages())
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var pages: Pages
        private var waiting: ArraySlice<Element> = []

        fileprivate init(pages: Pages) {
            self.pages = pages
        }

        package mutating func next() async throws(TwilioCallError) -> Element? {
            while waiting.isEmpty {
                guard let page = try await pages.next() else { return nil }
                waiting = page.elements[...]
            }
            return waiting.popFirst()
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TwilioCallError) -> Element? {
            try await next()
        }
    }

    package struct Pages: AsyncSequence, AsyncIteratorProtocol, Sendable {
        package typealias Failure = TwilioCallError

        let list: ResourceList
        var next: PagePlace?

        package func makeAsyncIterator() -> Pages { self }

        package mutating func next() async throws(TwilioCallError) -> Page<Element>? {
            guard let place = next else { return nil }
            let page = try await list.page(at: place)
            if page.next == place { throw .malformedAnswer("a page names itself as the next one") }
            next = page.next
            return page
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TwilioCallError) -> Page<Element>? {
            try await next()
        }
    }
}

/// One page of a list.
package struct Page<Element: Sendable>: Sendable {
    package let elements: [Element]
    /// Nil on the last page.
    package let next: PagePlace?
}

/// Where a page is: path and query on the client's own host.
package struct PagePlace: Sendable, Hashable {
    package let pathAndQuery: String

    /// Twilio names the next page by a relative URI (2010 API) or an absolute URL (elsewhere). Just its query is
    /// followed: nil unless the path is the list's own, so that no answer leads the credential to another host, to
    /// another account or to another resource. The host is not looked at, since it is ours whatever the answer says.
    init?(_ link: String, of path: String) {
        var rest = link[...]
        if let scheme = rest.firstRange(of: "://"), rest[..<scheme.lowerBound].allSatisfy(\.isLetter) {
            rest = rest[scheme.upperBound...].drop { $0 != "/" }
        }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rest.contains("\\"), !rest.contains("#"),
            rest.prefix(while: { $0 != "?" }) == path
        else { return nil }
        pathAndQuery = String(rest)
    }

    /// The first page of a list, from a path of our own making.
    init(path: String, query: FormBody) {
        pathAndQuery = "\(path)?\(query.encoded)"
    }
}
