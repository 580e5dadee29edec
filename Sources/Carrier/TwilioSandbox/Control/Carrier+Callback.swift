/// A status callback sent by hand.
extension Carrier {
    func callBack(_ order: CallbackOrder) async throws(SandboxError) -> JSON {
        let call = try withState { state throws(SandboxError) -> WebhookCall in
            guard
                let account = state.accounts.indices.first(where: {
                    state.accounts[$0].messages[order.messageSid] != nil
                }),
                var record = state.accounts[account].messages[order.messageSid]
            else { throw SandboxError("there is no message \(order.messageSid)") }
            guard let url = order.url ?? record.statusCallback else {
                throw SandboxError("message \(order.messageSid) has no StatusCallback; give 'url'")
            }
            if let code = order.errorCode { record.errorCode = code }
            var call = state.statusCallback(
                record, account: account, url: url, status: order.status, at: state.clock.now)
            call.signsWrongly = order.signature == .wrong
            call.isInLane = false
            return call
        }
        let result = await caller.perform(call)
        withState { $0.finish(call, result) }
        return [
            "url": .string(call.url), "status": result.status.map { .int($0) } ?? .null,
            "error": .optional(result.error),
            "idempotencyToken": .string(call.idempotencyToken),
        ]
    }
}
