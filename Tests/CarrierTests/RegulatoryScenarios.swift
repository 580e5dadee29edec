import Foundation
import Testing
import Twilio

extension ScenarioTests {
    @Test func `a bundle is filled, judged, approved, copied and emptied`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.regulatory) { world in
            let rule = try await rules(world)
            let (user, paper) = try await proofs(world)
            let bundles = world.client.regulatoryCompliance.bundles
            let made = try await drafts(world, rule)
            let sid = made[0].sid
            let evaluations = bundles.evaluations(of: sid)
            let first = try world.made("Evaluations.create()", await evaluations.create())
            #expect(first.status == .noncompliant && first.results?.first?.errorCode == 22214)
            try await fill(world, sid, user, paper)
            #expect(try accepted(await evaluations.create()).status == .compliant)
            let judged = try await world.paged("Evaluations.list(pageSize:)") { evaluations.list(pageSize: $0) }
            #expect(judged.count == 2)
            #expect(
                try await world.did("Evaluations.fetch(_:)", evaluations.fetch(first.sid)).status == .noncompliant)
            await refused(20409, .retryLater) { try await world.client.regulatoryCompliance.endUsers.delete(user) }
            try await approve(world, sid)
            try await copies(world, sid, made[1].sid)
        }
    }

    private func rules(_ world: CarrierWorld) async throws -> RegulationSid {
        let compliance = world.client.regulatoryCompliance
        let rules = try await world.paged("Regulations.list(_:pageSize:)") {
            compliance.regulations.list(with(.init()) { $0.isoCountry = "CA" }, pageSize: $0)
        }
        let rule = try #require(rules.first { $0.numberType == "local" && $0.endUserType == .business })
        let fetched = try await compliance.regulations.fetch(rule.sid)
        #expect(world.did("Regulations.fetch(_:includeConstraints:)", fetched).requirements?["end_user"] != nil)
        let users = try await world.paged("RegulatoryCompliance.endUserTypes(pageSize:)") {
            compliance.endUserTypes(pageSize: $0)
        }
        let user = try await compliance.fetchEndUserType(users[0].sid)
        #expect(world.did("RegulatoryCompliance.fetchEndUserType(_:)", user).machineName == users[0].machineName)
        let papers = try await world.paged("RegulatoryCompliance.supportingDocumentTypes(pageSize:)") {
            compliance.supportingDocumentTypes(pageSize: $0)
        }
        let paper = try await compliance.fetchSupportingDocumentType(papers[0].sid)
        #expect(
            world.did("RegulatoryCompliance.fetchSupportingDocumentType(_:)", paper).machineName
                == papers[0].machineName)
        return rule.sid
    }

    private func drafts(_ world: CarrierWorld, _ rule: RegulationSid) async throws -> [RegulatoryBundle] {
        let bundles = world.client.regulatoryCompliance.bundles
        var made: [RegulatoryBundle] = []
        for number in 0..<2 {
            let bundle = with(
                RegulatoryBundle.Creation(friendlyName: "Bundle \(number)", email: "office@clinic.example")
            ) {
                $0.regulationSid = rule
                $0.statusCallback = world.hooks.url("/bundle")
            }
            made.append(try world.made("Bundles.create(_:)", await bundles.create(bundle)))
        }
        #expect(try await world.did("Bundles.fetch(_:)", bundles.fetch(made[0].sid)).status == .draft)
        let named = try await bundles.update(made[0].sid, with(.init()) { $0.friendlyName = "Toronto" })
        #expect(world.did("Bundles.update(_:_:)", named).friendlyName == "Toronto")
        let listed = try await world.paged("Bundles.list(_:pageSize:)") { bundles.list(pageSize: $0) }
        #expect(listed.count == 2)
        #expect(try await all(bundles.list(with(.init()) { $0.friendlyName = "Toronto" })).count == 1)
        #expect(try await all(bundles.list(with(.init()) { $0.status = .twilioApproved })).isEmpty)
        return made
    }

    private func proofs(_ world: CarrierWorld) async throws -> (EndUserSid, SupportingDocumentSid) {
        let users = world.client.regulatoryCompliance.endUsers
        let user = with(EndUser.Creation(friendlyName: "Clinic", type: .business)) {
            $0.attributes = .object(["business_name": .string("North Clinic")])
        }
        let clinic = try world.made("EndUsers.create(_:)", await users.create(user))
        let fetched = world.did("EndUsers.fetch(_:)", try await users.fetch(clinic.sid))
        #expect(fetched.attributes?["business_name"] == .string("North Clinic"))
        let renamed = try await users.update(clinic.sid, with(.init()) { $0.friendlyName = "C" })
        #expect(world.did("EndUsers.update(_:_:)", renamed).friendlyName == "C")
        let other = try accepted(await users.create(.init(friendlyName: "Other", type: .individual)))
        #expect(try await world.paged("EndUsers.list(pageSize:)") { users.list(pageSize: $0) }.count == 2)
        world.did("EndUsers.delete(_:)", try await users.delete(other.sid))
        let papers = world.client.regulatoryCompliance.supportingDocuments
        let bill = try world.made(
            "SupportingDocuments.create(_:)", await papers.create(.init(friendlyName: "Bill", type: "utility_bill")))
        let spare = try accepted(await papers.create(.init(friendlyName: "Spare", type: "passport")))
        #expect(try await world.did("SupportingDocuments.fetch(_:)", papers.fetch(bill.sid)).status == .draft)
        let named = try await papers.update(bill.sid, with(.init()) { $0.friendlyName = "B" })
        #expect(world.did("SupportingDocuments.update(_:_:)", named).friendlyName == "B")
        #expect(
            try await world.paged("SupportingDocuments.list(pageSize:)") { papers.list(pageSize: $0) }.count == 2)
        world.did("SupportingDocuments.delete(_:)", try await papers.delete(spare.sid))
        return (clinic.sid, bill.sid)
    }

    private func fill(
        _ world: CarrierWorld, _ bundle: BundleSid, _ user: EndUserSid, _ paper: SupportingDocumentSid
    ) async throws {
        let items = world.client.regulatoryCompliance.bundles.itemAssignments(of: bundle)
        let first = try world.made("ItemAssignments.create(_:)", await items.create(.init(user)))
        _ = try accepted(await items.create(.init(paper)))
        #expect(try await world.did("ItemAssignments.fetch(_:)", items.fetch(first.sid)).objectSid == user.text)
        #expect(try await world.paged("ItemAssignments.list(pageSize:)") { items.list(pageSize: $0) }.count == 2)
    }

    private func approve(_ world: CarrierWorld, _ bundle: BundleSid) async throws {
        let numbers = world.client.incomingPhoneNumbers
        func buy(_ bundle: BundleSid?) async -> CreationOutcome<IncomingPhoneNumber> {
            await numbers.create(with(.init(.phoneNumber("+14165550100"))) { $0.bundleSid = bundle })
        }
        refused(21649, .fixAccount, await buy(nil))
        refused(21649, .fixAccount, await buy(bundle))
        let bundles = world.client.regulatoryCompliance.bundles
        #expect(try await bundles.update(bundle, with(.init()) { $0.status = .pendingReview }).status == .pendingReview)
        try await world.until(step: 30) { try await bundles.fetch(bundle).status == .twilioApproved }
        let told = try await world.told("/bundle", count: 2)
        #expect(told.map { $0["Status"] } == ["in-review", "twilio-approved"])
        #expect(try accepted(await buy(bundle)).bundleSid == bundle)
    }

    private func copies(_ world: CarrierWorld, _ bundle: BundleSid, _ other: BundleSid) async throws {
        let bundles = world.client.regulatoryCompliance.bundles
        let copies = bundles.copies(of: bundle)
        let copy = try world.made("BundleCopies.create(friendlyName:)", await copies.create(friendlyName: "Copy"))
        #expect(copy.status == .draft)
        #expect(try await world.listed("BundleCopies.list(pageSize:)", copies.list()).count == 1)
        let branch = try accepted(await world.client.accounts.create()).account.sid
        let clone = try world.made(
            "Bundles.createClone(of:_:)", await bundles.createClone(of: bundle, .init(targetAccountSid: branch)))
        #expect(clone.accountSid == branch)
        let filled = try world.made(
            "Bundles.replaceItems(of:from:)", await bundles.replaceItems(of: other, from: bundle))
        #expect(filled.sid == other)
        let items = bundles.itemAssignments(of: other)
        let moved = try await all(items.list())
        #expect(moved.count == 2)
        world.did("ItemAssignments.delete(_:)", try await items.delete(moved[0].sid))
        #expect(try await all(items.list()).count == 1)
        world.did("Bundles.delete(_:)", try await bundles.delete(other))
        await refused(20404, .permanent) { try await bundles.fetch(other) }
    }
}
