/// One page of a 2010 list: `PageSize` (50, at most 1000), `Page` from 0, and a `PageToken` that names the item a page
/// starts after (`PA` + SID) or ends before (`PB` + SID), so that newer items do not shift the pages behind them.
struct Page: Sendable {
    let number: Int
    let size: Int
    private let after: String?
    private let before: String?
    private let path: String
    private let filters: Parameters

    private static let ownKeys: Set<String> = ["PageSize", "Page", "PageToken"]

    /// - Throws: 20001 for a page or size that is not a number, 21481 for a token of another shape.
    init(_ request: SandboxRequest, path: String) throws(TwilioFault) {
        self.path = path
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
        return .json(
            200,
            .object([
                (key, .array(rendered)),
                ("end", .int(rendered.isEmpty ? 0 : start + rendered.count - 1)),
                ("first_page_uri", .string(uri(page: 0, token: nil))),
                ("next_page_uri", hasMore ? .optional(last.map { uri(page: number + 1, token: "PA" + $0) }) : .null),
                ("page", .int(number)),
                ("page_size", .int(size)),
                (
                    "previous_page_uri",
                    hasLess && number > 0 ? .optional(first.map { uri(page: number - 1, token: "PB" + $0) }) : .null
                ),
                ("start", .int(start)),
                ("uri", .string(uri(page: number, token: (after.map { "PA" + $0 }) ?? (before.map { "PB" + $0 })))),
            ]))
    }

    private func uri(page: Int, token: String?) -> String {
        var query = filters
        query.append("PageSize", String(size))
        query.append("Page", String(page))
        if let token { query.append("PageToken", token) }
        return path + "?" + query.urlEncoded
    }
}
