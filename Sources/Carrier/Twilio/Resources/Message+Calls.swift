import Curl

extension TwilioClient {
    private var messagesPath: String { "\(accountPath)/Messages" }

    /// Asks Twilio to send a message: one POST, at most once on the wire.
    package func createMessage(_ message: MessageCreation) async -> MessageOutcome {
        let outcome: MessageOutcome = await create(path: "\(messagesPath).json", form: message.form)
        // An answer that speaks of another account is not the answer to this request.
        if case .accepted(let made) = outcome, made.accountSid != account {
            return .inDoubt(.unusableAnswer("the answer is about another account"))
        }
        return outcome
    }

    package func fetchMessage(_ sid: MessageSid) async throws(TwilioCallError) -> Message {
        try await fetch(path: "\(messagesPath)/\(sid).json")
    }

    /// Newest first.
    package func messages(
        _ filter: MessageFilter = MessageFilter(), pageSize: Int = 50
    ) -> ResourceList<Message> {
        list("\(messagesPath).json", key: "messages", query: filter.query, pageSize: pageSize)
    }

    /// Cancels a scheduled message. 30409: too late.
    package func cancelMessage(_ sid: MessageSid) async throws(TwilioCallError) -> Message {
        try await fetch(.post, path: "\(messagesPath)/\(sid).json", form: FormBody([.init("Status", "canceled")]))
    }

    /// Empties the body that Twilio keeps.
    package func redactMessage(_ sid: MessageSid) async throws(TwilioCallError) -> Message {
        try await fetch(.post, path: "\(messagesPath)/\(sid).json", form: FormBody([.init("Body", "")]))
    }

    /// 20009: not before it is final.
    package func deleteMessage(_ sid: MessageSid) async throws(TwilioCallError) {
        _ = try await answer(.delete, path: "\(messagesPath)/\(sid).json")
    }
}
