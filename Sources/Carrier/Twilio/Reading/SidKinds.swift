// The kinds of SIDs that this client meets, by the prefixes of Twilio's documents.

package enum AccountKind: SidKind {
    package static let prefixes = ["AC"]
}
package enum KeyKind: SidKind {
    package static let prefixes = ["SK"]
}
package enum MessageKind: SidKind {
    package static let prefixes = ["SM", "MM"]
}
package enum MediaKind: SidKind {
    package static let prefixes = ["ME"]
}
package enum CallKind: SidKind {
    package static let prefixes = ["CA"]
}
package enum IncomingPhoneNumberKind: SidKind {
    package static let prefixes = ["PN"]
}
package enum OutgoingCallerIdKind: SidKind {
    package static let prefixes = ["PN"]
}
package enum RecordingKind: SidKind {
    package static let prefixes = ["RE"]
}
package enum TranscriptionKind: SidKind {
    package static let prefixes = ["TR"]
}
package enum ConferenceKind: SidKind {
    package static let prefixes = ["CF"]
}
package enum QueueKind: SidKind {
    package static let prefixes = ["QU"]
}
package enum AddressKind: SidKind {
    package static let prefixes = ["AD"]
}
package enum BundleKind: SidKind {
    package static let prefixes = ["BU"]
}
package enum IdentityKind: SidKind {
    package static let prefixes = ["RI"]
}
package enum ApplicationKind: SidKind {
    package static let prefixes = ["AP"]
}
package enum TrunkKind: SidKind {
    package static let prefixes = ["TK"]
}
package enum ByocKind: SidKind {
    package static let prefixes = ["BY"]
}
package enum MessagingServiceKind: SidKind {
    package static let prefixes = ["MG"]
}
package enum ShortCodeKind: SidKind {
    package static let prefixes = ["SC"]
}
package enum AlphaSenderKind: SidKind {
    package static let prefixes = ["AI"]
}
package enum ContentKind: SidKind {
    package static let prefixes = ["HX"]
}
package enum VerifyServiceKind: SidKind {
    package static let prefixes = ["VA"]
}
package enum VerificationKind: SidKind {
    package static let prefixes = ["VE"]
}
package enum VerifyTemplateKind: SidKind {
    package static let prefixes = ["HJ"]
}
package enum UsageTriggerKind: SidKind {
    package static let prefixes = ["UT"]
}
package enum PortInKind: SidKind {
    package static let prefixes = ["KW"]
}
package enum PortInPhoneNumberKind: SidKind {
    package static let prefixes = ["PU"]
}
package enum RegulationKind: SidKind {
    package static let prefixes = ["RN"]
}
package enum EvaluationKind: SidKind {
    package static let prefixes = ["EL"]
}
package enum ItemAssignmentKind: SidKind {
    package static let prefixes = ["BV"]
}
package enum EndUserKind: SidKind {
    package static let prefixes = ["IT"]
}
package enum EndUserTypeKind: SidKind {
    package static let prefixes = ["OY"]
}
package enum SupportingDocumentKind: SidKind {
    package static let prefixes = ["RD"]
}
package enum SupportingDocumentTypeKind: SidKind {
    package static let prefixes = ["OY"]
}

package typealias AccountSid = Sid<AccountKind>
package typealias KeySid = Sid<KeyKind>
package typealias MessageSid = Sid<MessageKind>
package typealias MediaSid = Sid<MediaKind>
package typealias CallSid = Sid<CallKind>
package typealias IncomingPhoneNumberSid = Sid<IncomingPhoneNumberKind>
package typealias OutgoingCallerIdSid = Sid<OutgoingCallerIdKind>
package typealias RecordingSid = Sid<RecordingKind>
package typealias TranscriptionSid = Sid<TranscriptionKind>
package typealias ConferenceSid = Sid<ConferenceKind>
package typealias QueueSid = Sid<QueueKind>
package typealias AddressSid = Sid<AddressKind>
package typealias BundleSid = Sid<BundleKind>
package typealias IdentitySid = Sid<IdentityKind>
package typealias ApplicationSid = Sid<ApplicationKind>
package typealias TrunkSid = Sid<TrunkKind>
package typealias ByocSid = Sid<ByocKind>
package typealias MessagingServiceSid = Sid<MessagingServiceKind>
package typealias ShortCodeSid = Sid<ShortCodeKind>
package typealias AlphaSenderSid = Sid<AlphaSenderKind>
package typealias ContentSid = Sid<ContentKind>
package typealias VerifyServiceSid = Sid<VerifyServiceKind>
package typealias VerificationSid = Sid<VerificationKind>
package typealias VerifyTemplateSid = Sid<VerifyTemplateKind>
package typealias UsageTriggerSid = Sid<UsageTriggerKind>
package typealias PortInSid = Sid<PortInKind>
package typealias PortInPhoneNumberSid = Sid<PortInPhoneNumberKind>
package typealias RegulationSid = Sid<RegulationKind>
package typealias EvaluationSid = Sid<EvaluationKind>
package typealias ItemAssignmentSid = Sid<ItemAssignmentKind>
package typealias EndUserSid = Sid<EndUserKind>
package typealias EndUserTypeSid = Sid<EndUserTypeKind>
package typealias SupportingDocumentSid = Sid<SupportingDocumentKind>
package typealias SupportingDocumentTypeSid = Sid<SupportingDocumentTypeKind>
