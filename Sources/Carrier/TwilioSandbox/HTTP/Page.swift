/// One page of a list, in the style of the 2010 API or with the `meta` of the newer products.
///
/// The query: `PageSize` (50, at most 1000), `Page` from 0, and a `PageToken` that names the item a page
/// starts after (`PA` + SID) or ends before (`PB` + SID), so that newer items do not shift the pages behind them.
struct Page: Sendable {
    let number: Int
    let size: Int
    private let after: String?
    private let before: String?
    private let path: String
    /// Scheme and host before the addresses of the newer products; nil for the 2010 API, whose addresses are relative.
    private let base: String?
    private let filters: Parameters

    private static let ownKeys: Set<String> = ["PageSize", "Page", "PageToken"]

    /// - Throws: 20001 for a page or size that is not a number, 21481 for a token of another shape.
    init(_ request: SandboxRequest, path: String) throws(TwilioFault) {
        self.path = path
        base = path.hasPrefix("/2010-04-01/") ? nil : request.base
        filters = Parameters(request.query.pairs.filter { !Page.ownKeys.contains($0.name) }.map { ($0.name, $0.value) })
        number = try Page.number(request.query["Page"], "Page", default: 0)
        size = min(1000, max(1, try Page.number(request.query["PageSize"], "PageSize", default: 50)))
        switch request.query["PageToken"] {
        case .none:
            (after, before) = (nil, nil)
        case .some(let token) where token.hasPrefix("PA") && token.utf8.count > 2:
            (after, before) = (String(token.dropFirst(2)), nil)
        case .some(let token) where token.hasPrefix("PB") && token.utf8.count > 2:
            (after, before) = (nil, String(token.dropFirst(2)))
        default:
            throw TwilioFault(21481, "Invalid PageToken")
        }
    }

    private static func number(_ text: String?, _ name: String, default value: Int) throws(TwilioFault) -> Int {
        guard let text, !text.isEmpty else { return value }
        guard let number = Int(text), number >= 0 else {
            throw TwilioFault(20001, "The value '\(text)' of \(name) is not a number")
        }
        return number
    }

    /// The page of a short list that stands in order.
    func answer<Item>(
        _ key: String, of items: [Item], id: (Item) -> String, render: (Item) -> JSON
    ) -> SandboxAnswer {
        let start: Int
        if let after {
            start = (items.firstIndex { id($0) == after } ?? items.count - 1) + 1
        } else if let before {
            start = max(0, (items.firstIndex { id($0) == before } ?? 0) - size)
        } else {
            start = min(items.count, number * size)
        }
        let slice = items[start..<min(items.count, start + size)]
        return answer(
            key, slice.map(render), first: slice.first.map(id), last: slice.last.map(id),
            hasMore: start + size < items.count, hasLess: start > 0)
    }

    /// The page of what is on a shelf, newest first unless told otherwise.
    func answer<Record: Stored>(
        _ key: String, of shelf: Shelf<Record>, isOldestFirst: Bool = false,
        where admits: (Record) -> Bool = { _ in true }, render: (Record) -> JSON
    ) -> SandboxAnswer {
        answer(
            key,
            walking: { after, before, skip, limit in
                shelf.page(
                    after: after, before: before, skip: skip, limit: limit, isOldestFirst: isOldestFirst,
                    where: admits)
            }, id: \.sid, render: render)
    }

    /// The page of a list that is walked from where the token says. `walk` is given the SID to start after or to end
    /// before, and answers up to `size` items in order and whether there are more on either side.
    func answer<Item>(
        _ key: String,
        walking walk: (_ after: String?, _ before: String?, _ skip: Int, _ limit: Int) -> (
            items: [Item], hasMore: Bool, hasLess: Bool
        ), id: (Item) -> String, render: (Item) -> JSON
    ) -> SandboxAnswer {
        let found = walk(after, before, after == nil && before == nil ? number * size : 0, size)
        return answer(
            key, found.items.map(render), first: found.items.first.map(id), last: found.items.last.map(id),
            hasMore: found.hasMore, hasLess: found.hasLess)
    }

    private func answer(
        _ key: String, _ rendered: [JSON], first: String?, last: String?, hasMore: Bool, hasLess: Bool
    ) -> SandboxAnswer {
        let start = number * size
        let next = hasMore ? last.map { address(page: number + 1, token: "PA" + $0) } : nil
        let previous = hasLess && number > 0 ? first.map { address(page: number - 1, token: "PB" + $0) } : nil
        let own = address(page: number, token: (after.map { "PA" + $0 }) ?? (before.map { "PB" + $0 }))
        if base != nil {
            return .json(
                200,
                .object([
                    (key, .array(rendered)),
                    (
                        "meta",
                        [
                            "page": .int(number), "page_size": .int(size),
                            "first_page_url": .string(address(page: 0, token: nil)),
                            "previous_page_url": .optional(previous), "url": .string(own),
                            "next_page_url": .optional(next), "key": .string(key),
                        ]
                    ),
                ]))
        }
        return .json(
            200,
            .object([
                (key, .array(rendered)),
                ("end", .int(rendered.isEmpty ? 0 : start + rendered.count - 1)),
                ("first_page_uri", .string(address(page: 0, token: nil))),
                ("next_page_uri", .optional(next)),
                ("page", .int(number)),
                ("page_size", .int(size)),
                ("previous_page_uri", .optional(previous)),
                ("start", .int(start)),
                ("uri", .string(own)),
            ]))
    }

    private func address(page: Int, token: String?) -> String {
        var query = filters
        query.append("PageSize", String(size))
        query.append("Page", String(page))
        if let token { query.append("PageToken", token) }
        return (base ?? "") + path + "?" + query.urlEncoded
    }
}
