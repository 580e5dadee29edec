import Foundation
import Testing
import Twilio

extension CallTable {
    static let calls: [CallRow] = [
        CallRow(
            "api-2010/Call/CreateCall", "POST", "~/Calls.json",
            "To=%2B14155550123&From=%2B14155550100&Method=POST&StatusCallback=https%3A%2F%2Fgw.example.test%2Fs"
                + "&StatusCallbackEvent=initiated&StatusCallbackEvent=answered&Timeout=20&Record=true"
                + "&SipAuthUsername=a+b&AsyncAmd=false&Byoc={BY}&Url=https%3A%2F%2Fgw.example.test%2Fv&ApplicationSid={AP}"
        ) { client in
            let call = with(Call.Creation(to: "+14155550123", from: "+14155550100")) {
                $0.url = "https://gw.example.test/v"
                $0.method = .post
                $0.statusCallback = "https://gw.example.test/s"
                $0.statusCallbackEvent = ["initiated", "answered"]
                $0.timeout = 20
                $0.record = true
                $0.sipAuthUsername = "a b"
                $0.asyncAmd = false
                $0.byoc = .sample
                $0.applicationSid = .sample
            }
            return try made(await client.calls.create(call))
        },
        CallRow("api-2010/Call/FetchCall", "GET", "~/Calls/{CA}.json") { [try await $0.calls.fetch(.sample)] },
        CallRow(
            "api-2010/Call/ListCall", "GET",
            "~/Calls.json?To=%2B14155550123&Status=busy&StartTime=2024-01-01&EndTime%3E=2024-01-02"
                + "&EndTime%3C=2024-01-05T10%3A15%3A20Z&PageSize=50"
        ) { client in
            let filter = with(Call.Filter()) {
                $0.to = "+14155550123"
                $0.status = .busy
                $0.startTime = TimeFilter(on: Day("2024-01-01").map { .day($0) })
                $0.endTime = TimeFilter(
                    from: Day("2024-01-02").map { .day($0) },
                    to: .instant(Date(timeIntervalSince1970: 1_704_449_720)))
            }
            return try await page(client.calls.list(filter))
        },
        CallRow("api-2010/Call/UpdateCall", "POST", "~/Calls/{CA}.json", "Status=completed&TimeLimit=60") {
            [
                try await $0.calls.update(
                    .sample,
                    with(.init()) {
                        $0.status = .completed
                        $0.timeLimit = 60
                    })
            ]
        },
        CallRow("api-2010/Call/DeleteCall", "DELETE", "~/Calls/{CA}.json") {
            try await $0.calls.delete(.sample)
            return []
        },
        CallRow(
            "api-2010/CallRecording/CreateCallRecording", "POST", "~/Calls/{CA}/Recordings.json",
            "RecordingStatusCallbackEvent=completed&RecordingChannels=dual"
        ) { client in
            try made(
                await client.calls.recordings(of: .sample).create(
                    with(.init()) {
                        $0.recordingStatusCallbackEvent = ["completed"]
                        $0.recordingChannels = "dual"
                    }))
        },
        CallRow("api-2010/CallRecording/FetchCallRecording", "GET", "~/Calls/{CA}/Recordings/{RE}.json") {
            [try await $0.calls.recordings(of: .sample).fetch(.sample)]
        },
        CallRow(
            "api-2010/CallRecording/ListCallRecording", "GET",
            "~/Calls/{CA}/Recordings.json?DateCreated%3E=2024-01-02&PageSize=50"
        ) { client in
            let filter = with(Recording.DateFilter()) {
                $0.dateCreated = TimeFilter(from: Day("2024-01-02").map { .day($0) })
            }
            return try await page(client.calls.recordings(of: .sample).list(filter))
        },
        CallRow(
            "api-2010/CallRecording/UpdateCallRecording", "POST", "~/Calls/{CA}/Recordings/{RE}.json",
            "Status=paused&PauseBehavior=skip"
        ) {
            [
                try await $0.calls.recordings(of: .sample).update(
                    .sample, with(.init(status: .paused)) { $0.pauseBehavior = "skip" })
            ]
        },
        CallRow("api-2010/CallRecording/DeleteCallRecording", "DELETE", "~/Calls/{CA}/Recordings/{RE}.json") {
            try await $0.calls.recordings(of: .sample).delete(.sample)
            return []
        },
    ]

    static let recordings: [CallRow] = [
        CallRow("api-2010/Recording/FetchRecording", "GET", "~/Recordings/{RE}.json?IncludeSoftDeleted=true") {
            [try await $0.recordings.fetch(.sample, includeSoftDeleted: true)]
        },
        CallRow(
            "api-2010/Recording/ListRecording", "GET", "~/Recordings.json?CallSid={CA}&ConferenceSid={CF}&PageSize=7"
        ) { client in
            let filter = with(Recording.Filter()) {
                $0.callSid = .sample
                $0.conferenceSid = .sample
            }
            return try await page(client.recordings.list(filter, pageSize: 7))
        },
        CallRow("api-2010/Recording/DeleteRecording", "DELETE", "~/Recordings/{RE}.json") {
            try await $0.recordings.delete(.sample)
            return []
        },
        CallRow(
            "api-2010/RecordingTranscription/ListRecordingTranscription", "GET",
            "~/Recordings/{RE}/Transcriptions.json?PageSize=50"
        ) { try await page($0.recordings.transcriptions(of: .sample).list()) },
        CallRow(
            "api-2010/RecordingTranscription/FetchRecordingTranscription", "GET",
            "~/Recordings/{RE}/Transcriptions/{TR}.json"
        ) { [try await $0.recordings.transcriptions(of: .sample).fetch(.sample)] },
        CallRow(
            "api-2010/RecordingTranscription/DeleteRecordingTranscription", "DELETE",
            "~/Recordings/{RE}/Transcriptions/{TR}.json"
        ) {
            try await $0.recordings.transcriptions(of: .sample).delete(.sample)
            return []
        },
        CallRow("api-2010/Transcription/ListTranscription", "GET", "~/Transcriptions.json?PageSize=50") {
            try await page($0.transcriptions.list())
        },
        CallRow("api-2010/Transcription/FetchTranscription", "GET", "~/Transcriptions/{TR}.json") {
            [try await $0.transcriptions.fetch(.sample)]
        },
        CallRow("api-2010/Transcription/DeleteTranscription", "DELETE", "~/Transcriptions/{TR}.json") {
            try await $0.transcriptions.delete(.sample)
            return []
        },
    ]

    static let conferences: [CallRow] = [
        CallRow("api-2010/Conference/FetchConference", "GET", "~/Conferences/{CF}.json") {
            [try await $0.conferences.fetch(.sample)]
        },
        CallRow(
            "api-2010/Conference/ListConference", "GET",
            "~/Conferences.json?DateUpdated%3C=2024-01-05&FriendlyName=My+room&Status=in-progress&PageSize=50"
        ) { client in
            let filter = with(Conference.Filter()) {
                $0.dateUpdated = TimeFilter(to: Day("2024-01-05").map { .day($0) })
                $0.friendlyName = "My room"
                $0.status = .inProgress
            }
            return try await page(client.conferences.list(filter))
        },
        CallRow(
            "api-2010/Conference/UpdateConference", "POST", "~/Conferences/{CF}.json",
            "Status=completed&AnnounceMethod=GET"
        ) {
            [
                try await $0.conferences.update(
                    .sample,
                    with(.init()) {
                        $0.status = .completed
                        $0.announceMethod = .get
                    })
            ]
        },
        CallRow(
            "api-2010/Participant/CreateParticipant", "POST", "~/Conferences/My%20room%2F1/Participants.json",
            "From=%2B14155550100&To=client%3Aanna&Label=guide&EarlyMedia=true&CallSidToCoach={CA}"
        ) { client in
            let participant = with(Participant.Creation(from: "+14155550100", to: "client:anna")) {
                $0.label = "guide"
                $0.earlyMedia = true
                $0.callSidToCoach = .sample
            }
            return try made(
                await client.conferences.participants(ofName: try segment("My room/1")).create(participant))
        },
        CallRow("api-2010/Participant/FetchParticipant", "GET", "~/Conferences/{CF}/Participants/a%20b.json") {
            [try await $0.conferences.participants(of: .sample).fetch(.label(try segment("a b")))]
        },
        CallRow(
            "api-2010/Participant/ListParticipant", "GET",
            "~/Conferences/{CF}/Participants.json?Muted=true&Coaching=false&PageSize=50"
        ) { client in
            let filter = with(Participant.Filter()) {
                $0.muted = true
                $0.coaching = false
            }
            return try await page(client.conferences.participants(of: .sample).list(filter))
        },
        CallRow(
            "api-2010/Participant/UpdateParticipant", "POST", "~/Conferences/{CF}/Participants/{CA}.json",
            "Hold=true&HoldMethod=GET&BeepOnExit=false"
        ) {
            [
                try await $0.conferences.participants(of: .sample).update(
                    .call(.sample),
                    with(.init()) {
                        $0.hold = true
                        $0.holdMethod = .get
                        $0.beepOnExit = false
                    })
            ]
        },
        CallRow("api-2010/Participant/DeleteParticipant", "DELETE", "~/Conferences/{CF}/Participants/{CA}.json") {
            try await $0.conferences.participants(of: .sample).delete(.call(.sample))
            return []
        },
        CallRow(
            "api-2010/ConferenceRecording/FetchConferenceRecording", "GET", "~/Conferences/{CF}/Recordings/{RE}.json"
        ) { [try await $0.conferences.recordings(of: .sample).fetch(.sample)] },
        CallRow(
            "api-2010/ConferenceRecording/ListConferenceRecording", "GET",
            "~/Conferences/{CF}/Recordings.json?PageSize=50"
        ) { try await page($0.conferences.recordings(of: .sample).list()) },
        CallRow(
            "api-2010/ConferenceRecording/UpdateConferenceRecording", "POST",
            "~/Conferences/{CF}/Recordings/{RE}.json", "Status=stopped"
        ) { [try await $0.conferences.recordings(of: .sample).update(.sample, .init(status: .stopped))] },
        CallRow(
            "api-2010/ConferenceRecording/DeleteConferenceRecording", "DELETE",
            "~/Conferences/{CF}/Recordings/{RE}.json"
        ) {
            try await $0.conferences.recordings(of: .sample).delete(.sample)
            return []
        },
    ]

    static let queues: [CallRow] = [
        CallRow("api-2010/Queue/CreateQueue", "POST", "~/Queues.json", "FriendlyName=Front+desk&MaxSize=5") {
            try made(await $0.queues.create(with(.init(friendlyName: "Front desk")) { $0.maxSize = 5 }))
        },
        CallRow("api-2010/Queue/FetchQueue", "GET", "~/Queues/{QU}.json") { [try await $0.queues.fetch(.sample)] },
        CallRow("api-2010/Queue/ListQueue", "GET", "~/Queues.json?PageSize=50") { try await page($0.queues.list()) },
        CallRow("api-2010/Queue/UpdateQueue", "POST", "~/Queues/{QU}.json", "MaxSize=9") {
            [try await $0.queues.update(.sample, with(.init()) { $0.maxSize = 9 })]
        },
        CallRow("api-2010/Queue/DeleteQueue", "DELETE", "~/Queues/{QU}.json") {
            try await $0.queues.delete(.sample)
            return []
        },
        CallRow("api-2010/Member/FetchMember", "GET", "~/Queues/{QU}/Members/Front.json") {
            [try await $0.queues.members(of: .sample).fetch(.front)]
        },
        CallRow("api-2010/Member/ListMember", "GET", "~/Queues/{QU}/Members.json?PageSize=50") {
            try await page($0.queues.members(of: .sample).list())
        },
        CallRow(
            "api-2010/Member/UpdateMember", "POST", "~/Queues/{QU}/Members/{CA}.json",
            "Url=https%3A%2F%2Fgw.example.test%2Fnext&Method=POST"
        ) {
            [
                try await $0.queues.members(of: .sample).update(
                    .call(.sample), with(.init(url: "https://gw.example.test/next")) { $0.method = .post })
            ]
        },
    ]
}
