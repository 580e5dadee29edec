/// What regulators want, of numbers/v2.
package struct RegulatoryCompliance: Sendable {
    let place: ResourcePlace

    package var bundles: Bundles { Bundles(place: place.at("Bundles")) }
    package var endUsers: EndUsers { EndUsers(place: place.at("EndUsers")) }
    package var regulations: Regulations { Regulations(place: place.at("Regulations")) }
    package var supportingDocuments: SupportingDocuments { SupportingDocuments(place: place.at("SupportingDocuments")) }

    package func endUserTypes(pageSize: Int = 50) -> ResourceList<RequirementType<EndUserTypeSid>> {
        place.at("EndUserTypes").list("endUserTypes", pageSize: pageSize)
    }

    package func fetchEndUserType(_ sid: EndUserTypeSid) async throws(TwilioCallError) -> RequirementType<
        EndUserTypeSid
    > {
        try await place.at("EndUserTypes").at(sid).fetch()
    }

    package func supportingDocumentTypes(pageSize: Int = 50) -> ResourceList<RequirementType<SupportingDocumentTypeSid>>
    {
        place.at("SupportingDocumentTypes").list("supportingDocumentTypes", pageSize: pageSize)
    }

    package func fetchSupportingDocumentType(_ sid: SupportingDocumentTypeSid) async throws(TwilioCallError)
        -> RequirementType<SupportingDocumentTypeSid>
    {
        try await place.at("SupportingDocumentTypes").at(sid).fetch()
    }
}

extension TwilioClient {
    package var regulatoryCompliance: RegulatoryCompliance {
        RegulatoryCompliance(place: place(.numbers, "/v2/RegulatoryCompliance"))
    }
}
