import Foundation
import Testing
import TwilioSandbox

/// Verbs and attributes that the SDK's run does not come by.
@Suite(.timeLimit(.minutes(1))) struct CallVerbTests {
    private func call(_ sandbox: Sandbox, _ document: String) async throws -> String {
        let made = try await sandbox.api(
            .post, "/Calls.json",
            form: [
                ("To", "+14155550123"), ("From", "+12125550100"), ("Twiml", "<Response>\(document)</Response>"),
            ])
        return made.json["sid"].string ?? ""
    }

    private func party(_ sandbox: Sandbox, _ number: String, _ party: String) async throws {
        let set = try await sandbox.control(.post, "/parties", #"{"number":"\#(number)","party":\#(party)}"#)
        #expect(set.status < 300)
    }

    @Test(arguments: [true, false])
    func `a star leaves who was dialed, if the verb says so`(hangsUp: Bool) async throws {
        try await Sandbox.with { sandbox async throws in
            try await party(sandbox, "+14155550177", #"{"talkSeconds":300}"#)
            let sid = try await call(
                sandbox,
                "<Dial hangupOnStar='\(hangsUp)'>+14155550177</Dial><Pause length='100'/>")
            try await sandbox.advance(15)
            let legs = "/Calls.json?ParentCallSid=\(sid)"
            func leg() async throws -> String? {
                try await sandbox.api(.get, legs).json["calls"][0]["status"].string
            }
            #expect(try await leg() == "in-progress")
            #expect(try await sandbox.control(.post, "/calls/\(sid)", #"{"digits":"1*"}"#).status < 300)
            #expect(try await leg() == (hangsUp ? "completed" : "in-progress"))
            #expect(try await sandbox.api(.get, "/Calls/\(sid).json").json["status"].string == "in-progress")
        }
    }

    @Test(arguments: [("trim-silence", "4"), ("do-not-trim", "7"), ("", "4")])
    func `silence before the first word is taken off a recording, or kept`(trim: String, duration: String) async throws
    {
        try await Sandbox.with { sandbox async throws in
            try await party(sandbox, "+14155550123", #"{"recordSeconds":4,"silenceSeconds":3}"#)
            let sid = try await call(sandbox, "<Record timeout='5' \(trim.isEmpty ? "" : "trim='\(trim)'")/>")
            try await sandbox.advance(30)
            let list = try await sandbox.api(.get, "/Recordings.json?CallSid=\(sid)").json["recordings"]
            #expect(list[0]["duration"].string == duration)
        }
    }

    @Test func `who is silent for longer than is waited has said nothing`() async throws {
        try await Sandbox.with { sandbox async throws in
            try await party(sandbox, "+14155550123", #"{"recordSeconds":4,"silenceSeconds":3}"#)
            let sid = try await call(sandbox, "<Record timeout='2'/>")
            try await sandbox.advance(30)
            #expect(try await sandbox.api(.get, "/Recordings.json?CallSid=\(sid)").json["recordings"].array.isEmpty)
        }
    }

    @Test func `a workflow is refused, and the next verb follows`() async throws {
        try await Sandbox.with { sandbox async throws in
            let workflow = "WW" + String(repeating: "1", count: 32)
            let sid = try await call(
                sandbox, "<Enqueue workflowSid='\(workflow)'><Task>{}</Task></Enqueue><Say>Hi</Say>")
            try await sandbox.advance(30)
            #expect(try await sandbox.api(.get, "/Calls/\(sid).json").json["status"].string == "completed")
            let calls = try await sandbox.control(.get, "/calls").json["calls"]
            #expect(calls[0]["problems"][0].string?.hasPrefix("12200") == true)
            let guide = try await sandbox.control(.get, "").json["notServed"]
            #expect(guide["TaskRouter"].string?.contains("12200") == true)
        }
    }
}
