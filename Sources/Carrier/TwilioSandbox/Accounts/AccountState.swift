import FoundationEssentials

/// An account with everything in it.
struct AccountState: Sendable {
    let sid: String
    /// Index of the account that a subaccount belongs to.
    var owner: Int?
    var authToken: String
    var secondaryAuthToken: String?
    /// SID and token that reach the magic numbers and nothing else.
    var testSid: String?
    var testAuthToken: String?
    var friendlyName: String
    var type: SandboxAccount.AccountType
    var status: SandboxAccount.Status
    var balance: Money
    var limits: SandboxLimits
    /// Counted only where they are limited.
    var requestsInFlight = 0
    let dateCreated: Date
    var dateUpdated: Date
    var secondaryTokenCreated: Date?

    var keys = Shelf<KeyRecord>()
    var callerIds = Shelf<CallerIdRecord>()
    var safeList = Shelf<Document>()
    var addresses = Shelf<Document>()
    /// In the order of purchase.
    var numbers = Shelf<NumberRecord>()

    var messages = MessageStore()
    var media = Shelf<MediaRecord>()
    var optOuts: Set<OptOutPair> = []
    var services = Shelf<Document>()
    var senders = Shelf<SenderRecord>()
    /// Which sender of a service a contact got last.
    var stickySenders: [StickyPair: String] = [:]
    /// Until when the segments accepted for a sender keep it busy.
    var busySenders: [String: Date] = [:]

    /// By SID.
    var applications: [String: SandboxApplication]
    var templates: [String: SandboxTemplate]

    var calls = Shelf<CallRecord>()
    var nextCallStart: Date?
    var recordings = Shelf<RecordingRecord>()
    var transcriptions = Shelf<TranscriptionRecord>()
    var conferences = Shelf<ConferenceRecord>()
    var queues = Shelf<QueueRecord>()

    var usage = UsageLedger()
    var triggers = Shelf<Document>()

    var verifyServices = Shelf<Document>()
    var verifications = Shelf<VerificationRecord>()

    var bundles = Shelf<Document>()
    var bundleItems = Shelf<BundleItemRecord>()
    var evaluations = Shelf<EvaluationRecord>()
    var endUsers = Shelf<Document>()
    var supportingDocuments = Shelf<Document>()

    var ports = Shelf<PortInRecord>()
    var portingWebhook: PortingWebhook?
    var hostedOrders = Shelf<Document>()

    init(_ account: SandboxAccount, now: Date) {
        sid = account.sid
        authToken = account.authToken
        secondaryAuthToken = account.secondaryAuthToken
        testSid = account.testSid
        testAuthToken = account.testAuthToken
        friendlyName = account.friendlyName
        type = account.type
        status = account.status
        balance = Money(account.balance) ?? Money(units: 0)
        limits = account.limits
        dateCreated = now
        dateUpdated = now
        secondaryTokenCreated = account.secondaryAuthToken == nil ? nil : now
        applications = Dictionary(account.applications.map { ($0.sid, $0) }, uniquingKeysWith: { one, _ in one })
        templates = Dictionary(account.templates.map { ($0.sid, $0) }, uniquingKeysWith: { one, _ in one })
        for key in account.apiKeys { keys.append(KeyRecord(key, now: now)) }
    }

    var uri: String { "/2010-04-01/Accounts/\(sid)" }

    func number(_ phoneNumber: String) -> NumberRecord? {
        numbers.records.first { $0.phoneNumber == phoneNumber && !$0.isDeleted }
    }

    /// Whether a trial account may reach the number.
    func isVerified(_ phoneNumber: String) -> Bool {
        callerIds.records.contains { $0.phoneNumber == phoneNumber && !$0.isDeleted }
    }

    /// The account as configuration would state it now, without its messages.
    var description: SandboxAccount {
        SandboxAccount(
            sid: sid, authToken: authToken, secondaryAuthToken: secondaryAuthToken, testSid: testSid,
            testAuthToken: testAuthToken, friendlyName: friendlyName, type: type, status: status,
            balance: balance.text,
            apiKeys: keys.live.map { SandboxAPIKey(sid: $0.sid, secret: $0.secret, isMain: $0.isMain) },
            numbers: numbers.live.map { number in
                SandboxNumber(
                    phoneNumber: number.phoneNumber, smsURL: number.smsURL.isEmpty ? nil : number.smsURL,
                    voiceURL: number.voiceURL.isEmpty ? nil : number.voiceURL,
                    statusCallback: number.statusCallback.isEmpty ? nil : number.statusCallback,
                    smsEnabled: number.smsEnabled, mmsEnabled: number.mmsEnabled, voiceEnabled: number.voiceEnabled)
            },
            verifiedCallerIds: callerIds.live.map(\.phoneNumber).sorted(),
            applications: applications.values.sorted { $0.sid < $1.sid },
            templates: templates.values.sorted { $0.sid < $1.sid }, limits: limits)
    }
}
