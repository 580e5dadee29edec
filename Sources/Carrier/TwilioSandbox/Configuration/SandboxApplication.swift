/// A TwiML application (`AP…`): addresses that messages, calls and numbers can name together. Applications and templates
/// are made by configuration or by `/_control`, since Twilio's documents here do not hold their resources.
package struct SandboxApplication: Codable, Sendable, Equatable {
    /// `AP` and 32 hexadecimal digits.
    package var sid: String
    /// Of a number whose `SmsApplicationSid` it is.
    package var smsURL: String?
    package var smsFallbackURL: String?
    /// Of a message that names it and no `StatusCallback`.
    package var messageStatusCallback: String?
    /// Of a call that names it and no `Url`, and of a number whose `VoiceApplicationSid` it is.
    package var voiceURL: String?
    package var voiceFallbackURL: String?
    /// Of the calls of such a number.
    package var statusCallback: String?

    package init(
        sid: String, smsURL: String? = nil, smsFallbackURL: String? = nil, messageStatusCallback: String? = nil,
        voiceURL: String? = nil, voiceFallbackURL: String? = nil, statusCallback: String? = nil
    ) {
        self.sid = sid
        self.smsURL = smsURL
        self.smsFallbackURL = smsFallbackURL
        self.messageStatusCallback = messageStatusCallback
        self.voiceURL = voiceURL
        self.voiceFallbackURL = voiceFallbackURL
        self.statusCallback = statusCallback
    }
}

/// A content template (`HX…`): a text in which `{{name}}` stands for a variable.
package struct SandboxTemplate: Codable, Sendable, Equatable {
    /// `HX` and 32 hexadecimal digits.
    package var sid: String
    package var body: String
    package var mediaURLs: [String]
    /// What stands for a variable that a message does not name.
    package var variables: [String: String]

    package init(sid: String, body: String, mediaURLs: [String] = [], variables: [String: String] = [:]) {
        self.sid = sid
        self.body = body
        self.mediaURLs = mediaURLs
        self.variables = variables
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sid = try values.decode(String.self, forKey: .sid)
        body = try values.decode(String.self, forKey: .body)
        mediaURLs = try values.decodeIfPresent([String].self, forKey: .mediaURLs) ?? []
        variables = try values.decodeIfPresent([String: String].self, forKey: .variables) ?? [:]
    }

    /// The text with each variable's value: the message's own, else the template's, else nothing.
    func text(with values: [String: String]) -> String {
        body.replacing(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/) { match in
            let name = String(match.output.1)
            return values[name] ?? variables[name] ?? ""
        }
    }
}

extension SandboxError {
    /// - Throws: when a SID is malformed or there twice.
    static func check(_ applications: [SandboxApplication], _ templates: [SandboxTemplate]) throws(SandboxError) {
        var seen: Set<String> = []
        for (sid, prefix) in applications.map({ ($0.sid, "AP") }) + templates.map({ ($0.sid, "HX") })
        where !Sid.isWellFormed(sid, prefix: prefix) || !seen.insert(sid).inserted {
            throw SandboxError("'\(sid)' must be \(prefix) and 32 hexadecimal digits, and be there once")
        }
    }
}
