import FoundationEssentials
import Synchronization

/// The in-memory carrier: one lock around its state, one task that follows the clock, one that makes webhook calls.
package final class Carrier: Sendable {
    private let state: Mutex<CarrierState>
    private let waker = Waker()
    private let calls: AsyncStream<WebhookCall>
    private let callQueue: AsyncStream<WebhookCall>.Continuation
    let caller: WebhookCaller

    init(_ configuration: SandboxConfiguration, caller: WebhookCaller) throws(SandboxError) {
        state = Mutex(try CarrierState(configuration))
        (calls, callQueue) = AsyncStream.makeStream()
        self.caller = caller
    }

    /// Looks at the state or changes it, then lets out the webhook calls that came of it.
    func withState<Result: Sendable, Failure: Error>(
        _ body: (inout CarrierState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (result, ready, isEarlier) = try state.withLock {
            (state: inout CarrierState) throws(Failure) -> (Result, [WebhookCall], Bool) in
            let before = state.timeline.nextDue
            let result = try body(&state)
            var ready: [WebhookCall] = []
            swap(&ready, &state.outbox)
            let isEarlier = state.timeline.nextDue.map { next in before.map { next < $0 } ?? true } ?? false
            return (result, ready, isEarlier)
        }
        for call in ready { callQueue.yield(call) }
        if isEarlier { waker.signal() }
        return result
    }

    /// Carries messages through their lives until the task is cancelled.
    func followClock() async {
        while !Task.isCancelled {
            let pause = withState { state -> Duration? in
                state.catchUp()
                guard state.clock.isRunning, let next = state.timeline.nextDue else { return nil }
                // Not below a millisecond, so that a busy carrier takes its events in handfuls.
                return .seconds(max(0.001, next.timeIntervalSince(state.clock.now)))
            }
            await waker.wait(upTo: pause)
        }
    }

    /// Makes webhook calls until the task is cancelled.
    func makeCalls() async {
        await withDiscardingTaskGroup { group in
            for await call in calls {
                group.addTask {
                    let result = await self.caller.perform(call)
                    self.withState { $0.finish(call, result) }
                }
            }
            group.cancelAll()
        }
    }

    /// A request that counted among an account's concurrent ones has been answered.
    func release(_ account: Int) {
        withState { $0.accounts[account].requestsInFlight -= 1 }
    }

    /// Judges a request by the rules in force, carries it out if they let it, and notes it.
    func handle(_ request: SandboxRequest, isReused: Bool) -> (verdict: RequestVerdict, answer: SandboxAnswer?) {
        withState { state in
            let verdict = state.misbehaviour.judge(request, isReused: isReused, using: &state.generator)
            let isAccepted =
                verdict.delivery != .dropBefore && (verdict.refusal == nil || verdict.acceptsDespiteRefusal)
            var answer = isAccepted ? state.answer(request) : nil
            let succeeded = answer.map { $0.status < 400 } ?? false
            if let refusal = verdict.refusal {
                let holder = answer?.holds
                answer = refusal.answer
                answer?.holds = holder
            }
            let identification = state.identify(account: answer?.holds)
            answer?.headers += identification
            if let seconds = verdict.retryAfter { answer?.headers.append(("Retry-After", String(seconds))) }
            if let type = verdict.contentType { answer?.contentType = type }
            let isAnswered = verdict.delivery == .normal || verdict.delivery == .truncate
            state.requests.append(
                ReceivedRequest(
                    at: state.clock.now, method: request.method, path: request.path, query: request.query,
                    form: request.form, status: isAnswered ? answer?.status : nil, wasAccepted: succeeded,
                    rule: verdict.rule))
            return (verdict, answer)
        }
    }
}
