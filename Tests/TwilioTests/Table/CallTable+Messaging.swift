import Foundation
import Testing
import Twilio

extension CallTable {
    static let messages: [CallRow] = [
        CallRow(
            "api-2010/Message/CreateMessage", "POST", "~/Messages.json",
            "To=%2B14155550123&MessagingServiceSid={MG}&Body=Caf%C3%A9+%26+co&MediaUrl=https%3A%2F%2Fx.test%2F1"
                + "&MediaUrl=https%3A%2F%2Fx.test%2F2&ContentSid={HX}&ContentVariables=%7B%221%22%3A%22x%22%7D"
                + "&ScheduleType=fixed&SendAt=2023-11-14T22%3A13%3A20Z&StatusCallback=https%3A%2F%2Fgw.example.test%2Fs"
                + "&ProvideFeedback=true&Attempt=1&ValidityPeriod=600&ForceDelivery=false&ContentRetention=discard"
                + "&AddressRetention=obfuscate&SmartEncoded=true&PersistentAction=geo%3A1%2C2&TrafficType=free"
                + "&ShortenUrls=true&SendAsMms=false&RiskCheck=enable&FallbackFrom=%2B14155550102"
        ) { client in
            let message = with(
                Message.Creation(to: "+14155550123", sender: .messagingService(.sample), body: "Café & co")
            ) {
                $0.mediaUrl = ["https://x.test/1", "https://x.test/2"]
                $0.contentSid = .sample
                $0.contentVariables = .object(["1": .string("x")])
                $0.schedule = .init(sendAt: Date(timeIntervalSince1970: 1_700_000_000))
                $0.statusCallback = "https://gw.example.test/s"
                $0.provideFeedback = true
                $0.attempt = 1
                $0.validityPeriod = 600
                $0.forceDelivery = false
                $0.contentRetention = .discard
                $0.addressRetention = .obfuscate
                $0.smartEncoded = true
                $0.persistentAction = ["geo:1,2"]
                $0.trafficType = .free
                $0.shortenUrls = true
                $0.sendAsMms = false
                $0.riskCheck = .enable
                $0.fallbackFrom = "+14155550102"
            }
            return try made(await client.messages.create(message))
        },
        CallRow("api-2010/Message/FetchMessage", "GET", "~/Messages/{SM}.json") {
            [try await $0.messages.fetch(.sample)]
        },
        CallRow(
            "api-2010/Message/ListMessage", "GET",
            "~/Messages.json?To=%2B14155550123&DateSent%3E=2024-01-02T03%3A04%3A05Z&DateSent%3C=2024-01-05&PageSize=1000"
        ) { client in
            let filter = with(Message.Filter()) {
                $0.to = "+14155550123"
                $0.dateSent = TimeFilter(
                    from: .instant(Date(timeIntervalSince1970: 1_704_164_645)), to: Day("2024-01-05").map { .day($0) })
            }
            return try await page(client.messages.list(filter, pageSize: 5000))
        },
        CallRow("api-2010/Message/UpdateMessage", "POST", "~/Messages/{SM}.json", "Status=canceled") {
            [try await $0.messages.update(.sample, .cancel)]
        },
        CallRow("api-2010/Message/UpdateMessage", "POST", "~/Messages/{SM}.json", "Body=") {
            [try await $0.messages.update(.sample, .redact)]
        },
        CallRow("api-2010/Message/DeleteMessage", "DELETE", "~/Messages/{SM}.json") {
            try await $0.messages.delete(.sample)
            return []
        },
        CallRow(
            "api-2010/MessageFeedback/CreateMessageFeedback", "POST", "~/Messages/{SM}/Feedback.json",
            "Outcome=confirmed"
        ) { try made(await $0.messages.createFeedback(of: .sample, with(.init()) { $0.outcome = .confirmed })) },
        CallRow("api-2010/Media/FetchMedia", "GET", "~/Messages/{SM}/Media/{ME}.json") {
            [try await $0.messages.media(of: .sample).fetch(.sample)]
        },
        CallRow(
            "api-2010/Media/ListMedia", "GET", "~/Messages/{SM}/Media.json?DateCreated=2024-01-02&PageSize=50"
        ) { client in
            let filter = with(Media.Filter()) {
                $0.dateCreated = TimeFilter(on: Day("2024-01-02").map { .day($0) })
            }
            return try await page(client.messages.media(of: .sample).list(filter))
        },
        CallRow("api-2010/Media/DeleteMedia", "DELETE", "~/Messages/{SM}/Media/{ME}.json") {
            try await $0.messages.media(of: .sample).delete(.sample)
            return []
        },
    ]

    static let messagingServices: [CallRow] = [
        CallRow(
            "messaging-v1/Service/CreateService", "POST", "/v1/Services",
            "FriendlyName=Pool&InboundMethod=POST&StickySender=true&ScanMessageContent=inherit&ValidityPeriod=600"
        ) { client in
            let service = with(MessagingService.Creation(friendlyName: "Pool")) {
                $0.inboundMethod = .post
                $0.stickySender = true
                $0.scanMessageContent = .inherit
                $0.validityPeriod = 600
            }
            return try made(await client.messagingServices.create(service))
        },
        CallRow("messaging-v1/Service/FetchService", "GET", "/v1/Services/{MG}") {
            [try await $0.messagingServices.fetch(.sample)]
        },
        CallRow("messaging-v1/Service/ListService", "GET", "/v1/Services?PageSize=20") {
            try await page($0.messagingServices.list(pageSize: 20))
        },
        CallRow("messaging-v1/Service/UpdateService", "POST", "/v1/Services/{MG}", "FallbackUrl=") {
            [try await $0.messagingServices.update(.sample, with(.init()) { $0.fallbackUrl = "" })]
        },
        CallRow("messaging-v1/Service/DeleteService", "DELETE", "/v1/Services/{MG}") {
            try await $0.messagingServices.delete(.sample)
            return []
        },
        CallRow(
            "messaging-v1/PhoneNumber/CreatePhoneNumber", "POST", "/v1/Services/{MG}/PhoneNumbers",
            "PhoneNumberSid={PN}"
        ) { try made(await $0.messagingServices.phoneNumbers(of: .sample).create(.init(phoneNumberSid: .sample))) },
        CallRow("messaging-v1/PhoneNumber/FetchPhoneNumber", "GET", "/v1/Services/{MG}/PhoneNumbers/{PN}") {
            [try await $0.messagingServices.phoneNumbers(of: .sample).fetch(.sample)]
        },
        CallRow("messaging-v1/PhoneNumber/ListPhoneNumber", "GET", "/v1/Services/{MG}/PhoneNumbers?PageSize=50") {
            try await page($0.messagingServices.phoneNumbers(of: .sample).list())
        },
        CallRow("messaging-v1/PhoneNumber/DeletePhoneNumber", "DELETE", "/v1/Services/{MG}/PhoneNumbers/{PN}") {
            try await $0.messagingServices.phoneNumbers(of: .sample).delete(.sample)
            return []
        },
        CallRow(
            "messaging-v1/ShortCode/CreateShortCode", "POST", "/v1/Services/{MG}/ShortCodes", "ShortCodeSid={SC}"
        ) { try made(await $0.messagingServices.shortCodes(of: .sample).create(.init(shortCodeSid: .sample))) },
        CallRow("messaging-v1/ShortCode/FetchShortCode", "GET", "/v1/Services/{MG}/ShortCodes/{SC}") {
            [try await $0.messagingServices.shortCodes(of: .sample).fetch(.sample)]
        },
        CallRow("messaging-v1/ShortCode/ListShortCode", "GET", "/v1/Services/{MG}/ShortCodes?PageSize=50") {
            try await page($0.messagingServices.shortCodes(of: .sample).list())
        },
        CallRow("messaging-v1/ShortCode/DeleteShortCode", "DELETE", "/v1/Services/{MG}/ShortCodes/{SC}") {
            try await $0.messagingServices.shortCodes(of: .sample).delete(.sample)
            return []
        },
        CallRow(
            "messaging-v1/AlphaSender/CreateAlphaSender", "POST", "/v1/Services/{MG}/AlphaSenders",
            "AlphaSender=Clinic"
        ) { try made(await $0.messagingServices.alphaSenders(of: .sample).create(.init(alphaSender: "Clinic"))) },
        CallRow("messaging-v1/AlphaSender/FetchAlphaSender", "GET", "/v1/Services/{MG}/AlphaSenders/{AI}") {
            [try await $0.messagingServices.alphaSenders(of: .sample).fetch(.sample)]
        },
        CallRow("messaging-v1/AlphaSender/ListAlphaSender", "GET", "/v1/Services/{MG}/AlphaSenders?PageSize=50") {
            try await page($0.messagingServices.alphaSenders(of: .sample).list())
        },
        CallRow("messaging-v1/AlphaSender/DeleteAlphaSender", "DELETE", "/v1/Services/{MG}/AlphaSenders/{AI}") {
            try await $0.messagingServices.alphaSenders(of: .sample).delete(.sample)
            return []
        },
    ]

    static let verify: [CallRow] = [
        CallRow(
            "verify-v2/Service/CreateService", "POST", "/v2/Services",
            "FriendlyName=Clinic&CodeLength=6&Psd2Enabled=true&Push.IncludeDate=true&Totp.TimeStep=30"
                + "&Whatsapp.MsgServiceSid={MG}&Passkeys.RelyingParty.Id=clinic.example.test"
                + "&Passkeys.RelyingParty.Origins=a.example.test%2Cb.example.test"
        ) { client in
            let service = with(VerifyService.Creation(friendlyName: "Clinic")) {
                $0.codeLength = 6
                $0.psd2Enabled = true
                $0.push = with(.init()) { $0.includeDate = true }
                $0.totp = with(.init()) { $0.timeStep = 30 }
                $0.whatsapp = with(.init()) { $0.msgServiceSid = .sample }
                $0.passkeys = with(.init()) {
                    $0.relyingParty = with(.init()) {
                        $0.id = "clinic.example.test"
                        $0.origins = ["a.example.test", "b.example.test"]
                    }
                }
            }
            return try made(await client.verifyServices.create(service))
        },
        CallRow("verify-v2/Service/FetchService", "GET", "/v2/Services/{VA}") {
            [try await $0.verifyServices.fetch(.sample)]
        },
        CallRow("verify-v2/Service/ListService", "GET", "/v2/Services?PageSize=50") {
            try await page($0.verifyServices.list())
        },
        CallRow("verify-v2/Service/UpdateService", "POST", "/v2/Services/{VA}", "LookupEnabled=true") {
            [try await $0.verifyServices.update(.sample, with(.init()) { $0.lookupEnabled = true })]
        },
        CallRow("verify-v2/Service/DeleteService", "DELETE", "/v2/Services/{VA}") {
            try await $0.verifyServices.delete(.sample)
            return []
        },
        CallRow(
            "verify-v2/Verification/CreateVerification", "POST", "/v2/Services/{VA}/Verifications",
            "To=%2B14155550123&Channel=sms&Locale=en&RateLimits=%7B%22ip%22%3A%22127.0.0.1%22%7D&RiskCheck=disable"
        ) { client in
            let verification = with(Verification.Creation(to: "+14155550123", channel: .sms)) {
                $0.locale = "en"
                $0.rateLimits = .object(["ip": .string("127.0.0.1")])
                $0.riskCheck = .disable
            }
            return try made(await client.verifyServices.verifications(of: .sample).create(verification))
        },
        CallRow("verify-v2/Verification/FetchVerification", "GET", "/v2/Services/{VA}/Verifications/+14155550123") {
            [try await $0.verifyServices.verifications(of: .sample).fetch(.to(try segment("+14155550123")))]
        },
        CallRow(
            "verify-v2/Verification/UpdateVerification", "POST", "/v2/Services/{VA}/Verifications/{VE}",
            "Status=approved"
        ) {
            [
                try await $0.verifyServices.verifications(of: .sample).update(
                    .sid(.sample), .init(status: .approved))
            ]
        },
        CallRow(
            "verify-v2/VerificationCheck/CreateVerificationCheck", "POST", "/v2/Services/{VA}/VerificationCheck",
            "Code=123456&VerificationSid={VE}"
        ) { client in
            let check = with(VerificationCheck.Creation()) {
                $0.code = "123456"
                $0.verificationSid = .sample
            }
            return try made(await client.verifyServices.createCheck(of: .sample, check))
        },
        CallRow(
            "lookups-v2/PhoneNumber/FetchPhoneNumber", "GET",
            "/v2/PhoneNumbers/+14155550123?Fields=caller_name%2Csim_swap&FirstName=Anna&AddressLine1=Main+St+1"
        ) { client in
            let query = with(Lookup.Query([.callerName, .simSwap])) {
                $0.firstName = "Anna"
                $0.addressLine1 = "Main St 1"
            }
            return [try await client.lookups.fetch(try segment("+14155550123"), query)]
        },
    ]
}
