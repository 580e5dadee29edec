import Foundation
import Testing
import Twilio
import Vault

extension CallTable {
    static let accounts: [CallRow] = [
        CallRow("api-2010/Account/CreateAccount", "POST", "/2010-04-01/Accounts.json", "FriendlyName=Clinic+2") {
            let outcome = await $0.accounts.create(with(.init()) { $0.friendlyName = "Clinic 2" })
            guard case .accepted(let made) = outcome else { throw NotMade(outcome: "\(outcome)") }
            #expect(made.authToken.count == "auth_token".count)
            return [made.account]
        },
        CallRow("api-2010/Account/FetchAccount", "GET", "~.json") { [try await $0.accounts.fetch()] },
        CallRow(
            "api-2010/Account/ListAccount", "GET", "/2010-04-01/Accounts.json?Status=active&PageSize=50"
        ) { client in
            try await page(client.accounts.list(with(.init()) { $0.status = .active }))
        },
        CallRow("api-2010/Account/UpdateAccount", "POST", "~.json", "Status=closed") {
            [try await $0.accounts.update(.sample, with(.init()) { $0.status = .closed })]
        },
        CallRow("api-2010/Balance/FetchBalance", "GET", "~/Balance.json") { [try await $0.balance()] },
        CallRow("api-2010/NewKey/CreateNewKey", "POST", "~/Keys.json", "FriendlyName=gateway") {
            let outcome = await $0.keys.create(with(.init()) { $0.friendlyName = "gateway" })
            guard case .accepted(let made) = outcome else { throw NotMade(outcome: "\(outcome)") }
            #expect(made.secret.count == "foobar".count)
            return [made.key]
        },
        CallRow("api-2010/Key/FetchKey", "GET", "~/Keys/{SK}.json") { [try await $0.keys.fetch(.sample)] },
        CallRow("api-2010/Key/ListKey", "GET", "~/Keys.json?PageSize=50") { try await page($0.keys.list()) },
        CallRow("api-2010/Key/UpdateKey", "POST", "~/Keys/{SK}.json", "FriendlyName=x") {
            [try await $0.keys.update(.sample, with(.init()) { $0.friendlyName = "x" })]
        },
        CallRow("api-2010/Key/DeleteKey", "DELETE", "~/Keys/{SK}.json") {
            try await $0.keys.delete(.sample)
            return []
        },
        CallRow(
            "iam-v1-keys/NewKey/CreateNewKey", "POST", "/v1/Keys",
            "AccountSid={AC}&KeyType=restricted&Policy=%7B%22allow%22%3A%5B%22%2Ftwilio%2Fmessaging%2Fmessages%2Fread%22%5D%7D"
        ) {
            let key = with(IamKeys.Creation(accountSid: .sample)) {
                $0.keyType = .restricted
                $0.policy = .object(["allow": .array([.string("/twilio/messaging/messages/read")])])
            }
            let outcome = await $0.iamKeys.create(key)
            guard case .accepted(let made) = outcome else { throw NotMade(outcome: "\(outcome)") }
            return [made.key]
        },
        CallRow("iam-v1-keys/Key/FetchKey", "GET", "/v1/Keys/{SK}") { [try await $0.iamKeys.fetch(.sample)] },
        CallRow("iam-v1-keys/GetKeys/ListGetKeys", "GET", "/v1/Keys?AccountSid={AC}&PageSize=50") {
            try await page($0.iamKeys.list(.init(accountSid: .sample)))
        },
        CallRow("iam-v1-keys/Key/UpdateKey", "POST", "/v1/Keys/{SK}", "FriendlyName=x") {
            [try await $0.iamKeys.update(.sample, with(.init()) { $0.friendlyName = "x" })]
        },
        CallRow("iam-v1-keys/Key/DeleteKey", "DELETE", "/v1/Keys/{SK}") {
            try await $0.iamKeys.delete(.sample)
            return []
        },
        CallRow("accounts-v1/SecondaryAuthToken/CreateSecondaryAuthToken", "POST", "/v1/AuthTokens/Secondary") {
            try made(await $0.authTokens.createSecondary())
        },
        CallRow("accounts-v1/SecondaryAuthToken/DeleteSecondaryAuthToken", "DELETE", "/v1/AuthTokens/Secondary") {
            try await $0.authTokens.deleteSecondary()
            return []
        },
        CallRow("accounts-v1/AuthTokenPromotion/UpdateAuthTokenPromotion", "POST", "/v1/AuthTokens/Promote") {
            try made(await $0.authTokens.promote())
        },
    ]

    static let usage: [CallRow] = [
        CallRow(
            "api-2010/UsageRecord/ListUsageRecord", "GET",
            "~/Usage/Records.json?Category=sms&StartDate=2024-01-01&EndDate=2024-01-31&IncludeSubaccounts=false&PageSize=50"
        ) { client in
            let filter = with(UsageRecord.Filter()) {
                $0.category = "sms"
                $0.startDate = Day("2024-01-01")
                $0.endDate = Day("2024-01-31")
                $0.includeSubaccounts = false
            }
            return try await page(client.usageRecords.list(.all, filter))
        },
        span("AllTime", .allTime), span("Daily", .daily), span("LastMonth", .lastMonth), span("Monthly", .monthly),
        span("ThisMonth", .thisMonth), span("Today", .today), span("Yearly", .yearly), span("Yesterday", .yesterday),
        CallRow(
            "api-2010/UsageTrigger/CreateUsageTrigger", "POST", "~/Usage/Triggers.json",
            "CallbackUrl=https%3A%2F%2Fgw.example.test%2Fu&TriggerValue=%2B10&UsageCategory=sms&Recurring=daily&TriggerBy=count"
        ) { client in
            let trigger = with(
                UsageTrigger.Creation(
                    callbackUrl: "https://gw.example.test/u", triggerValue: "+10", usageCategory: "sms")
            ) {
                $0.recurring = .daily
                $0.triggerBy = .count
            }
            return try made(await client.usageTriggers.create(trigger))
        },
        CallRow("api-2010/UsageTrigger/FetchUsageTrigger", "GET", "~/Usage/Triggers/{UT}.json") {
            [try await $0.usageTriggers.fetch(.sample)]
        },
        CallRow(
            "api-2010/UsageTrigger/ListUsageTrigger", "GET", "~/Usage/Triggers.json?Recurring=daily&PageSize=50"
        ) { client in
            try await page(client.usageTriggers.list(with(.init()) { $0.recurring = .daily }))
        },
        CallRow("api-2010/UsageTrigger/UpdateUsageTrigger", "POST", "~/Usage/Triggers/{UT}.json", "FriendlyName=x") {
            [try await $0.usageTriggers.update(.sample, with(.init()) { $0.friendlyName = "x" })]
        },
        CallRow("api-2010/UsageTrigger/DeleteUsageTrigger", "DELETE", "~/Usage/Triggers/{UT}.json") {
            try await $0.usageTriggers.delete(.sample)
            return []
        },
    ]

    private static func span(_ name: String, _ span: UsageRecord.Span) -> CallRow {
        CallRow(
            "api-2010/UsageRecord\(name)/ListUsageRecord\(name)", "GET", "~/Usage/Records/\(name).json?PageSize=50"
        ) { try await page($0.usageRecords.list(span)) }
    }

    static let addresses: [CallRow] = [
        CallRow(
            "api-2010/Address/CreateAddress", "POST", "~/Addresses.json",
            "CustomerName=Clinic&Street=Main+St+1&City=Springfield&Region=OR&PostalCode=97475&IsoCountry=US"
                + "&EmergencyEnabled=true"
        ) { client in
            let address = with(
                Address.Creation(
                    customerName: "Clinic", street: "Main St 1", city: "Springfield", region: "OR",
                    postalCode: "97475", isoCountry: "US")
            ) { $0.emergencyEnabled = true }
            return try made(await client.addresses.create(address))
        },
        CallRow("api-2010/Address/FetchAddress", "GET", "~/Addresses/{AD}.json") {
            [try await $0.addresses.fetch(.sample)]
        },
        CallRow("api-2010/Address/ListAddress", "GET", "~/Addresses.json?IsoCountry=US&PageSize=50") {
            try await page($0.addresses.list(with(.init()) { $0.isoCountry = "US" }))
        },
        CallRow("api-2010/Address/UpdateAddress", "POST", "~/Addresses/{AD}.json", "StreetSecondary=") {
            [try await $0.addresses.update(.sample, with(.init()) { $0.streetSecondary = "" })]
        },
        CallRow("api-2010/Address/DeleteAddress", "DELETE", "~/Addresses/{AD}.json") {
            try await $0.addresses.delete(.sample)
            return []
        },
        CallRow(
            "api-2010/DependentPhoneNumber/ListDependentPhoneNumber", "GET",
            "~/Addresses/{AD}/DependentPhoneNumbers.json?PageSize=50"
        ) { try await page($0.addresses.dependentPhoneNumbers(of: .sample)) },
        CallRow(
            "api-2010/ValidationRequest/CreateValidationRequest", "POST", "~/OutgoingCallerIds.json",
            "PhoneNumber=%2B14155550123&CallDelay=5"
        ) {
            try made(
                await $0.outgoingCallerIds.create(with(.init(phoneNumber: "+14155550123")) { $0.callDelay = 5 }))
        },
        CallRow("api-2010/OutgoingCallerId/FetchOutgoingCallerId", "GET", "~/OutgoingCallerIds/{PN}.json") {
            [try await $0.outgoingCallerIds.fetch(.sample)]
        },
        CallRow(
            "api-2010/OutgoingCallerId/ListOutgoingCallerId", "GET",
            "~/OutgoingCallerIds.json?PhoneNumber=%2B14155550123&PageSize=50"
        ) { try await page($0.outgoingCallerIds.list(with(.init()) { $0.phoneNumber = "+14155550123" })) },
        CallRow(
            "api-2010/OutgoingCallerId/UpdateOutgoingCallerId", "POST", "~/OutgoingCallerIds/{PN}.json",
            "FriendlyName=x"
        ) { [try await $0.outgoingCallerIds.update(.sample, with(.init()) { $0.friendlyName = "x" })] },
        CallRow("api-2010/OutgoingCallerId/DeleteOutgoingCallerId", "DELETE", "~/OutgoingCallerIds/{PN}.json") {
            try await $0.outgoingCallerIds.delete(.sample)
            return []
        },
    ]
}
