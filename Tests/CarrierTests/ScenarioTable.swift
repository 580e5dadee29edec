/// Every call of the client that is tried against the sandbox, by its name in Swift, and by the scenario that tries it.
/// A scenario fails when it tries more or less than its part, and `ScenarioTests` holds the whole against the client.
enum ScenarioTable {
    static let all =
        accounts + credentials + addresses + usage + numbers + porting + regulatory + messages + messagingServices
        + calls + recordings + queues + conferences + lookupsAndPricing + verify

    static let accounts =
        ["TwilioClient.balance()", "Accounts.fetch()"]
        + calls(of: "Accounts", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)")

    static let credentials =
        calls(of: "Keys", "create(_:)", "fetch(_:)", "list(pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "IamKeys", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "AuthTokens", "createSecondary()", "deleteSecondary()", "promote()")

    static let addresses =
        calls(
            of: "Addresses", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)",
            "dependentPhoneNumbers(of:pageSize:)")
        + calls(of: "OutgoingCallerIds", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")

    static let usage =
        calls(of: "UsageTriggers", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "UsageRecords", "list(_:_:pageSize:)")

    static let numbers =
        calls(of: "AvailablePhoneNumbers", "countries()", "country(_:)", "search(in:_:_:)")
        + calls(
            of: "IncomingPhoneNumbers", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "TypedPhoneNumbers", "create(_:)", "list(_:pageSize:)")

    static let porting = calls(
        of: "Porting", "portability(of:_:)", "create(_:)", "fetch(_:)", "list(_:size:)", "delete(_:)",
        "fetchPhoneNumber(_:of:)", "deletePhoneNumber(_:of:)", "createWebhook(_:)", "fetchWebhook()",
        "deleteWebhook(_:)")

    static let regulatory =
        calls(
            of: "Bundles", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)",
            "createClone(of:_:)", "replaceItems(of:from:)")
        + calls(of: "BundleCopies", "create(friendlyName:)", "list(pageSize:)")
        + calls(of: "Evaluations", "create()", "fetch(_:)", "list(pageSize:)")
        + calls(of: "ItemAssignments", "create(_:)", "fetch(_:)", "list(pageSize:)", "delete(_:)")
        + calls(of: "EndUsers", "create(_:)", "fetch(_:)", "list(pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "SupportingDocuments", "create(_:)", "fetch(_:)", "list(pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "Regulations", "fetch(_:includeConstraints:)", "list(_:pageSize:)")
        + calls(
            of: "RegulatoryCompliance", "endUserTypes(pageSize:)", "fetchEndUserType(_:)",
            "supportingDocumentTypes(pageSize:)", "fetchSupportingDocumentType(_:)")

    static let messages =
        calls(
            of: "Messages", "create(_:lastLook:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)",
            "createFeedback(of:_:)")
        + calls(
            of: "MediaList", "fetch(_:)", "list(_:pageSize:)", "delete(_:)", "content(_:)", "fetchContent(_:upTo:)")

    static let messagingServices =
        calls(of: "MessagingServices", "create(_:)", "fetch(_:)", "list(pageSize:)", "update(_:_:)", "delete(_:)")
        + ["ServicePhoneNumbers", "ServiceShortCodes", "ServiceAlphaSenders"].flatMap {
            calls(of: $0, "create(_:)", "fetch(_:)", "list(pageSize:)", "delete(_:)")
        }

    static let calls = calls(of: "Calls", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")

    static let recordings =
        calls(
            of: "Recordings", "fetch(_:includeSoftDeleted:)", "list(_:pageSize:)", "delete(_:)", "sound(_:_:)")
        + calls(of: "CallRecordings", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "Transcriptions", "fetch(_:)", "list(pageSize:)", "delete(_:)")

    static let queues =
        calls(of: "Queues", "create(_:)", "fetch(_:)", "list(pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "Members", "fetch(_:)", "list(pageSize:)", "update(_:_:)")

    static let conferences =
        calls(of: "Conferences", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)")
        + calls(of: "Participants", "create(_:)", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")
        + calls(of: "ConferenceRecordings", "fetch(_:)", "list(_:pageSize:)", "update(_:_:)", "delete(_:)")

    static let lookupsAndPricing =
        ["Lookups.fetch(_:_:)"]
        + ["MessagingPricing", "PhoneNumberPricing", "VoicePricing", "VoicePricingV1"].flatMap {
            calls(of: $0, "countries(pageSize:)", "fetch(_:)")
        } + ["VoicePricing.fetch(to:from:)", "VoicePricingV1.fetch(number:)"]

    static let verify =
        calls(
            of: "VerifyServices", "create(_:)", "fetch(_:)", "list(pageSize:)", "update(_:_:)", "delete(_:)",
            "createCheck(of:_:)") + calls(of: "Verifications", "create(_:)", "fetch(_:)", "update(_:_:)")

    private static func calls(of type: String, _ names: String...) -> [String] {
        names.map { "\(type).\($0)" }
    }
}
