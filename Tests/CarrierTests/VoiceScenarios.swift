import Curl
import Foundation
import Testing
import Twilio

extension ScenarioTests {
    private static let patient = "+14155550123"

    /// A call whose document is fetched from us.
    private func start(
        _ world: CarrierWorld, _ path: String, _ document: String, to: String = patient,
        _ change: (inout Call.Creation) -> Void = { _ in }
    ) async -> CreationOutcome<Call> {
        world.hooks.answer(path, "<Response>\(document)</Response>")
        return await world.client.calls.create(
            with(.init(to: to, from: CarrierWorld.own)) {
                $0.url = world.hooks.url(path)
                change(&$0)
            })
    }

    private func ended(_ world: CarrierWorld, _ sid: CallSid) async throws -> Call {
        try await world.until {
            let call = try await world.client.calls.fetch(sid)
            return call.endTime == nil ? nil : call
        }
    }

    private func running(_ world: CarrierWorld, _ sid: CallSid) async throws {
        try await world.until { try await world.client.calls.fetch(sid).status == .inProgress }
    }

    @Test func `calls are made, followed, changed, listed and deleted`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.calls) { world in
            let calls = world.client.calls
            let spoken = try world.made(
                "Calls.create(_:)",
                await start(world, "/spoken", "<Say>Hello</Say><Pause length='3'/><Play>a.mp3</Play>") {
                    $0.statusCallback = world.hooks.url("/call")
                    $0.statusCallbackEvent = ["initiated", "ringing", "answered", "completed"]
                    $0.machineDetection = "Enable"
                })
            #expect(spoken.status == .queued && spoken.duration == nil && spoken.fromFormatted == "(212) 555-0100")
            let done = try await ended(world, spoken.sid)
            #expect(world.did("Calls.fetch(_:)", done).status == .completed && done.duration ?? 0 >= 9)
            #expect(done.price == Decimal(string: "-0.014") && done.answeredBy == "human")
            let told = try await world.told("/call", count: 4)
            #expect(told.map { $0["CallStatus"] } == ["initiated", "ringing", "in-progress", "completed"])
            #expect(told.map { $0["SequenceNumber"] } == ["0", "1", "2", "3"])
            for (digit, status) in [("1", Call.Status.busy), ("2", .noAnswer), ("3", .failed)] {
                let call = try accepted(await start(world, "/nobody", "", to: "+1500555400\(digit)"))
                #expect(try await ended(world, call.sid).status == status)
            }
            await refused(21220, .permanent) {
                try await calls.update(spoken.sid, with(.init()) { $0.status = .completed })
            }
            try await changed(world)
            let listed = try await world.paged("Calls.list(_:pageSize:)") { calls.list(pageSize: $0) }
            #expect(listed.count >= 6)
            #expect(try await all(calls.list(with(.init()) { $0.status = .busy })).count == 1)
            try await filtered(world, done, count: listed.count)
            world.did("Calls.delete(_:)", try await calls.delete(spoken.sid))
            await refused(20404, .permanent) { try await calls.fetch(spoken.sid) }
            refused(21211, .permanent, await start(world, "/x", "", to: "+1"))
            refused(21210, .fixNumber, await start(world, "/x", "") { $0.from = "+13125550100" })
            refused(21205, .permanent, await start(world, "/x", "") { $0.url = "no" })
            refused(21205, .permanent, await start(world, "/x", "") { $0.url = nil })
        }
    }

    private func changed(_ world: CarrierWorld) async throws {
        let calls = world.client.calls
        let waiting = try accepted(await start(world, "/waiting", "<Pause length='600'/>")).sid
        try await running(world, waiting)
        world.hooks.answer("/next", "<Response><Say>Elsewhere</Say></Response>")
        let moved = try await calls.update(waiting, with(.init()) { $0.url = world.hooks.url("/next") })
        #expect(world.did("Calls.update(_:_:)", moved).status == .inProgress)
        _ = try await world.told("/next")
        #expect(try await ended(world, waiting).duration ?? 600 < 600)
        let unwanted = try accepted(await start(world, "/unwanted", "")).sid
        #expect(try await calls.update(unwanted, with(.init()) { $0.status = .canceled }).status == .canceled)
        let asked = try accepted(
            await start(
                world, "/asked",
                "<Gather numDigits='2' action='/digits'><Say>Press</Say></Gather><Say>Nothing</Say>")
        ).sid
        try await running(world, asked)
        world.hooks.answer("/digits", "<Response><Redirect>/next</Redirect></Response>")
        try await world.control(.post, "/calls/\(asked)", .object(["digits": .string("12345")]))
        #expect(try await world.told("/digits")[0]["Digits"] == "12")
        _ = try await ended(world, asked)
    }

    private func filtered(_ world: CarrierWorld, _ done: Call, count: Int) async throws {
        func found(_ change: (inout Call.Filter) -> Void) async throws -> Int {
            try await all(world.client.calls.list(with(.init(), change))).count
        }
        let start = try #require(done.startTime)
        let today = try #require(Day("2023-11-14"))
        let yesterday = try #require(Day("2023-11-13"))
        #expect(try await found { $0.startTime = TimeFilter(from: .day(today)) } == count)
        #expect(try await found { $0.startTime = TimeFilter(to: .day(yesterday)) } == 0)
        #expect(try await found { $0.endTime = TimeFilter(on: .day(yesterday)) } == 0)
        let busy = try await found {
            $0.startTime = TimeFilter(from: .instant(start))
            $0.to = "+15005554001"
        }
        #expect(busy == 1)
        #expect(try await found { $0.from = Self.patient } == 0)
    }

    @Test func `recordings and transcriptions are made, read and deleted`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.recordings) { world in
            let recordings = world.client.recordings
            let (recording, transcription) = try await recorded(world, "/recording")
            let made = world.did("Recordings.fetch(_:includeSoftDeleted:)", try await recordings.fetch(recording))
            #expect(made.source == .recordVerb && made.status == .completed)
            #expect(made.price == Decimal(string: "-0.0025"))
            let stream = world.did("Recordings.sound(_:_:)", try await recordings.sound(recording, .wav))
            var sound: [UInt8] = []
            for try await chunk in stream.chunks { sound += chunk }
            #expect(sound.starts(with: Array("RIFF".utf8)) && sound.count == 44 + 4 * 8000)
            let (_, second) = try await recorded(world, "/again")
            let texts = world.client.transcriptions
            let fetched = world.did("Transcriptions.fetch(_:)", try await texts.fetch(transcription))
            #expect(fetched.status == .completed && fetched.transcriptionText?.isEmpty == false)
            #expect(
                try await world.paged("Transcriptions.list(pageSize:)") { texts.list(pageSize: $0) }.count == 2)
            let own = recordings.transcriptions(of: recording)
            #expect(try await all(own.list()).map(\.sid) == [transcription])
            #expect(try await own.fetch(transcription).type == "fast")
            try await own.delete(transcription)
            await refused(20404, .permanent) { try await texts.fetch(transcription) }
            world.did("Transcriptions.delete(_:)", try await texts.delete(second))
            try await live(world)
            let listed = try await world.paged("Recordings.list(_:pageSize:)") { recordings.list(pageSize: $0) }
            #expect(listed.count >= 3)
            let tomorrow = try #require(Day("2023-11-15"))
            let late = with(Recording.Filter()) { $0.dateCreated = TimeFilter(from: .day(tomorrow)) }
            #expect(try await all(recordings.list(late)).isEmpty)
            let early = with(Recording.Filter()) { $0.dateCreated = TimeFilter(to: .day(tomorrow)) }
            #expect(try await all(recordings.list(early)).count == listed.count)
            world.did("Recordings.delete(_:)", try await recordings.delete(recording))
            await refused(20404, .permanent) { try await recordings.fetch(recording) }
        }
    }

    /// A caller who speaks after the tone.
    private func recorded(_ world: CarrierWorld, _ path: String) async throws -> (RecordingSid, TranscriptionSid) {
        world.hooks.answer("/recorded", "<Response><Hangup/></Response>")
        let call = try accepted(
            await start(
                world, path + "-voice",
                "<Record action='/recorded' maxLength='4' recordingStatusCallback='\(path)' transcribe='true' "
                    + "transcribeCallback='\(path)-text'/>"))
        _ = try await ended(world, call.sid)
        let told = try await world.told(path)[0]
        #expect(told["RecordingStatus"] == "completed" && told["RecordingDuration"] == "4")
        let text = try await world.told(path + "-text")[0]
        #expect(text["TranscriptionStatus"] == "completed")
        return (
            try #require(told["RecordingSid"].flatMap { RecordingSid($0) }),
            try #require(text["TranscriptionSid"].flatMap { TranscriptionSid($0) })
        )
    }

    /// Recording a call that runs.
    private func live(_ world: CarrierWorld) async throws {
        let call = try accepted(await start(world, "/live", "<Pause length='600'/>")).sid
        let recordings = world.client.calls.recordings(of: call)
        refused(21220, .permanent, await recordings.create())
        try await running(world, call)
        let made = try world.made(
            "CallRecordings.create(_:)", await recordings.create(with(.init()) { $0.recordingChannels = "dual" }))
        #expect(made.status == .inProgress && made.channels == 2 && made.duration == nil)
        let paused = try await recordings.update(made.sid, .init(status: .paused))
        #expect(world.did("CallRecordings.update(_:_:)", paused).status == .paused)
        #expect(try await recordings.update(made.sid, .init(status: .inProgress)).status == .inProgress)
        try await world.advance(5)
        #expect(try await recordings.update(made.sid, .init(status: .stopped)).status == .stopped)
        try await world.until { try await recordings.fetch(made.sid).status == .completed }
        let fetched = try await recordings.fetch(made.sid)
        #expect(world.did("CallRecordings.fetch(_:)", fetched).source == .startCallRecordingAPI)
        _ = try accepted(await recordings.create())
        #expect(
            try await world.paged("CallRecordings.list(_:pageSize:)") { recordings.list(pageSize: $0) }.count == 2)
        _ = try await world.client.calls.update(call, with(.init()) { $0.status = .completed })
        world.did("CallRecordings.delete(_:)", try await recordings.delete(made.sid))
        await refused(20404, .permanent) { try await recordings.fetch(made.sid) }
    }

    @Test func `callers wait in queues, and are taken out`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.queues) { world in
            let queues = world.client.queues
            var made: [Queue] = []
            for number in 0..<3 {
                let queue = with(Queue.Creation(friendlyName: "line \(number)")) { $0.maxSize = 5 }
                made.append(try world.made("Queues.create(_:)", await queues.create(queue)))
            }
            let sid = made[0].sid
            refused(22003, .permanent, await queues.create(.init(friendlyName: "line 0")))
            #expect(try await world.did("Queues.fetch(_:)", queues.fetch(sid)).currentSize == 0)
            let smaller = try await queues.update(sid, with(.init()) { $0.maxSize = 2 })
            #expect(world.did("Queues.update(_:_:)", smaller).maxSize == 2)
            #expect(try await world.paged("Queues.list(pageSize:)") { queues.list(pageSize: $0) }.count == 3)
            world.did("Queues.delete(_:)", try await queues.delete(made[2].sid))
            await refused(20404, .permanent) { try await queues.fetch(made[2].sid) }
            world.hooks.answer("/wait", "<Response><Say>Please wait</Say></Response>")
            world.hooks.answer("/left", "<Response><Hangup/></Response>")
            let document = "<Enqueue action='/left' waitUrl='/wait'>line 0</Enqueue>"
            var waiting: [CallSid] = []
            for number in 0..<2 {
                waiting.append(
                    try accepted(await start(world, "/enqueue", document, to: "+1415555018\(number)")).sid)
                try await world.until { try await queues.fetch(sid).currentSize == number + 1 }
            }
            _ = try await ended(world, try accepted(await start(world, "/enqueue", document)).sid)
            #expect(try await world.told("/left")[0]["QueueResult"] == "queue-full")
            let members = queues.members(of: sid)
            let listed = try await world.paged("Members.list(pageSize:)") { members.list(pageSize: $0) }
            #expect(listed.map(\.callSid) == waiting)
            let front = world.did("Members.fetch(_:)", try await members.fetch(.front))
            #expect(front.position == 1 && front.callSid == waiting[0])
            world.hooks.answer("/agent", "<Response><Say>Soon</Say></Response>")
            let moved = try await members.update(.call(waiting[1]), .init(url: world.hooks.url("/agent")))
            #expect(world.did("Members.update(_:_:)", moved).callSid == waiting[1])
            _ = try await ended(world, waiting[1])
            let agent = try accepted(
                await start(world, "/serve", "<Dial action='/served'><Queue>line 0</Queue></Dial>"))
            _ = try await ended(world, waiting[0])
            _ = try await ended(world, agent.sid)
            let results = try await world.told("/left", count: 3).compactMap { $0["QueueResult"] }
            #expect(results.sorted() == ["bridged", "queue-full", "redirected"])
            #expect(try await queues.fetch(sid).currentSize == 0)
        }
    }

    @Test func `conferences are joined, governed, recorded and ended`() async throws {
        try await CarrierWorld.run(trying: ScenarioTable.conferences) { world in
            let conferences = world.client.conferences
            let room = "<Dial><Conference record='record-from-start'>ward</Conference></Dial>"
            let first = try accepted(await start(world, "/ward", room, to: "+14155550190")).sid
            try await running(world, first)
            let waiting = with(Conference.Filter()) {
                $0.friendlyName = "ward"
                $0.status = .initial
            }
            let sid = try await world.until { try await all(conferences.list(waiting)).first }.sid
            let doctor = try await governed(world, sid, first)
            let sound = try await paused(world, sid)
            _ = try await world.client.calls.update(doctor, with(.init()) { $0.status = .completed })
            let done = try await world.until {
                let found = try await conferences.fetch(sid)
                return found.status == .completed ? found : nil
            }
            #expect(done.reasonConferenceEnded == .participantWithEndConferenceOnExitLeft)
            _ = try await ended(world, first)
            let sounds = conferences.recordings(of: sid)
            world.did("ConferenceRecordings.delete(_:)", try await sounds.delete(sound))
            await refused(20404, .permanent) { try await sounds.fetch(sound) }
            let lone = try accepted(await start(world, "/alone", "<Dial><Conference>alone</Conference></Dial>")).sid
            let open = with(Conference.Filter()) { $0.status = .initial }
            let again = try await world.until { try await all(conferences.list(open)).first }
            let closed = try await conferences.update(again.sid, with(.init()) { $0.status = .completed })
            #expect(world.did("Conferences.update(_:_:)", closed).reasonConferenceEnded == .conferenceEndedViaApi)
            _ = try await ended(world, lone)
            #expect(
                try await world.paged("Conferences.list(_:pageSize:)") { conferences.list(pageSize: $0) }.count == 2)
            let today = try #require(Day("2023-11-14"))
            let before = with(Conference.Filter()) { $0.dateCreated = TimeFilter(to: .day(Day("2023-11-13") ?? today)) }
            #expect(try await all(conferences.list(before)).isEmpty)
            let changed = with(Conference.Filter()) { $0.dateUpdated = TimeFilter(from: .day(today)) }
            #expect(try await all(conferences.list(changed)).count == 2)
            await refused(20404, .permanent) { try await conferences.fetch(unknown()) }
        }
    }

    private func governed(_ world: CarrierWorld, _ sid: ConferenceSid, _ first: CallSid) async throws -> CallSid {
        let people = world.client.conferences.participants(of: sid)
        let doctor = with(Participant.Creation(from: CarrierWorld.own, to: "+14155550191")) {
            $0.label = "doctor"
            $0.endConferenceOnExit = true
        }
        let second = try world.made("Participants.create(_:)", await people.create(doctor))
        #expect(second.status == .queued && second.label == "doctor")
        try await world.until { try await world.client.conferences.fetch(sid).status == .inProgress }
        #expect(
            try await world.did("Conferences.fetch(_:)", world.client.conferences.fetch(sid)).friendlyName == "ward")
        let listed = try await world.paged("Participants.list(_:pageSize:)") { people.list(pageSize: $0) }
        #expect(Set(listed.map(\.callSid)) == [first, second.callSid])
        let byLabel = ParticipantReference.label(try segment("doctor"))
        let held = try await people.update(
            byLabel,
            with(.init()) {
                $0.muted = true
                $0.hold = true
            })
        #expect(world.did("Participants.update(_:_:)", held).muted == true)
        #expect(try await world.did("Participants.fetch(_:)", people.fetch(byLabel)).hold == true)
        #expect(try await all(people.list(with(.init()) { $0.muted = true })).map(\.callSid) == [second.callSid])
        let third = try accepted(await people.create(.init(from: CarrierWorld.own, to: "+14155550192"))).callSid
        try await world.until { try await people.fetch(.call(third)).status == .connected }
        world.did("Participants.delete(_:)", try await people.delete(.call(third)))
        await refused(20404, .permanent) { try await people.fetch(.call(third)) }
        // By its name, as one joins a conference that may not be there yet.
        let byName = world.client.conferences.participants(ofName: try segment("ward"))
        let fourth = try accepted(await byName.create(.init(from: CarrierWorld.own, to: "+14155550193")))
        #expect(fourth.conferenceSid == sid)
        return second.callSid
    }

    private func paused(_ world: CarrierWorld, _ sid: ConferenceSid) async throws -> RecordingSid {
        let recordings = world.client.conferences.recordings(of: sid)
        let listed = try await world.listed("ConferenceRecordings.list(_:pageSize:)", recordings.list())
        let sound = try #require(listed.first).sid
        #expect(try await world.did("ConferenceRecordings.fetch(_:)", recordings.fetch(sound)).source == .conference)
        let paused = try await recordings.update(sound, .init(status: .paused))
        #expect(world.did("ConferenceRecordings.update(_:_:)", paused).status == .paused)
        return sound
    }
}
