import GraphQL

/// One event of a subscription.
package struct SubscriptionEvent: Sendable {
    /// Opaque; given to `subscribe` again, the stream goes on after this event. `nil` for errors before execution.
    package let id: String?
    package let response: EngineResponse
}

/// The events of one subscription, worked out as they are asked for: a slow reader holds nothing but its place. It ends
/// when the caller may no longer listen, when the engine shuts down, and when its task is cancelled.
package struct EventStream: AsyncSequence, Sendable {
    package typealias Element = SubscriptionEvent

    enum Source: Sendable {
        /// Nothing was executed: one event says why.
        case refused(EngineResponse)
        case live(Subscription)
    }

    let source: Source

    package struct AsyncIterator: AsyncIteratorProtocol {
        private enum State {
            case refused(EngineResponse)
            case live(SubscriptionReader)
            case finished
        }

        private var state: State

        init(_ source: Source) {
            switch source {
            case .refused(let response): state = .refused(response)
            case .live(let subscription): state = .live(SubscriptionReader(subscription))
            }
        }

        package mutating func next() async -> SubscriptionEvent? {
            switch state {
            case .finished: return nil
            case .refused(let response):
                state = .finished
                return SubscriptionEvent(id: nil, response: response)
            case .live(let reader):
                let event = await reader.next()
                if event == nil { state = .finished }
                return event
            }
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source) }
}
