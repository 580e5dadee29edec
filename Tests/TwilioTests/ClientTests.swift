import Curl
import FoundationEssentials
import TestServer
import Testing
import Twilio
import Vault

@Suite struct ClientTests {
    private static func always(_ status: Int, _ body: String) -> RawServer.Script {
        { connection in
            while connection.readRequest() != nil { connection.answer(status, body) }
        }
    }

    @Test func `a message goes out as Twilio's form, with the account's name and token`() async throws {
        try await withTwilio(Self.always(201, Fixture.message())) { client, server in
            var message = Message.Creation(
                to: "+14155550123",
                sender: .messagingService(try Fixture.sid("MG", 1, as: MessagingServiceSid.self)), body: "Café & co")
            message.statusCallback = "https://gw.example.test/hooks?n=1"
            message.validityPeriod = 600
            _ = await client.messages.create(message)
            let got = try #require(server.received.first)
            #expect(got.method == "POST")
            #expect(got.target == "/2010-04-01/Accounts/\(Fixture.accountText)/Messages.json")
            #expect(
                got.headers["authorization"] == "Basic "
                    + Data("\(Fixture.accountText):\(Fixture.token)".utf8).base64EncodedString())
            #expect(got.headers["user-agent"] == "switchboard-tests/1")
            #expect(got.headers["content-type"] == "application/x-www-form-urlencoded")
            #expect(
                got.bodyText
                    == "To=%2B14155550123&MessagingServiceSid=MG00000000000000000000000000000001&Body=Caf%C3%A9+%26+co"
                    + "&StatusCallback=https%3A%2F%2Fgw.example.test%2Fhooks%3Fn%3D1&ValidityPeriod=600")
        }
    }

    @Test func `an account is read, and strange words in it are kept`() async throws {
        let body = """
            {"auth_token": "x", "date_created": "Thu, 30 Jul 2015 20:00:00 +0000", "date_updated": null, \
            "friendly_name": "Clinic", "owner_account_sid": "", "sid": "\(Fixture.accountText)", \
            "status": "frozen", "type": "Full"}
            """
        try await withTwilio(Self.always(200, body)) { client, server in
            let account = try await client.accounts.fetch()
            #expect(account.sid.text == Fixture.accountText)
            #expect(account.status == Account.Status(rawValue: "frozen"))
            #expect(account.type == .full)
            #expect(account.ownerAccountSid == nil)
            #expect(account.dateCreated == Date(timeIntervalSince1970: 1_438_286_400))
            #expect(server.received[0].target == "/2010-04-01/Accounts/\(Fixture.accountText).json")
        }
    }

    @Test func `a balance comes as text and becomes a decimal`() async throws {
        let body = #"{"account_sid": "\#(Fixture.accountText)", "balance": "-12.3400", "currency": "USD"}"#
        try await withTwilio(Self.always(200, body)) { client, _ in
            let balance = try await client.balance()
            #expect(balance.balance == Decimal(string: "-12.34"))
            #expect(balance.currency == "USD")
        }
    }

    @Test func `a number that is no number is not guessed at`() async throws {
        let body = #"{"account_sid": "\#(Fixture.accountText)", "balance": "12abc", "currency": "USD"}"#
        try await withTwilio(Self.always(200, body)) { client, _ in
            await #expect(throws: TwilioCallError.self) { _ = try await client.balance() }
        }
    }

    @Test func `a number is bought, set up, and given back`() async throws {
        let number = """
            {"sid": "PN00000000000000000000000000000001", "account_sid": "\(Fixture.accountText)", \
            "phone_number": "+14155550101", "friendly_name": "Front desk", "sms_url": "https://gw.example.test/", \
            "capabilities": {"voice": true, "sms": true, "mms": false, "fax": null}, "beta": false, \
            "address_requirements": "none", "voice_application_sid": "", "date_created": null}
            """
        try await withTwilio({ connection in
            while let request = connection.readRequest() {
                request.method == "DELETE" ? connection.answer(204) : connection.answer(201, number)
            }
        }) { client, server in
            var number = IncomingPhoneNumber.Creation(.phoneNumber("+14155550101"))
            number.smsUrl = "https://gw.example.test/"
            guard case .accepted(let bought) = await client.incomingPhoneNumbers.create(number) else {
                Issue.record("not bought")
                return
            }
            #expect(bought.capabilities == NumberCapabilities(voice: true, sms: true, mms: false, fax: false))
            #expect(bought.voiceApplicationSid == nil)
            var settings = IncomingPhoneNumber.Update()
            settings.smsUrl = ""
            _ = try await client.incomingPhoneNumbers.update(bought.sid, settings)
            try await client.incomingPhoneNumbers.delete(bought.sid)
            let root = "/2010-04-01/Accounts/\(Fixture.accountText)/IncomingPhoneNumbers"
            let paths = [root + ".json", "\(root)/\(bought.sid).json", "\(root)/\(bought.sid).json"]
            #expect(server.received.map(\.target) == paths)
            #expect(
                server.received.map(\.bodyText) == [
                    "PhoneNumber=%2B14155550101&SmsUrl=https%3A%2F%2Fgw.example.test%2F", "SmsUrl=", "",
                ])
        }
    }

    @Test func `numbers to buy are searched for`() async throws {
        let found = """
            {"uri": "/x", "available_phone_numbers": [{"phone_number": "+14155550102", "latitude": "37.780000", \
            "longitude": -122.4, "iso_country": "US", "capabilities": {"voice": true, "SMS": true, "MMS": true}}]}
            """
        try await withTwilio(Self.always(200, found)) { client, server in
            var search = AvailablePhoneNumber.Search()
            search.areaCode = 415
            search.smsEnabled = true
            let country = try #require(CountryCode("US"))
            let numbers = try await client.availablePhoneNumbers.search(in: country, .tollFree, search)
            #expect(numbers.map(\.phoneNumber) == ["+14155550102"])
            #expect(numbers[0].latitude == Decimal(string: "37.78"))
            #expect(numbers[0].capabilities?.sms == true)
            #expect(
                server.received[0].target
                    == "/2010-04-01/Accounts/\(Fixture.accountText)/AvailablePhoneNumbers/US/TollFree.json?AreaCode=415&SmsEnabled=true"
            )
        }
    }

    @Test func `messages are cancelled, redacted and deleted by their SID`() async throws {
        try await withTwilio({ connection in
            while let request = connection.readRequest() {
                request.method == "DELETE" ? connection.answer(204) : connection.answer(200, Fixture.message())
            }
        }) { client, server in
            let sid = try Fixture.sid("SM", 7, as: MessageSid.self)
            _ = try await client.messages.update(sid, .cancel)
            _ = try await client.messages.update(sid, .redact)
            _ = try await client.messages.fetch(sid)
            try await client.messages.delete(sid)
            #expect(server.received.map(\.bodyText) == ["Status=canceled", "Body=", "", ""])
            #expect(server.received.map(\.method) == ["POST", "POST", "GET", "DELETE"])
            #expect(server.received.allSatisfy { $0.target.hasSuffix("/Messages/\(sid).json") })
        }
    }

    @Test func `an API key signs in under its own name, on the account's paths`() async throws {
        try await withTwilio(Self.always(200, #"{"messages": []}"#)) { client, server in
            let transport = try HTTPTransport()
            let key = try Fixture.sid("SK", 1, as: KeySid.self)
            let other = TwilioClient(
                account: client.account, authentication: .apiKey(key, try Fixture.secret("s3cret")),
                endpoints: client.endpoints, transport: transport, userAgent: "t/1")
            for try await _ in other.messages.list() {}
            await transport.shutdown()
            #expect(
                server.received[0].headers["authorization"] == "Basic "
                    + Data("\(key):s3cret".utf8).base64EncodedString())
            #expect(server.received[0].target.hasPrefix("/2010-04-01/Accounts/\(Fixture.accountText)/"))
        }
    }

    @Test func `errors of reading calls say what to do`() async throws {
        try await withTwilio(Self.always(401, Fixture.error(20003, 401))) { client, _ in
            do throws(TwilioCallError) {
                _ = try await client.balance()
                Issue.record("not refused")
            } catch {
                #expect(error == .refused(TwilioError(code: 20003, status: 401, message: "Words")))
                #expect(error.disposition == .fixCredential)
            }
        }
    }
}
