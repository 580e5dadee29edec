package import FoundationEssentials

/// A message, in or out. https://www.twilio.com/docs/messaging/api/message-resource
package struct Message: AccountResource {
    package let sid: MessageSid
    package let accountSid: AccountSid
    package let status: Message.Status
    /// Nil also when it is empty, as after redaction.
    package let body: String?
    /// 0 until a messaging service has sent it.
    package let numSegments: Int?
    package let direction: Message.Direction?
    /// Nil until sent, when a messaging service chooses the sender.
    package let from: String?
    package let to: String?
    package let dateUpdated: Date?
    /// Negative for what is charged; nil until known.
    package let price: Decimal?
    package let errorMessage: String?
    package let numMedia: Int?
    package let messagingServiceSid: MessagingServiceSid?
    /// Nil until it has gone out.
    package let dateSent: Date?
    package let dateCreated: Date?
    package let errorCode: Int?
    /// ISO 4217.
    package let priceUnit: String?
}

/// Messages of the account, newest first.
package struct Messages: Sendable {
    let place: ResourcePlace

    /// Asks Twilio to send a message: one POST, at most once on the wire.
    /// - Parameter lastLook: asked at most `TwilioTraffic.Limits.lookValidity` before the POST begins; it is not made when that
    ///   is against it (``HeldBack/Reason/withdrawn``).
    package func create(
        _ message: Message.Creation, lastLook: (@Sendable () async -> Bool)? = nil
    ) async -> CreationOutcome<Message> {
        await place.create(message, lastLook: lastLook)
    }

    package func fetch(_ sid: MessageSid) async throws(TwilioCallError) -> Message { try await place.at(sid).fetch() }

    package func list(_ filter: Message.Filter = .init(), pageSize: Int = 50) -> ResourceList<Message> {
        place.list("messages", filter, pageSize: pageSize)
    }

    package func update(_ sid: MessageSid, _ update: Message.Update) async throws(TwilioCallError) -> Message {
        try await place.at(sid).update(update)
    }

    /// 20009: not before it is final.
    package func delete(_ sid: MessageSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    package func media(of message: MessageSid) -> MediaList { MediaList(place: place.at(message).at("Media")) }

    /// Tells Twilio whether the recipient did what the message was for; it was sent with `provideFeedback`.
    package func createFeedback(of message: MessageSid, _ feedback: MessageFeedback.Creation) async -> CreationOutcome<
        MessageFeedback
    > {
        await place.at(message).at("Feedback").create(feedback)
    }
}

extension TwilioClient {
    package var messages: Messages { Messages(place: place("Messages")) }
}
