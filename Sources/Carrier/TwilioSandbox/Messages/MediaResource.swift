import FoundationEssentials

/// A picture, or something else, of a message.
struct MediaRecord: Stored {
    let sid: String
    let messageSid: String
    let contentType: String
    /// Where the customer keeps it; nil for what came in, which the sandbox makes up.
    let source: String?
    let dateCreated: Date
    var isDeleted = false

    /// By the ending of its address, as a server of it would likely say.
    static func contentType(of url: String) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }.lowercased()
        let types = [
            ".png": "image/png", ".gif": "image/gif", ".pdf": "application/pdf", ".mp4": "video/mp4",
            ".mp3": "audio/mpeg", ".vcf": "text/vcard", ".txt": "text/plain",
        ]
        return types.first { path.hasSuffix($0.key) }?.value ?? "image/jpeg"
    }

    /// What an inbound picture looks like: one pixel, as PNG.
    static let pixel: [UInt8] = Array(
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
        ) ?? Data())
}

/// `/Accounts/{Sid}/Messages/{Sid}/Media`. Without `.json` a medium is a redirection to where its bytes are.
enum MediaResource {
    static let routes: [Route] = [
        .get("\(Route.account)/Messages/{MessageSid}/Media.json", list),
        .get("\(Route.account)/Messages/{MessageSid}/Media/{Sid}.json", fetch),
        .get("\(Route.account)/Messages/{MessageSid}/Media/{Sid}", redirect),
        .delete("\(Route.account)/Messages/{MessageSid}/Media/{Sid}.json", delete),
    ]

    private static func list(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let account = state.accounts[call.account]
        guard account.messages[call.sid] != nil else { throw call.notFound }
        let dates = try DateFilter("DateCreated", call.query)
        return try call.page().answer(
            "media_list", of: account.media, isOldestFirst: true,
            where: { $0.messageSid == call.sid && dates.admits($0.dateCreated) }, render: { json($0, account) })
    }

    private static func find(_ state: CarrierState, _ call: RouteCall) throws(TwilioFault) -> MediaRecord {
        guard let record = state.accounts[call.account].media[call.sid],
            record.messageSid == call.values[call.values.count - 2]
        else { throw call.notFound }
        return record
    }

    private static func fetch(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        .json(200, json(try find(state, call), state.accounts[call.account]))
    }

    private static func redirect(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        var answer = SandboxAnswer(status: 307, contentType: nil, body: [])
        answer.headers = [("Location", record.source ?? "\(call.request.base)/_media/\(record.sid)")]
        return answer
    }

    private static func delete(_ state: inout CarrierState, _ call: RouteCall) throws(TwilioFault) -> SandboxAnswer {
        let record = try find(state, call)
        state.accounts[call.account].media.remove(record.sid)
        return .noContent
    }

    private static func json(_ record: MediaRecord, _ account: AccountState) -> JSON {
        [
            "account_sid": .string(account.sid), "content_type": .string(record.contentType),
            "date_created": .string(TwilioDate.rfc2822(record.dateCreated)),
            "date_updated": .string(TwilioDate.rfc2822(record.dateCreated)),
            "parent_sid": .string(record.messageSid), "sid": .string(record.sid),
            "uri": .string("\(account.uri)/Messages/\(record.messageSid)/Media/\(record.sid).json"),
        ]
    }
}
