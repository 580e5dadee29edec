import Foundation
import Testing
import Twilio

/// Each property of each request is a parameter of Twilio's documents, and none of theirs is missing but those named.
@Suite struct ParameterNameTests {
    struct Request: Sendable, CustomTestStringConvertible {
        let operation: String
        let parameters: any Parameters
        /// What the documents have and the request does not, on purpose.
        var without: Set<String> = []
        /// What the request holds under one property of its own.
        var instead: [String: Set<String>] = [:]

        var testDescription: String { operation }
    }

    static let requests: [Request] = [
        .init(operation: "api-2010/CreateAccount", parameters: Account.Creation()),
        .init(operation: "api-2010/UpdateAccount", parameters: Account.Update()),
        .init(operation: "api-2010/ListAccount", parameters: Account.Filter()),
        .init(
            operation: "api-2010/CreateAddress",
            parameters: Address.Creation(
                customerName: "", street: "", city: "", region: "", postalCode: "", isoCountry: "")),
        .init(operation: "api-2010/UpdateAddress", parameters: Address.Update()),
        .init(operation: "api-2010/ListAddress", parameters: Address.Filter()),
        .init(
            operation: "api-2010/ListAvailablePhoneNumberLocal", parameters: AvailablePhoneNumber.Search(),
            instead: ["PageSize": []]),
        .init(operation: "api-2010/CreateCall", parameters: Call.Creation(to: "", from: "")),
        .init(operation: "api-2010/UpdateCall", parameters: Call.Update()),
        .init(operation: "api-2010/ListCall", parameters: Call.Filter()),
        .init(operation: "api-2010/CreateCallRecording", parameters: Recording.Creation()),
        .init(operation: "api-2010/UpdateCallRecording", parameters: Recording.Update(status: .paused)),
        .init(operation: "api-2010/ListCallRecording", parameters: Recording.DateFilter()),
        .init(operation: "api-2010/ListRecording", parameters: Recording.Filter()),
        .init(operation: "api-2010/UpdateConference", parameters: Conference.Update()),
        .init(operation: "api-2010/ListConference", parameters: Conference.Filter()),
        .init(operation: "api-2010/CreateParticipant", parameters: Participant.Creation(from: "", to: "")),
        .init(operation: "api-2010/UpdateParticipant", parameters: Participant.Update()),
        .init(operation: "api-2010/ListParticipant", parameters: Participant.Filter()),
        .init(
            operation: "api-2010/CreateIncomingPhoneNumber",
            parameters: IncomingPhoneNumber.Creation(.areaCode("")),
            instead: ["Purchase": ["PhoneNumber", "AreaCode"]]),
        .init(operation: "api-2010/UpdateIncomingPhoneNumber", parameters: IncomingPhoneNumber.Update()),
        .init(operation: "api-2010/ListIncomingPhoneNumber", parameters: IncomingPhoneNumber.Filter()),
        .init(operation: "api-2010/CreateNewKey", parameters: Key.Creation()),
        .init(operation: "api-2010/UpdateKey", parameters: Key.Update()),
        .init(
            operation: "api-2010/CreateMessage", parameters: Message.Creation(to: "", sender: .from("")),
            without: ["MaxPrice"],
            instead: ["Sender": ["From", "MessagingServiceSid"], "Schedule": ["ScheduleType", "SendAt"]]),
        .init(operation: "api-2010/UpdateMessage", parameters: Message.Update()),
        .init(operation: "api-2010/ListMessage", parameters: Message.Filter()),
        .init(operation: "api-2010/CreateMessageFeedback", parameters: MessageFeedback.Creation()),
        .init(operation: "api-2010/ListMedia", parameters: Media.Filter()),
        .init(
            operation: "api-2010/CreateValidationRequest", parameters: OutgoingCallerId.Creation(phoneNumber: "")),
        .init(operation: "api-2010/UpdateOutgoingCallerId", parameters: OutgoingCallerId.Update()),
        .init(operation: "api-2010/ListOutgoingCallerId", parameters: OutgoingCallerId.Filter()),
        .init(operation: "api-2010/CreateQueue", parameters: Queue.Creation(friendlyName: "")),
        .init(operation: "api-2010/UpdateQueue", parameters: Queue.Update()),
        .init(operation: "api-2010/UpdateMember", parameters: QueueMember.Update(url: "")),
        .init(operation: "api-2010/ListUsageRecord", parameters: UsageRecord.Filter()),
        .init(
            operation: "api-2010/CreateUsageTrigger",
            parameters: UsageTrigger.Creation(callbackUrl: "", triggerValue: "", usageCategory: "")),
        .init(operation: "api-2010/UpdateUsageTrigger", parameters: UsageTrigger.Update()),
        .init(operation: "api-2010/ListUsageTrigger", parameters: UsageTrigger.Filter()),
        .init(operation: "iam-v1-keys/CreateNewKey", parameters: IamKeys.Creation(accountSid: .sample)),
        .init(operation: "iam-v1-keys/UpdateKey", parameters: IamKeys.Update()),
        .init(operation: "iam-v1-keys/ListGetKeys", parameters: IamKeys.Filter(accountSid: .sample)),
        .init(operation: "lookups-v2/FetchPhoneNumber", parameters: Lookup.Query()),
        .init(operation: "messaging-v1/CreateService", parameters: MessagingService.Creation(friendlyName: "")),
        .init(operation: "messaging-v1/UpdateService", parameters: MessagingService.Update()),
        .init(
            operation: "messaging-v1/CreatePhoneNumber",
            parameters: ServicePhoneNumber.Creation(phoneNumberSid: .sample)),
        .init(
            operation: "verify-v2/CreateService", parameters: VerifyService.Creation(friendlyName: ""),
            instead: verifyBlocks),
        .init(operation: "verify-v2/UpdateService", parameters: VerifyService.Update(), instead: verifyBlocks),
        .init(
            operation: "verify-v2/CreateVerification", parameters: Verification.Creation(to: "", channel: .sms)),
        .init(operation: "verify-v2/UpdateVerification", parameters: Verification.Update(status: .canceled)),
        .init(operation: "verify-v2/CreateVerificationCheck", parameters: VerificationCheck.Creation()),
        .init(
            operation: "numbers-v2-regulatory/CreateBundle",
            parameters: RegulatoryBundle.Creation(friendlyName: "", email: "")),
        .init(operation: "numbers-v2-regulatory/UpdateBundle", parameters: RegulatoryBundle.Update()),
        .init(operation: "numbers-v2-regulatory/ListBundle", parameters: RegulatoryBundle.Filter()),
        .init(
            operation: "numbers-v2-regulatory/CreateBundleClone",
            parameters: BundleClone.Creation(targetAccountSid: .sample)),
        .init(
            operation: "numbers-v2-regulatory/CreateItemAssignment",
            parameters: ItemAssignment.Creation(EndUserSid.sample)),
        .init(
            operation: "numbers-v2-regulatory/CreateEndUser",
            parameters: EndUser.Creation(friendlyName: "", type: .business)),
        .init(operation: "numbers-v2-regulatory/UpdateEndUser", parameters: EndUser.Update()),
        .init(operation: "numbers-v2-regulatory/ListRegulation", parameters: Regulation.Filter()),
        .init(
            operation: "numbers-v2-regulatory/CreateSupportingDocument",
            parameters: SupportingDocument.Creation(friendlyName: "", type: "")),
        .init(operation: "numbers-v2-regulatory/UpdateSupportingDocument", parameters: SupportingDocument.Update()),
        .init(operation: "numbers-v1-porting/FetchPortingPortability", parameters: Portability.Query()),
        .init(
            operation: "numbers-v1-porting/ListPortInRequests", parameters: PortInRequest.Filter(),
            without: ["Token", "Size"]),
    ]

    private static let verifyBlocks: [String: Set<String>] = [
        "Push": ["Push.IncludeDate", "Push.ApnCredentialSid", "Push.FcmCredentialSid"],
        "Totp": ["Totp.Issuer", "Totp.TimeStep", "Totp.CodeLength", "Totp.Skew"],
        "Whatsapp": ["Whatsapp.MsgServiceSid", "Whatsapp.From"],
        "Passkeys": [
            "Passkeys.RelyingParty.Id", "Passkeys.RelyingParty.Name", "Passkeys.RelyingParty.Origins",
            "Passkeys.AuthenticatorAttachment", "Passkeys.DiscoverableCredentials", "Passkeys.UserVerification",
        ],
    ]

    @Test(arguments: requests) func `a request has Twilio's parameters, all of them and no other`(request: Request)
        throws
    {
        let documents = try JSONDecoder().decode([String: [String]].self, from: RecordedAnswers.data("parameters.json"))
        let documented = Set(try #require(documents[request.operation]))
        var ours: Set<String> = []
        for child in Mirror(reflecting: request.parameters).children {
            let label = try #require(child.label)
            let name = label.prefix(1).uppercased() + label.dropFirst()
            if let instead = request.instead[name] {
                ours.formUnion(instead)
            } else if type(of: child.value) == TimeFilter?.self {
                ours.formUnion([name, name + "<", name + ">"])
            } else {
                ours.insert(name)
            }
        }
        #expect(ours.subtracting(documented) == [])
        #expect(documented.subtracting(ours).subtracting(request.without) == [])
    }
}
