import Curl

/// Where a resource or a list of them is: a product's host and a path of our own making. What all resources do alike
/// stands here, so that each of them is a few lines in `Resources/`.
struct ResourcePlace: Sendable {
    let client: TwilioClient
    let product: TwilioEndpoints.Product
    /// Without its ending.
    let path: String
    /// `.json` in the 2010 API, nothing elsewhere.
    let ending: String
    /// Set for accounts and keys, which a standard API key may not see.
    var isClosedToStandardKeys = false

    var fullPath: String { path + ending }

    /// A resource of a list, or a list of a resource.
    func at(_ name: String) -> ResourcePlace {
        var place = ResourcePlace(client: client, product: product, path: path + "/" + name, ending: ending)
        place.isClosedToStandardKeys = isClosedToStandardKeys
        return place
    }

    func at<Kind>(_ sid: Sid<Kind>) -> ResourcePlace { at(sid.text) }
    func at(_ segment: PathSegment) -> ResourcePlace { at(segment.escaped) }

    func closedToStandardKeys() -> ResourcePlace {
        var place = self
        place.isClosedToStandardKeys = true
        return place
    }

    // MARK: What can be done with it

    func fetch<Resource: Decodable>(
        _ query: some Parameters = NoParameters(), as type: Resource.Type = Resource.self
    ) async throws(TwilioCallError) -> Resource {
        try TwilioJSON.decode(type, from: await client.answer(TwilioCall(.get, self, query: query.form)))
    }

    func update<Resource: Decodable>(
        _ parameters: some Parameters, as type: Resource.Type = Resource.self
    ) async throws(TwilioCallError) -> Resource {
        try TwilioJSON.decode(type, from: await client.answer(TwilioCall(.post, self, body: .form(parameters.form))))
    }

    func delete() async throws(TwilioCallError) {
        _ = try await client.answer(TwilioCall(.delete, self))
    }

    /// One POST that makes something, at most once on the wire, and what is known of it afterwards.
    func create<Resource: Decodable & Sendable>(
        _ parameters: some Parameters, as type: Resource.Type = Resource.self
    ) async -> CreationOutcome<Resource> {
        await create(body: .form(parameters.form))
    }

    func create<Resource: Decodable & Sendable>(
        body: TwilioCall.Body, lastLook: (@Sendable () async -> Bool)? = nil, as type: Resource.Type = Resource.self
    ) async -> CreationOutcome<Resource> {
        do throws(TwilioCallError) {
            return CreationOutcome(try await client.send(TwilioCall(.post, self, body: body, lastLook: lastLook)))
        } catch {
            return CreationOutcome(error)
        }
    }

    /// Like `create`, of what names its account: an answer that speaks of another account is not the answer to this
    /// request.
    /// - Parameter lastLook: asked just before the request goes out, and again when it had to wait for its place among those of
    ///   its account; it is not sent when that is against it (``HeldBack/Reason/withdrawn``).
    func create<Resource: AccountResource>(
        _ parameters: some Parameters, lastLook: (@Sendable () async -> Bool)? = nil,
        as type: Resource.Type = Resource.self
    ) async -> CreationOutcome<Resource> {
        let outcome: CreationOutcome<Resource> = await create(body: .form(parameters.form), lastLook: lastLook)
        if case .accepted(let made) = outcome, made.accountSid != client.owner(of: product) {
            return .inDoubt(.unusableAnswer("the answer is about another account"))
        }
        return outcome
    }

    /// `key` is the list's name in the answer, as it reads in camelCase. `pageSize` is 1 to 1,000 at Twilio, and
    /// brought into that range.
    func list<Element: Decodable & Sendable>(
        _ key: String, _ filter: some Parameters = NoParameters(), pageSize: Int
    ) -> ResourceList<Element> {
        var query = filter.form
        query.append("PageSize", min(max(pageSize, 1), 1000))
        return ResourceList(place: self, key: key, query: query)
    }
}

/// A resource that says to which account it belongs.
package protocol AccountResource: Decodable, Sendable {
    var accountSid: AccountSid { get }
}

/// A piece of a path that is no SID: a phone number, a participant's label.
package struct PathSegment: Sendable, Hashable {
    package let text: String

    /// Nil for an empty text, and for dots alone, which would lead elsewhere.
    package init?(_ text: String) {
        guard !text.isEmpty, !text.allSatisfy({ $0 == "." }) else { return nil }
        self.text = text
    }

    /// A `+` stays, as Twilio's own libraries leave it; what could end the segment is escaped.
    var escaped: String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "+"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}
