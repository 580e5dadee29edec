/// API keys by the newer interface, which also knows restricted ones.
package struct IamKeys: Sendable {
    let place: ResourcePlace

    package func create(_ key: Creation) async -> CreationOutcome<NewKey> { await place.create(key) }

    package func fetch(_ sid: KeySid) async throws(TwilioCallError) -> Key { try await place.at(sid).fetch() }

    package func list(_ filter: Filter, pageSize: Int = 50) -> ResourceList<Key> {
        place.list("keys", filter, pageSize: pageSize)
    }

    package func update(_ sid: KeySid, _ update: Update) async throws(TwilioCallError) -> Key {
        try await place.at(sid).update(update)
    }

    package func delete(_ sid: KeySid) async throws(TwilioCallError) { try await place.at(sid).delete() }
}

extension TwilioClient {
    package var iamKeys: IamKeys { IamKeys(place: place(.iam, "/v1/Keys").closedToStandardKeys()) }
}

extension IamKeys {
    package struct KeyType: OpenEnumeration {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let restricted = Self(rawValue: "restricted")
    }

    package struct Creation: Parameters {
        package var accountSid: AccountSid
        package var friendlyName: String?
        package var keyType: KeyType?
        package var policy: OpenJSON?

        package init(accountSid: AccountSid) {
            self.accountSid = accountSid
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?
        package var policy: OpenJSON?

        package init() {}
    }

    package struct Filter: Parameters {
        package var accountSid: AccountSid

        package init(accountSid: AccountSid) {
            self.accountSid = accountSid
        }
    }
}
