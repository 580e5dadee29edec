"""Messages, media, messaging services, opt-out."""

import datetime
import urllib.request

from checks import paged, refused

CLINIC = "+12125550100"


def run(world, test, trial):
    client, did = world.client(), world.did
    messages(world, client, did)
    media(world, client, did)
    opt_out(world, client)
    services(world, client, did)
    limits(world, client)


def messages(world, client, did):
    made = [
        did(
            "messages.create",
            client.messages.create(
                to=f"+1415555014{n}", from_=CLINIC, body="Grüße 👋" if n else "Hello",
                status_callback=world.hooks.url("/status"),
            ),
        )
        for n in range(3)
    ]
    assert made[0].status == "queued" and made[0].num_segments == "1" and made[0].price is None
    one = client.messages(made[0].sid)
    world.until(lambda: all(client.messages(message.sid).fetch().status == "delivered" for message in made))
    done = did("messages.fetch", one.fetch())
    assert done.price == "-0.00790" and done.direction == "outbound-api" and done.date_sent
    statuses = world.until(lambda: len(world.hooks.at("/status")) == 6 and world.hooks.at("/status"))
    assert [told["MessageStatus"] for told in statuses if told["MessageSid"] == made[0].sid] == ["sent", "delivered"]
    listed = did("messages.list", paged(client.messages))
    assert [message.sid for message in listed][:3] == [message.sid for message in reversed(made)]
    assert len(client.messages.list(to="+14155550141")) == 1
    now = done.date_sent
    assert len(client.messages.list(date_sent_after=now - datetime.timedelta(days=1))) == len(listed)
    assert client.messages.list(date_sent_before=now - datetime.timedelta(days=2)) == []
    assert did("messages.feedback.create", one.feedback.create(outcome="confirmed")).outcome == "confirmed"
    assert did("messages.update", one.update(body="")).body == ""
    assert did("messages.delete", one.delete())
    refused(20404, lambda: one.fetch())
    # Lists do not lose their place when what they showed is deleted.
    for message in client.messages.stream(page_size=1):
        assert client.messages(message.sid).delete()
    assert client.messages.list() == []
    failing = client.messages.create(to="+15005553005", from_=CLINIC, body="x", status_callback=world.hooks.url("/failed"))
    world.until(lambda: client.messages(failing.sid).fetch().status == "undelivered")
    assert client.messages(failing.sid).fetch().error_code == 30005
    assert world.until(lambda: len(world.hooks.at("/failed")) == 2 and world.hooks.at("/failed"))[1]["ErrorCode"] == "30005"
    for code, arguments in (
        (21603, {"to": "+14155550123", "body": "x"}),
        (21606, {"to": "+14155550123", "from_": "+13125550100", "body": "x"}),
        (21211, {"to": "+1", "from_": CLINIC, "body": "x"}),
        (21617, {"to": "+14155550123", "from_": CLINIC, "body": "x" * 1601}),
        (21619, {"to": "+14155550123", "from_": CLINIC}),
        (21620, {"to": "+14155550123", "from_": CLINIC, "media_url": ["no"]}),
        (21623, {"to": "+14155550123", "from_": CLINIC, "media_url": ["https://media.example/a.png"] * 11}),
        (21624, {"to": "+14155550123", "from_": CLINIC, "body": "x", "validity_period": 0}),
        (21609, {"to": "+14155550123", "from_": CLINIC, "body": "x", "status_callback": "no"}),
        (35118, {"to": "+14155550123", "from_": CLINIC, "body": "x", "schedule_type": "fixed"}),
        (21701, {"to": "+14155550123", "messaging_service_sid": "MG" + "0" * 32, "body": "x"}),
        (21705, {"to": "+14155550123", "messaging_service_sid": "MG1", "body": "x"}),
        (21655, {"to": "+14155550123", "from_": CLINIC, "content_sid": "HX" + "0" * 32}),
    ):
        refused(code, lambda: client.messages.create(**arguments))


def media(world, client, did):
    urls = ["https://media.example/a.png", "https://media.example/b.pdf"]
    sent = client.messages.create(to="+14155550123", from_=CLINIC, body="Look", media_url=urls)
    assert sent.sid.startswith("MM") and sent.num_media == "2"
    files = client.messages(sent.sid).media
    listed = did("messages.media.list", paged(files))
    assert [file.content_type for file in listed] == ["image/png", "application/pdf"]
    assert did("messages.media.fetch", files(listed[0].sid).fetch()).parent_sid == sent.sid
    assert did("messages.media.delete", files(listed[0].sid).delete())
    assert len(files.list()) == 1
    # What comes in can be had at the address that the webhook names.
    number = client.incoming_phone_numbers.list(phone_number=CLINIC)[0]
    client.incoming_phone_numbers(number.sid).update(sms_url=world.hooks.url("/sms"))
    world.hooks.answers["/sms"] = "<Response><Message>Thank you</Message></Response>"
    report = world.control("POST", "/inbound", {"from": "+14155550160", "to": CLINIC, "body": "Photo", "numMedia": 1})
    assert len(report["replies"]) == 1
    told = world.hooks.at("/sms")[0]
    assert told["NumMedia"] == "1" and told["MediaContentType0"] == "image/png"
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    manager.add_password(None, world.base, world.sid, world.token)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager))
    assert opener.open(told["MediaUrl0"]).read(4) == b"\x89PNG"


def opt_out(world, client):
    contact = "+14155550161"
    send = lambda: client.messages.create(to=contact, from_=CLINIC, body="x")
    world.control("POST", "/inbound", {"from": contact, "to": CLINIC, "body": " stop "})
    refused(21610, send)
    assert client.messages.list(to=contact)[0].body.startswith("You have successfully been unsubscribed")
    world.control("POST", "/inbound", {"from": contact, "to": CLINIC, "body": "START"})
    assert send().sid


def services(world, client, did):
    resource = client.messaging.v1.services
    made = [
        did("messaging.services.create", resource.create(f"Service {n}", status_callback=world.hooks.url("/service")))
        for n in range(3)
    ]
    service = resource(made[0].sid)
    assert did("messaging.services.fetch", service.fetch()).sticky_sender is True
    changed = did("messaging.services.update", service.update(area_code_geomatch=False, friendly_name="Reminders"))
    assert changed.friendly_name == "Reminders" and changed.area_code_geomatch is False
    assert len(did("messaging.services.list", paged(resource))) == 3
    assert did("messaging.services.delete", resource(made[2].sid).delete())
    refused(21704, lambda: client.messages.create(to="+14155550123", messaging_service_sid=made[0].sid, body="x"))
    numbers = [client.incoming_phone_numbers.create(phone_number=f"+1503555010{n}") for n in range(2)]
    for number in numbers:
        joined = did("messaging.services.phone_numbers.create", service.phone_numbers.create(number.sid))
        assert joined.capabilities == ["SMS", "MMS", "Voice"]
    refused(21710, lambda: service.phone_numbers.create(numbers[0].sid))
    refused(21712, lambda: resource(made[1].sid).phone_numbers.create(numbers[0].sid))
    assert len(did("messaging.services.phone_numbers.list", paged(service.phone_numbers))) == 2
    assert did("messaging.services.phone_numbers.fetch", service.phone_numbers(numbers[0].sid).fetch()).country_code == "US"
    code = did("messaging.services.short_codes.create", service.short_codes.create("SC" + "1" * 32))
    assert did("messaging.services.short_codes.fetch", service.short_codes(code.sid).fetch()).short_code.isdigit()
    assert len(did("messaging.services.short_codes.list", service.short_codes.list())) == 1
    assert did("messaging.services.short_codes.delete", service.short_codes(code.sid).delete())
    alpha = did("messaging.services.alpha_senders.create", service.alpha_senders.create("CLINIC"))
    assert did("messaging.services.alpha_senders.fetch", service.alpha_senders(alpha.sid).fetch()).alpha_sender == "CLINIC"
    assert len(did("messaging.services.alpha_senders.list", service.alpha_senders.list())) == 1
    assert did("messaging.services.alpha_senders.delete", service.alpha_senders(alpha.sid).delete())
    send = lambda to, **more: client.messages.create(to=to, messaging_service_sid=made[0].sid, body="x", **more)
    first = send("+14155550162")
    assert first.status == "accepted" and first.from_ is None and first.num_segments == "0"
    world.until(lambda: client.messages(first.sid).fetch().status == "delivered")
    known = client.messages(first.sid).fetch().from_
    statuses = world.until(lambda: len(world.hooks.at("/service")) == 3 and world.hooks.at("/service"))
    assert [told["MessageStatus"] for told in statuses] == ["queued", "sent", "delivered"]
    assert statuses[0]["MessagingServiceSid"] == made[0].sid
    for _ in range(2):
        send("+14155550163")
        again = send("+14155550162")
        world.until(lambda: client.messages(again.sid).fetch().status == "delivered")
        assert client.messages(again.sid).fetch().from_ == known
    # The word STOP to one number of a service stops all of them.
    world.control("POST", "/inbound", {"from": "+14155550162", "to": known, "body": "STOP"})
    refused(21610, lambda: send("+14155550162"))
    now = client.messages(first.sid).fetch().date_created
    late = (now + datetime.timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    planned = send("+14155550164", schedule_type="fixed", send_at=now + datetime.timedelta(hours=1))
    assert planned.status == "scheduled", late
    assert client.messages(planned.sid).update(status="canceled").status == "canceled"
    later = send("+14155550165", schedule_type="fixed", send_at=now + datetime.timedelta(hours=1))
    world.advance(3700)
    world.until(lambda: client.messages(later.sid).fetch().status == "delivered")
    refused(30409, lambda: client.messages(later.sid).update(status="canceled"))
    refused(35111, lambda: send("+14155550164", schedule_type="fixed"))
    refused(35114, lambda: send("+14155550164", schedule_type="fixed", send_at=now))
    assert did("messaging.services.phone_numbers.delete", service.phone_numbers(numbers[0].sid).delete())


def limits(world, client):
    """A sender's queue of ten hours at one segment a second, and one request at once."""
    path = f"/accounts/{world.sid}"
    world.control("POST", path, {"limits": {"isPaced": True, "queueSeconds": 3}})
    send = lambda: client.messages.create(to="+14155550123", from_="+16175550101", body="x")
    for _ in range(3):
        send()
    assert refused(21611, send).status == 429
    world.advance(10)
    assert send().sid
    world.control("POST", path, {"limits": {"concurrentRequests": 0}})
    assert refused(20429, send).status == 429
    world.control("POST", path, {"limits": {}})
    assert send().sid
