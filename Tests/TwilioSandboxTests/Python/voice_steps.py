"""Calls, recordings, transcriptions, conferences, queues."""

import urllib.request

from checks import paged, refused

CLINIC = "+12125550100"


def run(world, test, trial):
    client, did = world.client(), world.did
    calls(world, client, did)
    recordings(world, client, did)
    dialing(world, client)
    queues(world, client, did)
    conferences(world, client, did)
    inbound(world, client)


def start(world, client, twiml, to="+14155550123", **more):
    """A call whose document is fetched from us."""
    path = f"/voice{len(world.hooks.answers)}"
    world.hooks.answers[path] = twiml
    return client.calls.create(to=to, from_=CLINIC, url=world.hooks.url(path), **more)


def ended(world, client, call):
    return world.until(lambda: (found := client.calls(call.sid).fetch()).end_time and found)


def running(world, client, call):
    return world.until(lambda: client.calls(call.sid).fetch().status == "in-progress")


def calls(world, client, did):
    events = ["initiated", "ringing", "answered", "completed"]
    spoken = did(
        "calls.create",
        start(
            world, client, "<Response><Say>Hello</Say><Pause length='3'/><Play>a.mp3</Play></Response>",
            status_callback=world.hooks.url("/call"), status_callback_event=events, machine_detection="Enable",
        ),
    )
    assert spoken.status == "queued" and spoken.duration is None and spoken.from_formatted == "(212) 555-0100"
    done = ended(world, client, spoken)
    assert did("calls.fetch", done).status == "completed" and int(done.duration) >= 9
    assert done.price == "-0.01400" and done.answered_by == "human"
    told = world.until(lambda: len(world.hooks.at("/call")) == 4 and world.hooks.at("/call"))
    assert [one["CallStatus"] for one in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"] and told[3]["CallDuration"] == done.duration
    for to, status in (("1", "busy"), ("2", "no-answer"), ("3", "failed")):
        assert ended(world, client, start(world, client, "", to=f"+1500555400{to}")).status == status
    refused(21220, lambda: client.calls(spoken.sid).update(status="completed"))
    world.hooks.answers["/next"] = "<Response><Say>Elsewhere</Say></Response>"
    waiting = start(world, client, "<Response><Pause length='600'/></Response>")
    running(world, client, waiting)
    assert did("calls.update", client.calls(waiting.sid).update(url=world.hooks.url("/next"))).status == "in-progress"
    world.until(lambda: world.hooks.at("/next"))
    assert int(ended(world, client, waiting).duration) < 600
    assert client.calls(start(world, client, "").sid).update(status="canceled").status == "canceled"
    asked = start(
        world, client,
        "<Response><Gather numDigits='2' action='/digits'><Say>Press</Say></Gather><Say>Nothing</Say></Response>",
    )
    running(world, client, asked)
    world.hooks.answers["/digits"] = "<Response><Redirect>/next</Redirect></Response>"
    world.control("POST", f"/calls/{asked.sid}", {"digits": "12345"})
    assert world.until(lambda: world.hooks.at("/digits"))[0]["Digits"] == "12"
    ended(world, client, asked)
    listed = did("calls.list", paged(client.calls))
    assert len(listed) >= 6 and len(client.calls.list(status="busy")) == 1
    assert client.calls.list(start_time_after=done.start_time, to="+15005554001")
    assert did("calls.delete", client.calls(spoken.sid).delete())
    refused(20404, lambda: client.calls(spoken.sid).fetch())
    for code, arguments in (
        (21211, {"to": "+1", "from_": CLINIC, "twiml": "<Response/>"}),
        (21210, {"to": "+14155550123", "from_": "+13125550100", "twiml": "<Response/>"}),
        (21205, {"to": "+14155550123", "from_": CLINIC, "url": "no"}),
        (21205, {"to": "+14155550123", "from_": CLINIC}),
    ):
        refused(code, lambda: client.calls.create(**arguments))


def recordings(world, client, did):
    world.hooks.answers["/recorded"] = "<Response><Hangup/></Response>"
    left = start(
        world, client,
        "<Response><Record action='/recorded' maxLength='4' recordingStatusCallback='/recording' "
        "transcribe='true' transcribeCallback='/transcribed'/></Response>",
    )
    ended(world, client, left)
    told = world.until(lambda: world.hooks.at("/recording"))[0]
    assert told["RecordingStatus"] == "completed" and told["RecordingDuration"] == "4"
    assert world.hooks.at("/recorded")[0]["RecordingSid"] == told["RecordingSid"]
    text = world.until(lambda: world.hooks.at("/transcribed"))[0]
    assert text["TranscriptionStatus"] == "completed" and text["TranscriptionText"]
    recording = did("recordings.fetch", client.recordings(told["RecordingSid"]).fetch())
    assert recording.source == "RecordVerb" and recording.status == "completed" and recording.price == "-0.00250"
    sound = authorized(world, told["RecordingUrl"] + ".wav")
    assert sound[:4] == b"RIFF" and len(sound) == 44 + 4 * 8000
    assert authorized(world, told["RecordingUrl"] + ".mp3")[:2] == b"\xff\xfb"
    written = client.transcriptions
    assert did("transcriptions.fetch", written(text["TranscriptionSid"]).fetch()).status == "completed"
    assert len(did("transcriptions.list", written.list())) == 1
    own = client.recordings(recording.sid).transcriptions
    assert len(did("recordings.transcriptions.list", own.list())) == 1
    assert did("recordings.transcriptions.fetch", own(text["TranscriptionSid"]).fetch()).type == "fast"
    assert did("recordings.transcriptions.delete", own(text["TranscriptionSid"]).delete())
    refused(20404, lambda: written(text["TranscriptionSid"]).delete())
    again = start(world, client, "<Response><Record action='/recorded' transcribe='true'/></Response>")
    ended(world, client, again)
    assert did("transcriptions.delete", written(world.until(written.list)[0].sid).delete())
    live = start(world, client, "<Response><Pause length='600'/></Response>")
    refused(21220, lambda: client.calls(live.sid).recordings.create())
    running(world, client, live)
    of_call = client.calls(live.sid).recordings
    made = did("calls.recordings.create", of_call.create(recording_channels="dual"))
    assert made.status == "in-progress" and made.channels == 2 and made.duration is None
    assert did("calls.recordings.update", of_call("Twilio.CURRENT").update("paused")).status == "paused"
    assert of_call(made.sid).update("in-progress").status == "in-progress"
    world.advance(5)
    assert of_call(made.sid).update("stopped").status == "stopped"
    world.until(lambda: of_call(made.sid).fetch().status == "completed")
    assert did("calls.recordings.fetch", of_call(made.sid).fetch()).source == "StartCallRecordingAPI"
    of_call.create()
    assert len(did("calls.recordings.list", paged(of_call))) == 2
    client.calls(live.sid).update(status="completed")
    assert did("calls.recordings.delete", of_call(made.sid).delete())
    assert len(did("recordings.list", paged(client.recordings))) >= 2
    assert did("recordings.delete", client.recordings(recording.sid).delete())


def authorized(world, url):
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    manager.add_password(None, world.base, world.sid, world.token)
    return urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager)).open(url).read()


def dialing(world, client):
    world.control("POST", "/parties", {"number": "+14155550177", "party": {"talkSeconds": 7}})
    world.hooks.answers["/dialed"] = "<Response/>"
    caller = start(
        world, client,
        "<Response><Dial action='/dialed' record='record-from-answer'>"
        "<Number statusCallback='/leg' url='/whisper'>+14155550177</Number><Number>+15005554001</Number></Dial></Response>",
    )
    world.hooks.answers["/whisper"] = "<Response><Say>A patient</Say></Response>"
    done = ended(world, client, caller)
    told = world.until(lambda: world.hooks.at("/dialed"))[0]
    assert told["DialCallStatus"] == "completed" and told["DialBridged"] == "true" and told["RecordingUrl"]
    assert world.until(lambda: world.hooks.at("/leg"))[0]["ParentCallSid"] == caller.sid
    legs = client.calls.list(parent_call_sid=caller.sid)
    assert {leg.status for leg in legs} == {"completed", "busy"} and all(leg.direction == "outbound-dial" for leg in legs)
    assert done.status == "completed"
    nobody = start(world, client, "<Response><Dial action='/nobody' timeout='5'>+15005554002</Dial></Response>")
    ended(world, client, nobody)
    assert world.hooks.at("/nobody")[0]["DialCallStatus"] == "no-answer"


def queues(world, client, did):
    made = [did("queues.create", client.queues.create(f"line {n}", max_size=5)) for n in range(3)]
    refused(22003, lambda: client.queues.create("line 0"))
    queue = client.queues(made[0].sid)
    assert did("queues.fetch", queue.fetch()).current_size == 0
    assert did("queues.update", queue.update(max_size=2)).max_size == 2
    assert len(did("queues.list", paged(client.queues))) == 3
    assert did("queues.delete", client.queues(made[2].sid).delete())
    world.hooks.answers["/wait"] = "<Response><Say>Please wait</Say></Response>"
    world.hooks.answers["/left"] = "<Response><Hangup/></Response>"
    twiml = "<Response><Enqueue action='/left' waitUrl='/wait'>line 0</Enqueue></Response>"
    waiting = []
    for n in range(2):
        waiting.append(start(world, client, twiml, to=f"+1415555018{n}"))
        world.until(lambda: queue.fetch().current_size == n + 1)
    full = start(world, client, twiml)
    ended(world, client, full)
    assert world.hooks.at("/left")[0]["QueueResult"] == "queue-full"
    members = did("queues.members.list", paged(queue.members))
    assert [member.call_sid for member in members] == [call.sid for call in waiting]
    assert did("queues.members.fetch", queue.members("Front").fetch()).position == 1
    world.hooks.answers["/agent"] = "<Response><Say>Soon</Say></Response>"
    moved = did("queues.members.update", queue.members(waiting[1].sid).update(url=world.hooks.url("/agent")))
    assert moved.call_sid == waiting[1].sid
    ended(world, client, waiting[1])
    agent = start(world, client, "<Response><Dial action='/served'><Queue>line 0</Queue></Dial></Response>")
    ended(world, client, waiting[0])
    ended(world, client, agent)
    results = [told["QueueResult"] for told in world.until(lambda: len(world.hooks.at("/left")) == 3 and world.hooks.at("/left"))]
    assert sorted(results) == ["bridged", "queue-full", "redirected"], results
    assert world.hooks.at("/served")[0]["DialCallStatus"] == "completed"
    assert queue.fetch().current_size == 0


def conferences(world, client, did):
    room = "<Response><Dial action='/after'><Conference {}>ward</Conference></Dial></Response>"
    callback = "statusCallback='/room' statusCallbackEvent='start end join leave mute hold' record='record-from-start'"
    first = start(world, client, room.format(callback), to="+14155550190")
    running(world, client, first)
    found = world.until(lambda: client.conferences.list(friendly_name="ward", status="init"))[0]
    conference = client.conferences(found.sid)
    second = did(
        "conferences.participants.create",
        conference.participants.create(from_=CLINIC, to="+14155550191", label="doctor", end_conference_on_exit=True),
    )
    assert second.status == "queued" and second.label == "doctor"
    world.until(lambda: did("conferences.fetch", conference.fetch()).status == "in-progress")
    people = did("conferences.participants.list", paged(conference.participants))
    assert {person.call_sid for person in people} == {first.sid, second.call_sid}
    doctor = conference.participants("doctor")
    assert did("conferences.participants.update", doctor.update(muted=True, hold=True)).muted is True
    assert did("conferences.participants.fetch", doctor.fetch()).hold is True
    assert len(conference.participants.list(muted=True)) == 1
    sound = conference.recordings
    listed = did("conferences.recordings.list", sound.list())
    assert did("conferences.recordings.fetch", sound(listed[0].sid).fetch()).source == "Conference"
    assert did("conferences.recordings.update", sound(listed[0].sid).update("paused")).status == "paused"
    third = conference.participants.create(from_=CLINIC, to="+14155550192")
    world.until(lambda: conference.participants(third.call_sid).fetch().status == "connected")
    assert did("conferences.participants.delete", conference.participants(third.call_sid).delete())
    client.calls(second.call_sid).update(status="completed")
    done = world.until(lambda: (room := conference.fetch()).status == "completed" and room)
    assert done.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert done.call_sid_ending_conference == second.call_sid
    world.until(lambda: world.hooks.at("/after"))
    ended(world, client, first)
    events = [told["StatusCallbackEvent"] for told in world.until(lambda: len(world.hooks.at("/room")) >= 10 and world.hooks.at("/room"))]
    assert events[:3] == ["participant-join", "participant-join", "conference-start"] and events[-1] == "conference-end"
    assert "participant-mute" in events and "participant-hold" in events
    assert did("conferences.recordings.delete", sound(listed[0].sid).delete())
    lone = start(world, client, room.format(""))
    again = world.until(lambda: client.conferences.list(status="init"))[0]
    closed = did("conferences.update", client.conferences(again.sid).update(status="completed"))
    assert closed.reason_conference_ended == "conference-ended-via-api"
    ended(world, client, lone)
    assert len(did("conferences.list", paged(client.conferences))) == 2


def inbound(world, client):
    number = client.incoming_phone_numbers.list(phone_number=CLINIC)[0]
    client.incoming_phone_numbers(number.sid).update(
        voice_url=world.hooks.url("/answer"), status_callback=world.hooks.url("/inbound-status")
    )
    world.hooks.answers["/answer"] = "<Response><Gather input='speech' action='/said'><Say>Yes?</Say></Gather></Response>"
    world.hooks.answers["/said"] = "<Response><Say>Goodbye</Say></Response>"
    call = world.control("POST", "/calls", {"from": "+14155550123", "to": CLINIC, "party": {"speech": ["An appointment"]}})
    done = world.until(lambda: (found := client.calls(call["sid"]).fetch()).end_time and found)
    assert done.direction == "inbound" and done.status == "completed" and done.phone_number_sid == number.sid
    assert world.hooks.at("/said")[0]["SpeechResult"] == "An appointment"
    assert world.until(lambda: world.hooks.at("/inbound-status"))[0]["CallStatus"] == "completed"
    world.hooks.answers["/answer"] = "<Response><Reject reason='busy'/></Response>"
    call = world.control("POST", "/calls", {"from": "+14155550123", "to": CLINIC})
    assert world.until(lambda: client.calls(call["sid"]).fetch().status == "busy")
    # What is no TwiML ends the call, and the fallback is asked before.
    client.incoming_phone_numbers(number.sid).update(voice_fallback_url=world.hooks.url("/fallback"))
    world.hooks.answers["/answer"] = "no document"
    world.hooks.answers["/fallback"] = "<Response><Say>Sorry</Say></Response>"
    call = world.control("POST", "/calls", {"from": "+14155550123", "to": CLINIC})
    assert world.until(lambda: client.calls(call["sid"]).fetch().status == "completed")
    assert world.hooks.at("/fallback")[0]["ErrorCode"] == "12100"
