import Foundation
import Testing
import Twilio

extension CallTable {
    private static let root = "/v2/RegulatoryCompliance"
    private static let bundle = "\(root)/Bundles/{BU}"

    static let bundles: [CallRow] = [
        CallRow(
            "numbers-v2-regulatory/Bundle/CreateBundle", "POST", "\(root)/Bundles",
            "FriendlyName=Clinic&Email=a%40example.com&IsoCountry=AU&EndUserType=business&NumberType=local&IsTest=true"
        ) { client in
            let bundle = with(RegulatoryBundle.Creation(friendlyName: "Clinic", email: "a@example.com")) {
                $0.isoCountry = "AU"
                $0.endUserType = .business
                $0.numberType = "local"
                $0.isTest = true
            }
            return try made(await client.regulatoryCompliance.bundles.create(bundle))
        },
        CallRow("numbers-v2-regulatory/Bundle/FetchBundle", "GET", bundle) {
            [try await $0.regulatoryCompliance.bundles.fetch(.sample)]
        },
        CallRow(
            "numbers-v2-regulatory/Bundle/ListBundle", "GET",
            "\(root)/Bundles?Status=twilio-approved&SortBy=valid-until&SortDirection=ASC&ValidUntilDate%3E=2024-01-01"
                + "&PageSize=50"
        ) { client in
            let filter = with(RegulatoryBundle.Filter()) {
                $0.status = .twilioApproved
                $0.sortBy = .validUntil
                $0.sortDirection = .asc
                $0.validUntilDate = TimeFilter(from: Day("2024-01-01").map { .day($0) })
            }
            return try await page(client.regulatoryCompliance.bundles.list(filter))
        },
        CallRow("numbers-v2-regulatory/Bundle/UpdateBundle", "POST", bundle, "Status=pending-review") {
            [
                try await $0.regulatoryCompliance.bundles.update(
                    .sample, with(.init()) { $0.status = .pendingReview })
            ]
        },
        CallRow("numbers-v2-regulatory/Bundle/DeleteBundle", "DELETE", bundle) {
            try await $0.regulatoryCompliance.bundles.delete(.sample)
            return []
        },
        CallRow(
            "numbers-v2-regulatory/BundleClone/CreateBundleClone", "POST", "\(bundle)/Clones",
            "TargetAccountSid={AC}&MoveToDraft=true"
        ) { client in
            let clone = with(BundleClone.Creation(targetAccountSid: .sample)) { $0.moveToDraft = true }
            return try made(await client.regulatoryCompliance.bundles.createClone(of: .sample, clone))
        },
        CallRow("numbers-v2-regulatory/BundleCopy/CreateBundleCopy", "POST", "\(bundle)/Copies", "FriendlyName=x") {
            try made(await $0.regulatoryCompliance.bundles.copies(of: .sample).create(friendlyName: "x"))
        },
        CallRow("numbers-v2-regulatory/BundleCopy/ListBundleCopy", "GET", "\(bundle)/Copies?PageSize=50") {
            try await page($0.regulatoryCompliance.bundles.copies(of: .sample).list())
        },
        CallRow(
            "numbers-v2-regulatory/ReplaceItems/CreateReplaceItems", "POST", "\(bundle)/ReplaceItems",
            "FromBundleSid={BU}"
        ) { try made(await $0.regulatoryCompliance.bundles.replaceItems(of: .sample, from: .sample)) },
        CallRow("numbers-v2-regulatory/Evaluation/CreateEvaluation", "POST", "\(bundle)/Evaluations") {
            try made(await $0.regulatoryCompliance.bundles.evaluations(of: .sample).create())
        },
        CallRow("numbers-v2-regulatory/Evaluation/FetchEvaluation", "GET", "\(bundle)/Evaluations/{EL}") {
            [try await $0.regulatoryCompliance.bundles.evaluations(of: .sample).fetch(.sample)]
        },
        CallRow("numbers-v2-regulatory/Evaluation/ListEvaluation", "GET", "\(bundle)/Evaluations?PageSize=50") {
            try await page($0.regulatoryCompliance.bundles.evaluations(of: .sample).list())
        },
        CallRow(
            "numbers-v2-regulatory/ItemAssignment/CreateItemAssignment", "POST", "\(bundle)/ItemAssignments",
            "ObjectSid={IT}"
        ) {
            try made(
                await $0.regulatoryCompliance.bundles.itemAssignments(of: .sample).create(
                    .init(EndUserSid.sample)))
        },
        CallRow(
            "numbers-v2-regulatory/ItemAssignment/FetchItemAssignment", "GET", "\(bundle)/ItemAssignments/{BV}"
        ) { [try await $0.regulatoryCompliance.bundles.itemAssignments(of: .sample).fetch(.sample)] },
        CallRow(
            "numbers-v2-regulatory/ItemAssignment/ListItemAssignment", "GET",
            "\(bundle)/ItemAssignments?PageSize=50"
        ) { try await page($0.regulatoryCompliance.bundles.itemAssignments(of: .sample).list()) },
        CallRow(
            "numbers-v2-regulatory/ItemAssignment/DeleteItemAssignment", "DELETE", "\(bundle)/ItemAssignments/{BV}"
        ) {
            try await $0.regulatoryCompliance.bundles.itemAssignments(of: .sample).delete(.sample)
            return []
        },
    ]

    static let regulatory: [CallRow] = [
        CallRow(
            "numbers-v2-regulatory/EndUser/CreateEndUser", "POST", "\(root)/EndUsers",
            "FriendlyName=Clinic&Type=business&Attributes=%7B%22business_name%22%3A%22Clinic%22%7D"
        ) { client in
            let user = with(EndUser.Creation(friendlyName: "Clinic", type: .business)) {
                $0.attributes = .object(["business_name": .string("Clinic")])
            }
            return try made(await client.regulatoryCompliance.endUsers.create(user))
        },
        CallRow("numbers-v2-regulatory/EndUser/FetchEndUser", "GET", "\(root)/EndUsers/{IT}") {
            [try await $0.regulatoryCompliance.endUsers.fetch(.sample)]
        },
        CallRow("numbers-v2-regulatory/EndUser/ListEndUser", "GET", "\(root)/EndUsers?PageSize=50") {
            try await page($0.regulatoryCompliance.endUsers.list())
        },
        CallRow("numbers-v2-regulatory/EndUser/UpdateEndUser", "POST", "\(root)/EndUsers/{IT}", "FriendlyName=x") {
            [try await $0.regulatoryCompliance.endUsers.update(.sample, with(.init()) { $0.friendlyName = "x" })]
        },
        CallRow("numbers-v2-regulatory/EndUser/DeleteEndUser", "DELETE", "\(root)/EndUsers/{IT}") {
            try await $0.regulatoryCompliance.endUsers.delete(.sample)
            return []
        },
        CallRow("numbers-v2-regulatory/EndUserType/FetchEndUserType", "GET", "\(root)/EndUserTypes/{OY}") {
            [try await $0.regulatoryCompliance.fetchEndUserType(.sample)]
        },
        CallRow("numbers-v2-regulatory/EndUserType/ListEndUserType", "GET", "\(root)/EndUserTypes?PageSize=50") {
            try await page($0.regulatoryCompliance.endUserTypes())
        },
        CallRow(
            "numbers-v2-regulatory/Regulation/FetchRegulation", "GET",
            "\(root)/Regulations/{RN}?IncludeConstraints=true"
        ) { [try await $0.regulatoryCompliance.regulations.fetch(.sample, includeConstraints: true)] },
        CallRow(
            "numbers-v2-regulatory/Regulation/ListRegulation", "GET",
            "\(root)/Regulations?EndUserType=individual&IsoCountry=AU&PageSize=50"
        ) { client in
            let filter = with(Regulation.Filter()) {
                $0.endUserType = .individual
                $0.isoCountry = "AU"
            }
            return try await page(client.regulatoryCompliance.regulations.list(filter))
        },
        CallRow(
            "numbers-v2-regulatory/SupportingDocument/CreateSupportingDocument", "POST",
            "\(root)/SupportingDocuments", "FriendlyName=Bill&Type=utility_bill"
        ) {
            try made(
                await $0.regulatoryCompliance.supportingDocuments.create(
                    .init(friendlyName: "Bill", type: "utility_bill")))
        },
        CallRow(
            "numbers-v2-regulatory/SupportingDocument/FetchSupportingDocument", "GET",
            "\(root)/SupportingDocuments/{RD}"
        ) { [try await $0.regulatoryCompliance.supportingDocuments.fetch(.sample)] },
        CallRow(
            "numbers-v2-regulatory/SupportingDocument/ListSupportingDocument", "GET",
            "\(root)/SupportingDocuments?PageSize=50"
        ) { try await page($0.regulatoryCompliance.supportingDocuments.list()) },
        CallRow(
            "numbers-v2-regulatory/SupportingDocument/UpdateSupportingDocument", "POST",
            "\(root)/SupportingDocuments/{RD}", "FriendlyName=x"
        ) {
            [
                try await $0.regulatoryCompliance.supportingDocuments.update(
                    .sample, with(.init()) { $0.friendlyName = "x" })
            ]
        },
        CallRow(
            "numbers-v2-regulatory/SupportingDocument/DeleteSupportingDocument", "DELETE",
            "\(root)/SupportingDocuments/{RD}"
        ) {
            try await $0.regulatoryCompliance.supportingDocuments.delete(.sample)
            return []
        },
        CallRow(
            "numbers-v2-regulatory/SupportingDocumentType/FetchSupportingDocumentType", "GET",
            "\(root)/SupportingDocumentTypes/{OY}"
        ) { [try await $0.regulatoryCompliance.fetchSupportingDocumentType(.sample)] },
        CallRow(
            "numbers-v2-regulatory/SupportingDocumentType/ListSupportingDocumentType", "GET",
            "\(root)/SupportingDocumentTypes?PageSize=50"
        ) { try await page($0.regulatoryCompliance.supportingDocumentTypes()) },
    ]
}
