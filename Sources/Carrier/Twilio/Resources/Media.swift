package import FoundationEssentials

/// A file that came or went with a message. https://www.twilio.com/docs/messaging/api/media-resource
package struct Media: AccountResource {
    package let sid: MediaSid
    package let accountSid: AccountSid
    package let contentType: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    package let parentSid: MessageSid?
}

extension Media {
    package struct Filter: Parameters {
        package var dateCreated: TimeFilter?

        package init() {}
    }
}

package struct MessageFeedback: AccountResource {
    package let messageSid: MessageSid
    package let accountSid: AccountSid
    package let outcome: MessageFeedback.Outcome?
    package let dateCreated: Date?
    package let dateUpdated: Date?
}

extension MessageFeedback {
    package struct Outcome: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let confirmed = Self(rawValue: "confirmed")
        package static let unconfirmed = Self(rawValue: "unconfirmed")
    }

    package struct Creation: Parameters {
        package var outcome: MessageFeedback.Outcome?

        package init() {}
    }
}

/// The media of one message.
package struct MediaList: Sendable {
    let place: ResourcePlace

    package func fetch(_ sid: MediaSid) async throws(TwilioCallError) -> Media { try await place.at(sid).fetch() }

    package func list(_ filter: Media.Filter = .init(), pageSize: Int = 50) -> ResourceList<Media> {
        place.list("mediaList", filter, pageSize: pageSize)
    }

    package func delete(_ sid: MediaSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    /// The file itself, read while it comes, from wherever Twilio keeps it (see `MediaPolicy`).
    package func content(_ sid: MediaSid) async throws(MediaFetchError) -> MediaStream {
        try await place.client.openMedia(file(sid))
    }

    /// The file itself, when it has no more than so many bytes; what it is, is for the caller to check.
    package func fetchContent(_ sid: MediaSid, upTo limit: Int) async throws(MediaFetchError) -> MediaFile {
        try await place.client.fetchMedia(file(sid), upTo: limit)
    }

    private func file(_ sid: MediaSid) -> ResourcePlace {
        ResourcePlace(client: place.client, product: place.product, path: "\(place.path)/\(sid)", ending: "")
    }
}
