package import FoundationEssentials
package import Vault

/// An API key. https://www.twilio.com/docs/iam/api-keys
package struct Key: Decodable, Sendable {
    package let sid: KeySid
    package let friendlyName: String?
    package let dateCreated: Date?
    package let dateUpdated: Date?
    /// What a restricted key may do; from `iamKeys` only.
    package let policy: OpenJSON?
    /// From the list of `iamKeys` only.
    package let flags: [String]?
}

/// A key just made, with its secret, which Twilio tells once. It passes ordinary memory on its way from the socket.
package struct NewKey: Decodable, Sendable {
    package let key: Key
    package let secret: SharedSecret

    private enum CodingKeys: String, CodingKey { case secret }

    package init(from decoder: any Decoder) throws {
        key = try Key(from: decoder)
        secret = try decoder.container(keyedBy: CodingKeys.self).secret(.secret)
    }
}

extension Key {
    package struct Creation: Parameters {
        package var friendlyName: String?

        package init() {}
    }

    package struct Update: Parameters {
        package var friendlyName: String?

        package init() {}
    }
}

/// API keys of the account. Keys may not see keys: this takes the auth token.
package struct Keys: Sendable {
    let place: ResourcePlace

    package func create(_ key: Key.Creation = .init()) async -> CreationOutcome<NewKey> { await place.create(key) }

    package func fetch(_ sid: KeySid) async throws(TwilioCallError) -> Key { try await place.at(sid).fetch() }

    package func list(pageSize: Int = 50) -> ResourceList<Key> { place.list("keys", pageSize: pageSize) }

    package func update(_ sid: KeySid, _ update: Key.Update) async throws(TwilioCallError) -> Key {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: KeySid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension TwilioClient {
    package var keys: Keys { Keys(place: place("Keys").closedToStandardKeys()) }
}
