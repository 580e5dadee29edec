package import FoundationEssentials

/// A set of settings for verifications. https://www.twilio.com/docs/verify/api/service
package struct VerifyService: AccountResource {
    package let sid: VerifyServiceSid
    package let accountSid: AccountSid
    package let friendlyName: String?
    /// Digits, 4 to 10.
    package let codeLength: Int?
    package let lookupEnabled: Bool?
    package let psd2Enabled: Bool?
    package let skipSmsToLandlines: Bool?
    package let dtmfInputRequired: Bool?
    package let ttsName: String?
    package let doNotShareWarningEnabled: Bool?
    package let customCodeEnabled: Bool?
    package let push: Push?
    package let totp: Totp?
    package let defaultTemplateSid: VerifyTemplateSid?
    package let whatsapp: Whatsapp?
    package let passkeys: Passkeys?
    package let verifyEventSubscriptionEnabled: Bool?
    package let dateCreated: Date?
    package let dateUpdated: Date?
}

extension VerifyService {
    package struct Push: Codable, Sendable, Hashable {
        package var includeDate: Bool?
        package var apnCredentialSid: String?
        package var fcmCredentialSid: String?

        package init() {}
    }

    package struct Totp: Codable, Sendable, Hashable {
        package var issuer: String?
        /// Seconds, 20 to 60.
        package var timeStep: Int?
        /// 3 to 8.
        package var codeLength: Int?
        package var skew: Int?

        package init() {}
    }

    package struct Whatsapp: Codable, Sendable, Hashable {
        package var msgServiceSid: MessagingServiceSid?
        package var from: String?

        package init() {}
    }

    package struct Passkeys: Codable, Sendable, Hashable {
        package struct RelyingParty: Codable, Sendable, Hashable {
            package var id: String?
            package var name: String?
            package var origins: CommaSeparated?

            package init() {}
        }

        package var relyingParty: RelyingParty?
        package var authenticatorAttachment: String?
        package var discoverableCredentials: String?
        package var userVerification: String?

        package init() {}
    }

    package struct Creation: Parameters {
        package var friendlyName: String
        /// Digits, 4 to 10.
        package var codeLength: Int?
        package var lookupEnabled: Bool?
        package var skipSmsToLandlines: Bool?
        package var dtmfInputRequired: Bool?
        package var ttsName: String?
        package var psd2Enabled: Bool?
        package var doNotShareWarningEnabled: Bool?
        package var customCodeEnabled: Bool?
        package var defaultTemplateSid: VerifyTemplateSid?
        package var verifyEventSubscriptionEnabled: Bool?
        package var push: Push?
        package var totp: Totp?
        package var whatsapp: Whatsapp?
        package var passkeys: Passkeys?

        package init(friendlyName: String) {
            self.friendlyName = friendlyName
        }
    }

    package struct Update: Parameters {
        package var friendlyName: String?
        /// Digits, 4 to 10.
        package var codeLength: Int?
        package var lookupEnabled: Bool?
        package var skipSmsToLandlines: Bool?
        package var dtmfInputRequired: Bool?
        package var ttsName: String?
        package var psd2Enabled: Bool?
        package var doNotShareWarningEnabled: Bool?
        package var customCodeEnabled: Bool?
        package var defaultTemplateSid: VerifyTemplateSid?
        package var verifyEventSubscriptionEnabled: Bool?
        package var push: Push?
        package var totp: Totp?
        package var whatsapp: Whatsapp?
        package var passkeys: Passkeys?

        package init() {}
    }
}

/// Verify services of the account.
package struct VerifyServices: Sendable {
    let place: ResourcePlace

    package func create(_ service: VerifyService.Creation) async -> CreationOutcome<VerifyService> {
        await place.create(service)
    }

    package func fetch(_ sid: VerifyServiceSid) async throws(TwilioCallError) -> VerifyService {
        try await place.at(sid).fetch()
    }

    package func list(pageSize: Int = 50) -> ResourceList<VerifyService> { place.list("services", pageSize: pageSize) }

    package func update(_ sid: VerifyServiceSid, _ update: VerifyService.Update) async throws(TwilioCallError)
        -> VerifyService
    { try await place.at(sid).update(update) }

    package func delete(_ sid: VerifyServiceSid) async throws(TwilioCallError) { try await place.at(sid).delete() }

    package func verifications(of service: VerifyServiceSid) -> Verifications {
        Verifications(place: place.at(service).at("Verifications"))
    }

    /// Checks the code that somebody entered. 404 (20404) also when the verification is over: expired, approved, or
    /// tried too often (60202). A check changes things, so it is not repeated.
    package func createCheck(of service: VerifyServiceSid, _ check: VerificationCheck.Creation) async
        -> CreationOutcome<VerificationCheck>
    {
        await place.at(service).at("VerificationCheck").create(check)
    }
}

extension TwilioClient {
    package var verifyServices: VerifyServices { VerifyServices(place: place(.verify, "/v2/Services")) }
}
