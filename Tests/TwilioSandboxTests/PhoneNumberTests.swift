import Testing
import TwilioSandbox

@Suite(.timeLimit(.minutes(1))) struct PhoneNumberTests {
    private func search(_ sandbox: Sandbox, _ path: String) async throws -> [Value] {
        try await sandbox.api(.get, "/AvailablePhoneNumbers/" + path).json["available_phone_numbers"].array
    }

    @Test func `only fictional numbers are offered, and filters take what they name`() async throws {
        try await Sandbox.with { sandbox async throws in
            let all = try await search(sandbox, "US/Local.json?PageSize=1000")
            #expect(all.count > 1000 - 1)
            for number in all.compactMap(\.["phone_number"].string) {
                #expect(number.dropFirst(5).hasPrefix("55501") && number.count == 12)
            }
            let denver = try await search(sandbox, "US/Local.json?AreaCode=303&PageSize=5")
            #expect(denver.count == 5)
            #expect(denver.allSatisfy { $0["region"].string == "CO" && $0["locality"].string == "Denver" })
            let seven = try await search(sandbox, "US/Local.json?Contains=*5550177&PageSize=100")
            #expect(!seven.isEmpty)
            #expect(seven.allSatisfy { $0["phone_number"].string?.hasSuffix("5550177") == true })
            let texting = try await search(sandbox, "US/Local.json?AreaCode=415&SmsEnabled=true&PageSize=200")
            #expect(texting.count == 90)
            let tollFree = try await search(sandbox, "US/TollFree.json?AreaCode=888&PageSize=1")
            #expect(tollFree.first?["phone_number"].string?.hasPrefix("+1888") == true)
            #expect(tollFree.first?["region"].isNull == true)
            #expect(try await search(sandbox, "US/Mobile.json").isEmpty)
            #expect(try await search(sandbox, "CA/Local.json?AreaCode=604&PageSize=1").count == 1)
            #expect(try await sandbox.api(.get, "/AvailablePhoneNumbers/US/Local.json?AreaCode=4").code == 21451)
            #expect(try await sandbox.api(.get, "/AvailablePhoneNumbers/XX/Local.json").code == 20404)
            let countries = try await sandbox.api(.get, "/AvailablePhoneNumbers.json").json["countries"].array
            #expect(countries.compactMap(\.["country_code"].string) == ["US", "CA"])
        }
    }

    @Test func `a number is bought once, and again after its release`() async throws {
        var other = Sandbox.firm
        other.type = .full
        try await Sandbox.with(accounts: [Sandbox.clinic, other]) { sandbox async throws in
            let number = "+14155550142"
            let form = [("PhoneNumber", number), ("SmsUrl", "https://hooks.example/sms"), ("FriendlyName", "Desk")]
            let bought = try await sandbox.api(.post, "/IncomingPhoneNumbers.json", form: form)
            #expect(bought.status == 201)
            #expect(bought.json["sms_url"].string == "https://hooks.example/sms")
            #expect(bought.json["friendly_name"].string == "Desk")
            #expect(bought.json["capabilities"]["sms"].bool == true)
            let second = try await sandbox.api(.post, "/IncomingPhoneNumbers.json", as: other, form: form)
            #expect(second.code == 21422)
            #expect(second.json["message"].string == "\(number) is not available")
            let offered = try await search(sandbox, "US/Local.json?AreaCode=415&PageSize=200")
            #expect(offered.count == 99)
            let path = "/IncomingPhoneNumbers/\(bought.json["sid"].string ?? "").json"
            #expect(try await sandbox.api(.delete, path, as: other).status == 404)
            #expect(try await sandbox.api(.delete, path).status == 204)
            #expect(try await sandbox.api(.post, "/IncomingPhoneNumbers.json", as: other, form: form).status == 201)
        }
    }

    @Test func `numbers are listed, fetched and updated`() async throws {
        try await Sandbox.with { sandbox async throws in
            let list = try await sandbox.api(.get, "/IncomingPhoneNumbers.json?PageSize=1").json
            #expect(list["incoming_phone_numbers"].array.count == 1)
            #expect(list["next_page_uri"].string != nil)
            let found = try await sandbox.api(.get, "/IncomingPhoneNumbers.json?PhoneNumber=%2B12125550101").json
            let number = found["incoming_phone_numbers"][0]
            #expect(number["capabilities"]["sms"].bool == false)
            #expect(number["friendly_name"].string == "(212) 555-0101")
            let path = "/IncomingPhoneNumbers/\(number["sid"].string ?? "").json"
            let updated = try await sandbox.api(
                .post, path, form: [("SmsUrl", "https://hooks.example/a"), ("SmsMethod", "get"), ("VoiceUrl", "")])
            #expect(updated.json["sms_method"].string == "GET")
            #expect(try await sandbox.api(.get, path).json == updated.json)
            let refused = try await sandbox.api(.post, path, form: [("SmsUrl", "nowhere"), ("FriendlyName", "x")])
            #expect(refused.code == 21402)
            #expect(try await sandbox.api(.get, path).json == updated.json)
        }
    }

    @Test func `what cannot be bought says why`() async throws {
        try await Sandbox.with { sandbox async throws in
            func code(_ name: String, _ value: String, as account: SandboxAccount = Sandbox.clinic) async throws -> Int?
            {
                try await sandbox.api(.post, "/IncomingPhoneNumbers.json", as: account, form: [(name, value)]).code
            }
            #expect(try await code("PhoneNumber", "33") == 21421)
            #expect(try await code("PhoneNumber", "+12125550100") == 21422)
            #expect(try await code("AreaCode", "99") == 21451)
            #expect(try await code("AreaCode", "533") == 21452)
            #expect(try await code("AreaCode", "617") == nil)
            #expect(try await code("AreaCode", "617", as: Sandbox.firm) == 21404)
        }
    }

    @Test func `a number that is owned from the start needs no address to be changed`() async throws {
        var account = Sandbox.clinic
        account.numbers = ["+18085550100", "+14165550100"].map { SandboxNumber(phoneNumber: $0) }
        try await Sandbox.with(accounts: [account]) { sandbox async throws in
            let owned = try await sandbox.api(.get, "/IncomingPhoneNumbers.json").json["incoming_phone_numbers"].array
            #expect(owned.count == 2)
            for sid in owned.compactMap(\.["sid"].string) {
                let path = "/IncomingPhoneNumbers/\(sid).json"
                #expect(try await sandbox.api(.post, path, form: [("SmsUrl", "https://hooks.example/s")]).status == 200)
                let none = "AD" + String(repeating: "0", count: 32)
                #expect(try await sandbox.api(.post, path, form: [("AddressSid", none)]).status == 400)
            }
            let bought = try await sandbox.api(
                .post, "/IncomingPhoneNumbers.json", form: [("PhoneNumber", "+18085550101")])
            #expect(bought.code == 21631)
        }
    }
}
