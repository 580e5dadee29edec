/// Everything that the carrier's API answers. Twilio's products live on hosts of their own; here they share one port,
/// which their paths allow.
enum RouteTable {
    static let router = Router(routes)

    static let routes: [Route] = [
        AccountResource.routes, KeyResource.routes, AuthTokenResource.routes, SafeListResource.routes,
        MessageResource.routes, MediaResource.routes, MessagingServiceResource.routes, SenderResource.routes,
        DeactivationResource.routes, CallResource.routes, RecordingResource.routes, TranscriptionResource.routes,
        ConferenceResource.routes, ParticipantResource.routes, QueueResource.routes,
        IncomingPhoneNumberResource.routes, AvailablePhoneNumberResource.routes, AddressResource.routes,
        OutgoingCallerIdResource.routes, UsageRecordResource.routes, UsageTriggerResource.routes,
        LookupResource.routes, VerifyServiceResource.routes, VerificationResource.routes, BundleResource.routes,
        BundleItemResource.routes, EndUserResource.routes, SupportingDocumentResource.routes,
        RegulationResource.routes, PortInResource.routes, PortingWebhookResource.routes,
        HostedNumberOrderResource.routes, PricingResource.routes,
    ].flatMap { $0 }
}
