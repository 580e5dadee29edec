/// The bodies of control calls.

struct NewAccount: Decodable, Sendable {
    /// A count of fresh numbers, or the numbers themselves.
    enum Numbers: Decodable, Sendable {
        case count(Int)
        case list([String])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let count = try? value.decode(Int.self) {
                self = .count(count)
            } else {
                self = .list(try value.decode([String].self))
            }
        }
    }

    var name: String?
    var sid: String?
    var authToken: String?
    var type: SandboxAccount.AccountType?
    var balance: String?
    var numbers: Numbers?
    var verifiedCallerIds: [String]?
    var testSid: String?
    var testAuthToken: String?
    var applications: [SandboxApplication]?
    var templates: [SandboxTemplate]?
    var limits: SandboxLimits?
}

struct AccountChange: Decodable, Sendable {
    var authToken: String?
    var secondaryAuthToken: String?
    var status: SandboxAccount.Status?
    var type: SandboxAccount.AccountType?
    var balance: String?
    var friendlyName: String?
    var verifiedCallerIds: [String]?
    var applications: [SandboxApplication]?
    var templates: [SandboxTemplate]?
    var limits: SandboxLimits?
}

struct PastMessages: Decodable, Sendable {
    let account: String
    let messages: [SandboxPastMessage]
}

struct InboundOrder: Decodable, Sendable {
    let from: String
    let to: String
    let body: String
    var numMedia: Int?
}

struct CallbackOrder: Decodable, Sendable {
    enum Signature: String, Decodable, Sendable {
        case right, wrong
    }

    let messageSid: String
    let status: String
    var signature: Signature?
    var url: String?
    var errorCode: Int?
}

struct ClockChange: Decodable, Sendable {
    /// Seconds, forward.
    var advance: Double?
    /// Seconds that the clock is wrong by from now on, either way.
    var skew: Double?
}

struct PartyOrder: Decodable, Sendable {
    let number: String
    let party: CallScript
}

struct PortChange: Decodable, Sendable {
    let status: String
}
