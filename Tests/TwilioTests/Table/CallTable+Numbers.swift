import Foundation
import Testing
import Twilio

extension CallTable {
    static let numbers: [CallRow] = [
        CallRow(
            "api-2010/IncomingPhoneNumber/CreateIncomingPhoneNumber", "POST", "~/IncomingPhoneNumbers.json",
            "AreaCode=415&SmsMethod=POST&SmsUrl=https%3A%2F%2Fgw.example.test%2F&VoiceReceiveMode=voice&BundleSid={BU}"
        ) { client in
            let number = with(IncomingPhoneNumber.Creation(.areaCode("415"))) {
                $0.smsUrl = "https://gw.example.test/"
                $0.smsMethod = .post
                $0.voiceReceiveMode = .voice
                $0.bundleSid = .sample
            }
            return try made(await client.incomingPhoneNumbers.create(number))
        },
        CallRow("api-2010/IncomingPhoneNumber/FetchIncomingPhoneNumber", "GET", "~/IncomingPhoneNumbers/{PN}.json") {
            [try await $0.incomingPhoneNumbers.fetch(.sample)]
        },
        CallRow(
            "api-2010/IncomingPhoneNumber/ListIncomingPhoneNumber", "GET",
            "~/IncomingPhoneNumbers.json?Beta=false&PhoneNumber=*555*&PageSize=50"
        ) { client in
            let filter = with(IncomingPhoneNumber.Filter()) {
                $0.phoneNumber = "*555*"
                $0.beta = false
            }
            return try await page(client.incomingPhoneNumbers.list(filter))
        },
        CallRow(
            "api-2010/IncomingPhoneNumber/UpdateIncomingPhoneNumber", "POST", "~/IncomingPhoneNumbers/{PN}.json",
            "AccountSid={AC}&VoiceUrl="
        ) {
            [
                try await $0.incomingPhoneNumbers.update(
                    .sample,
                    with(.init()) {
                        $0.accountSid = .sample
                        $0.voiceUrl = ""
                    })
            ]
        },
        CallRow(
            "api-2010/IncomingPhoneNumber/DeleteIncomingPhoneNumber", "DELETE", "~/IncomingPhoneNumbers/{PN}.json"
        ) {
            try await $0.incomingPhoneNumbers.delete(.sample)
            return []
        },
        buying("Local", .local), listing("Local", .local), buying("Mobile", .mobile), listing("Mobile", .mobile),
        buying("TollFree", .tollFree), listing("TollFree", .tollFree),
        CallRow(
            "api-2010/AvailablePhoneNumberCountry/ListAvailablePhoneNumberCountry", "GET",
            "~/AvailablePhoneNumbers.json"
        ) { try await $0.availablePhoneNumbers.countries() },
        CallRow(
            "api-2010/AvailablePhoneNumberCountry/FetchAvailablePhoneNumberCountry", "GET",
            "~/AvailablePhoneNumbers/US.json"
        ) { [try await $0.availablePhoneNumbers.country(try country())] },
        searching("Local", .local), searching("Mobile", .mobile), searching("TollFree", .tollFree),
    ]

    private static func buying(_ name: String, _ type: PhoneNumberType) -> CallRow {
        CallRow(
            "api-2010/IncomingPhoneNumber\(name)/CreateIncomingPhoneNumber\(name)", "POST",
            "~/IncomingPhoneNumbers/\(name).json", "PhoneNumber=%2B14155550101"
        ) { try made(await $0.incomingPhoneNumbers.of(type).create(.init(.phoneNumber("+14155550101")))) }
    }

    private static func listing(_ name: String, _ type: PhoneNumberType) -> CallRow {
        CallRow(
            "api-2010/IncomingPhoneNumber\(name)/ListIncomingPhoneNumber\(name)", "GET",
            "~/IncomingPhoneNumbers/\(name).json?PageSize=50"
        ) { try await page($0.incomingPhoneNumbers.of(type).list()) }
    }

    private static func searching(_ name: String, _ type: PhoneNumberType) -> CallRow {
        CallRow(
            "api-2010/AvailablePhoneNumber\(name)/ListAvailablePhoneNumber\(name)", "GET",
            "~/AvailablePhoneNumbers/US/\(name).json?AreaCode=415&SmsEnabled=true&NearLatLong=37.7%2C-122.4&PageSize=5"
        ) { client in
            let search = with(AvailablePhoneNumber.Search()) {
                $0.areaCode = 415
                $0.smsEnabled = true
                $0.nearLatLong = "37.7,-122.4"
                $0.pageSize = 5
            }
            return try await client.availablePhoneNumbers.search(in: try country(), type, search)
        }
    }

    static let pricing: [CallRow] = [
        CallRow("pricing-v1/MessagingCountry/ListMessagingCountry", "GET", "/v1/Messaging/Countries?PageSize=50") {
            try await page($0.pricing.messaging.countries())
        },
        CallRow("pricing-v1/MessagingCountry/FetchMessagingCountry", "GET", "/v1/Messaging/Countries/US") {
            [try await $0.pricing.messaging.fetch(try country())]
        },
        CallRow(
            "pricing-v1/PhoneNumberCountry/ListPhoneNumberCountry", "GET", "/v1/PhoneNumbers/Countries?PageSize=50"
        ) { try await page($0.pricing.phoneNumbers.countries()) },
        CallRow("pricing-v1/PhoneNumberCountry/FetchPhoneNumberCountry", "GET", "/v1/PhoneNumbers/Countries/US") {
            [try await $0.pricing.phoneNumbers.fetch(try country())]
        },
        CallRow("pricing-v1/VoiceCountry/ListVoiceCountry", "GET", "/v1/Voice/Countries?PageSize=50") {
            try await page($0.pricing.voiceV1.countries())
        },
        CallRow("pricing-v1/VoiceCountry/FetchVoiceCountry", "GET", "/v1/Voice/Countries/US") {
            [try await $0.pricing.voiceV1.fetch(try country())]
        },
        CallRow("pricing-v1/VoiceNumber/FetchVoiceNumber", "GET", "/v1/Voice/Numbers/+14155550123") {
            [try await $0.pricing.voiceV1.fetch(number: try segment("+14155550123"))]
        },
        CallRow("pricing-v2-voice/VoiceCountry/ListVoiceCountry", "GET", "/v2/Voice/Countries?PageSize=50") {
            try await page($0.pricing.voice.countries())
        },
        CallRow("pricing-v2-voice/VoiceCountry/FetchVoiceCountry", "GET", "/v2/Voice/Countries/US") {
            [try await $0.pricing.voice.fetch(try country())]
        },
        CallRow(
            "pricing-v2-voice/VoiceNumber/FetchVoiceNumber", "GET",
            "/v2/Voice/Numbers/+14155550123?OriginationNumber=%2B14155550100"
        ) { [try await $0.pricing.voice.fetch(to: try segment("+14155550123"), from: "+14155550100")] },
    ]

    static let porting: [CallRow] = [
        CallRow(
            "numbers-v1-porting/PortingPortability/FetchPortingPortability", "GET",
            "/v1/Porting/Portability/PhoneNumber/+14155550123?TargetAccountSid={AC}"
        ) {
            [
                try await $0.porting.portability(
                    of: try segment("+14155550123"), with(.init()) { $0.targetAccountSid = .sample })
            ]
        },
        CallRow(
            "numbers-v1-porting/PortingPortIn/CreatePortingPortIn", "POST", "/v1/Porting/PortIn",
            #"{"account_sid":"{AC}","documents":["{RD}"],"losing_carrier_information":{"account_number":"1","address":"#
                + #"{"city":"Springfield","street_2":"Floor 2"},"address_sid":"{AD}","customer_type":"Business"},"#
                + #""phone_numbers":[{"phone_number":"+14155550101","pin":"1234"}],"target_port_in_date":"2024-02-01"}"#
        ) { client in
            let carrier = with(LosingCarrierInformation()) {
                $0.accountNumber = "1"
                $0.addressSid = AddressSid.sample.text
                $0.customerType = "Business"
                $0.address = with(PortingAddress()) {
                    $0.city = "Springfield"
                    $0.street2 = "Floor 2"
                }
            }
            let portIn = with(
                PortIn.Creation(
                    accountSid: .sample, documents: [.sample], phoneNumbers: [.init("+14155550101", pin: "1234")],
                    losingCarrierInformation: carrier)
            ) { $0.targetPortInDate = Day("2024-02-01") }
            return try made(await client.porting.create(portIn))
        },
        CallRow("numbers-v1-porting/PortingPortIn/FetchPortingPortIn", "GET", "/v1/Porting/PortIn/{KW}") {
            [try await $0.porting.fetch(.sample)]
        },
        CallRow(
            "numbers-v1-porting/PortInRequests/ListPortInRequests", "GET",
            "/v1/Porting/PortIn/PortInRequests?CreatedAfter=2024-01-01&Size=100"
        ) { client in
            try await page(client.porting.list(with(.init()) { $0.createdAfter = Day("2024-01-01") }, size: 500))
        },
        CallRow("numbers-v1-porting/PortingPortIn/DeletePortingPortIn", "DELETE", "/v1/Porting/PortIn/{KW}") {
            try await $0.porting.delete(.sample)
            return []
        },
        CallRow(
            "numbers-v1-porting/PortingPortInPhoneNumber/FetchPortingPortInPhoneNumber", "GET",
            "/v1/Porting/PortIn/{KW}/PhoneNumber/{PU}"
        ) { [try await $0.porting.fetchPhoneNumber(.sample, of: .sample)] },
        CallRow(
            "numbers-v1-porting/PortingPortInPhoneNumber/DeletePortingPortInPhoneNumber", "DELETE",
            "/v1/Porting/PortIn/{KW}/PhoneNumber/{PU}"
        ) {
            try await $0.porting.deletePhoneNumber(.sample, of: .sample)
            return []
        },
        CallRow(
            "numbers-v1-porting/PortingWebhookConfiguration/CreatePortingWebhookConfiguration", "POST",
            "/v1/Porting/Configuration/Webhook",
            #"{"notifications_of":["PortInCompleted"],"port_in_target_url":"https://gw.example.test/p"}"#
        ) { client in
            let webhook = with(PortingWebhook.Creation()) {
                $0.portInTargetUrl = "https://gw.example.test/p"
                $0.notificationsOf = ["PortInCompleted"]
            }
            return try made(await client.porting.createWebhook(webhook))
        },
        CallRow(
            "numbers-v1-porting/PortingWebhookConfigurationFetch/FetchPortingWebhookConfigurationFetch", "GET",
            "/v1/Porting/Configuration/Webhook"
        ) { [try await $0.porting.fetchWebhook()] },
        CallRow(
            "numbers-v1-porting/PortingWebhookConfigurationDelete/DeletePortingWebhookConfigurationDelete", "DELETE",
            "/v1/Porting/Configuration/Webhook/PORT_IN"
        ) {
            try await $0.porting.deleteWebhook(.portIn)
            return []
        },
    ]
}
