/// A list at Twilio, read page by page as it is walked through.
///
/// Iterating gives the elements; `pages()` gives whole pages, each with the place of the next one, from which
/// reading can go on later.
package struct ResourceList<Element: Decodable & Sendable>: AsyncSequence, Sendable {
    package typealias Failure = TwilioCallError

    let client: TwilioClient
    let key: String
    let start: PagePlace

    package func pages() -> Pages {
        Pages(list: self, next: start)
    }

    /// The page at that place.
    package func page(at place: PagePlace) async throws(TwilioCallError) -> Page<Element> {
        try await client.page(at: place, key: key)
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

/// Where a page is: path and query on the client's own host, within its own account.
package struct PagePlace: Sendable, Hashable {
    package let pathAndQuery: String

    /// Nil unless the text stays below `/2010-04-01/Accounts/AC…/` of that account: Twilio's answer must not lead the
    /// credential to another host, nor to another account.
    package init?(_ pathAndQuery: String, in account: AccountSid) {
        let root = "/2010-04-01/Accounts/\(account)/"
        guard pathAndQuery.hasPrefix(root), pathAndQuery.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !pathAndQuery.contains("\\"), !pathAndQuery.contains("#")
        else { return nil }
        let path = pathAndQuery.prefix { $0 != "?" }
        guard !path.split(separator: "/").contains(where: PagePlace.isDotSegment) else { return nil }
        self.pathAndQuery = pathAndQuery
    }

    /// The first page of a list, from a path of our own making.
    init(path: String, query: FormBody) {
        pathAndQuery = "\(path)?\(query.encoded)"
    }

    private static func isDotSegment(_ segment: Substring) -> Bool {
        let plain = segment.lowercased().split(separator: "%2e", omittingEmptySubsequences: false).joined(
            separator: ".")
        return plain == "." || plain == ".."
    }
}
