/// One Twilio account of the sandbox, as a configuration file and `GET /_control/accounts` show it.
package struct SandboxAccount: Codable, Sendable, Equatable {
    /// `AC` and 32 hexadecimal digits.
    package var sid: String
    package var authToken: String
    /// A second token that is accepted beside the first; webhooks are signed with the first.
    package var secondaryAuthToken: String?
    /// Test credentials: `AC` and 32 hexadecimal digits, and their token. They reach the magic numbers and nothing else.
    package var testSid: String?
    package var testAuthToken: String?
    /// 1 to 64 characters.
    package var friendlyName: String
    package var type: AccountType
    package var status: Status
    /// US dollars, as Twilio prints them: `"25.00"`.
    package var balance: String
    package var apiKeys: [SandboxAPIKey]
    package var numbers: [SandboxNumber]
    /// Numbers that a trial account may send to (others answer 21608).
    package var verifiedCallerIds: [String]
    package var pastMessages: [SandboxPastMessage]
    package var applications: [SandboxApplication]
    package var templates: [SandboxTemplate]
    package var limits: SandboxLimits

    package enum AccountType: String, Codable, Sendable {
        case trial = "Trial"
        case full = "Full"
    }

    package enum Status: String, Codable, Sendable {
        case active, suspended, closed
    }

    package init(
        sid: String, authToken: String, secondaryAuthToken: String? = nil, testSid: String? = nil,
        testAuthToken: String? = nil, friendlyName: String,
        type: AccountType = .full, status: Status = .active, balance: String = "100.00",
        apiKeys: [SandboxAPIKey] = [], numbers: [SandboxNumber] = [], verifiedCallerIds: [String] = [],
        pastMessages: [SandboxPastMessage] = [], applications: [SandboxApplication] = [],
        templates: [SandboxTemplate] = [], limits: SandboxLimits = SandboxLimits()
    ) {
        self.sid = sid
        self.authToken = authToken
        self.secondaryAuthToken = secondaryAuthToken
        self.testSid = testSid
        self.testAuthToken = testAuthToken
        self.friendlyName = friendlyName
        self.type = type
        self.status = status
        self.balance = balance
        self.apiKeys = apiKeys
        self.numbers = numbers
        self.verifiedCallerIds = verifiedCallerIds
        self.pastMessages = pastMessages
        self.applications = applications
        self.templates = templates
        self.limits = limits
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sid = try values.decode(String.self, forKey: .sid)
        authToken = try values.decode(String.self, forKey: .authToken)
        secondaryAuthToken = try values.decodeIfPresent(String.self, forKey: .secondaryAuthToken)
        testSid = try values.decodeIfPresent(String.self, forKey: .testSid)
        testAuthToken = try values.decodeIfPresent(String.self, forKey: .testAuthToken)
        friendlyName = try values.decodeIfPresent(String.self, forKey: .friendlyName) ?? sid
        type = try values.decodeIfPresent(AccountType.self, forKey: .type) ?? .full
        status = try values.decodeIfPresent(Status.self, forKey: .status) ?? .active
        balance = try values.decodeIfPresent(String.self, forKey: .balance) ?? "100.00"
        apiKeys = try values.decodeIfPresent([SandboxAPIKey].self, forKey: .apiKeys) ?? []
        numbers = try values.decodeIfPresent([SandboxNumber].self, forKey: .numbers) ?? []
        verifiedCallerIds = try values.decodeIfPresent([String].self, forKey: .verifiedCallerIds) ?? []
        pastMessages = try values.decodeIfPresent([SandboxPastMessage].self, forKey: .pastMessages) ?? []
        applications = try values.decodeIfPresent([SandboxApplication].self, forKey: .applications) ?? []
        templates = try values.decodeIfPresent([SandboxTemplate].self, forKey: .templates) ?? []
        limits = try values.decodeIfPresent(SandboxLimits.self, forKey: .limits) ?? SandboxLimits()
    }
}

/// What the carrier holds an account to; by default nothing, so that only the tests that mean it meet a limit.
package struct SandboxLimits: Codable, Sendable, Equatable {
    /// Requests at once, 1 or more; another is answered 429, code 20429.
    package var concurrentRequests: Int?
    /// Whether senders send at their rate: long codes 1 segment a second, toll-free numbers 3, alphanumeric senders 10,
    /// short codes 100, and calls start 1 a second.
    package var isPaced: Bool
    /// How far ahead a sender's segments may queue, in seconds (Twilio: 10 hours); beyond is 21611, or 30001 from a
    /// messaging service.
    package var queueSeconds: Double

    package init(concurrentRequests: Int? = nil, isPaced: Bool = false, queueSeconds: Double = 36_000) {
        self.concurrentRequests = concurrentRequests
        self.isPaced = isPaced
        self.queueSeconds = queueSeconds
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        concurrentRequests = try values.decodeIfPresent(Int.self, forKey: .concurrentRequests)
        isPaced = try values.decodeIfPresent(Bool.self, forKey: .isPaced) ?? false
        queueSeconds = try values.decodeIfPresent(Double.self, forKey: .queueSeconds) ?? 36_000
    }
}

/// An API key (`SK…`) of an account.
package struct SandboxAPIKey: Codable, Sendable, Equatable {
    package var sid: String
    package var secret: String
    /// A standard key may not read the account itself (401); a main key may.
    package var isMain: Bool

    package init(sid: String, secret: String, isMain: Bool = false) {
        self.sid = sid
        self.secret = secret
        self.isMain = isMain
    }
}

/// A number that an account owns.
package struct SandboxNumber: Codable, Sendable, Equatable {
    /// E.164, in the inventory's fictional ranges or not.
    package var phoneNumber: String
    /// Where inbound messages are posted; nil: nowhere.
    package var smsURL: String?
    package var voiceURL: String?
    package var statusCallback: String?
    package var smsEnabled: Bool
    package var mmsEnabled: Bool
    package var voiceEnabled: Bool

    package init(
        phoneNumber: String, smsURL: String? = nil, voiceURL: String? = nil, statusCallback: String? = nil,
        smsEnabled: Bool = true, mmsEnabled: Bool = true, voiceEnabled: Bool = true
    ) {
        self.phoneNumber = phoneNumber
        self.smsURL = smsURL
        self.voiceURL = voiceURL
        self.statusCallback = statusCallback
        self.smsEnabled = smsEnabled
        self.mmsEnabled = mmsEnabled
        self.voiceEnabled = voiceEnabled
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        phoneNumber = try values.decode(String.self, forKey: .phoneNumber)
        smsURL = try values.decodeIfPresent(String.self, forKey: .smsURL)
        voiceURL = try values.decodeIfPresent(String.self, forKey: .voiceURL)
        statusCallback = try values.decodeIfPresent(String.self, forKey: .statusCallback)
        smsEnabled = try values.decodeIfPresent(Bool.self, forKey: .smsEnabled) ?? true
        mmsEnabled = try values.decodeIfPresent(Bool.self, forKey: .mmsEnabled) ?? true
        voiceEnabled = try values.decodeIfPresent(Bool.self, forKey: .voiceEnabled) ?? true
    }
}

/// A message that was exchanged before the sandbox started.
package struct SandboxPastMessage: Codable, Sendable, Equatable {
    package enum Direction: String, Codable, Sendable {
        case inbound
        case outbound = "outbound-api"
    }

    /// `SM` and 32 hexadecimal digits, for a message that must keep its SID from start to start; nil: one from the seed.
    package var sid: String?
    package var direction: Direction
    package var from: String
    package var to: String
    package var body: String
    /// A status that is final for the direction; nil: `received` or `delivered`.
    package var status: String?
    package var errorCode: Int?
    /// How long before the start of the carrier's clock, in seconds (0 or more).
    package var secondsAgo: Double

    package init(
        sid: String? = nil, direction: Direction, from: String, to: String, body: String, status: String? = nil,
        errorCode: Int? = nil, secondsAgo: Double
    ) {
        self.sid = sid
        self.direction = direction
        self.from = from
        self.to = to
        self.body = body
        self.status = status
        self.errorCode = errorCode
        self.secondsAgo = secondsAgo
    }
}
