import NIOHTTP1

/// The head of a request, with its fields taken apart once.
struct RequestHead: Sendable {
    let line: HTTPRequestHead
    let fields: RequestFields
    let notes = RequestNotes()

    init(_ head: HTTPRequestHead) {
        line = head
        fields = RequestFields(head.headers)
    }
}
