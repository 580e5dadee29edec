"""Lookups, verify and pricing."""

from checks import paged, refused


def run(world, test, trial):
    client, did = world.client(), world.did
    lookups(client, did)
    verify(world, client, did)
    pricing(client, did)


def lookups(client, did):
    newer = client.lookups.v2
    plain = did("lookups.v2.phone_numbers.fetch", newer.phone_numbers("+14155550123").fetch())
    assert plain.valid and plain.country_code == "US" and plain.line_type_intelligence is None
    fields = newer.phone_numbers("+14155550129").fetch(fields="line_type_intelligence,caller_name,sim_swap")
    assert fields.line_type_intelligence["type"] == "landline" and fields.caller_name["caller_name"]
    wrong = newer.phone_numbers("+141555501239").fetch()
    assert not wrong.valid and wrong.validation_errors == ["TOO_LONG"]
    assert newer.phone_numbers("4155550123").fetch(country_code="US").phone_number == "+14155550123"
    everything = "call_forwarding,line_status,identity_match,reassigned_number,sms_pumping_risk"
    assert newer.phone_numbers("+14155550123").fetch(fields=everything).sms_pumping_risk["carrier_risk_category"] == "low"
    older = did("lookups.v1.phone_numbers.fetch", client.lookups.v1.phone_numbers("+14155550123").fetch(type=["carrier"]))
    assert older.carrier["type"] == "mobile"
    refused(20404, lambda: client.lookups.v1.phone_numbers("+1415").fetch())


def verify(world, client, did):
    services = client.verify.v2.services
    made = [did("verify.services.create", services.create(friendly_name=f"Sign-in {n}")) for n in range(3)]
    service = services(made[0].sid)
    assert did("verify.services.fetch", service.fetch()).code_length == 6
    updated = did("verify.services.update", service.update(code_length=4, skip_sms_to_landlines=True))
    assert updated.code_length == 4
    assert len(did("verify.services.list", paged(services))) == 3
    assert did("verify.services.delete", services(made[2].sid).delete())
    sent = did("verify.verifications.create", service.verifications.create(to="+14155550123", channel="sms"))
    assert sent.status == "pending" and len(sent.send_code_attempts) == 1
    assert did("verify.verifications.fetch", service.verifications(sent.sid).fetch()).to == "+14155550123"
    code = world.control("GET", "/verifications?to=%2B14155550123")["verifications"][0]["code"]
    assert len(code) == 4
    wrong = did("verify.verification_checks.create", service.verification_checks.create(code="0", to="+14155550123"))
    assert wrong.status == "pending" and not wrong.valid
    right = service.verification_checks.create(code=code, verification_sid=sent.sid)
    assert right.status == "approved" and right.valid
    refused(20404, lambda: service.verification_checks.create(code=code, to="+14155550123"))
    again = service.verifications.create(to="+14155550124", channel="call")
    canceled = did("verify.verifications.update", service.verifications(again.sid).update(status="canceled"))
    assert canceled.status == "canceled"
    refused(60200, lambda: service.verifications.create(to="nobody", channel="sms"))
    refused(60205, lambda: service.verifications.create(to="+14155550129", channel="sms"))
    for _ in range(5):
        service.verifications.create(to="+14155550125", channel="sms")
    refused(60203, lambda: service.verifications.create(to="+14155550125", channel="sms"))
    for _ in range(5):
        service.verification_checks.create(code="0", to="+14155550125")
    refused(60202, lambda: service.verification_checks.create(code="0", to="+14155550125"))


def pricing(client, did):
    older, newer = client.pricing.v1, client.pricing.v2
    for name, countries in (
        ("pricing.v1.messaging.countries", older.messaging.countries),
        ("pricing.v1.phone_numbers.countries", older.phone_numbers.countries),
        ("pricing.v1.voice.countries", older.voice.countries),
        ("pricing.v2.voice.countries", newer.voice.countries),
    ):
        listed = did(f"{name}.list", countries.list(page_size=1))
        assert {country.iso_country for country in listed} == {"CA", "GB", "US"}
        assert did(f"{name}.fetch", countries("US").fetch()).price_unit == "USD"
        refused(20404, lambda: countries("XX").fetch())
    assert did("pricing.v1.voice.numbers.fetch", older.voice.numbers("+14155550123").fetch()).iso_country == "US"
    assert did("pricing.v2.voice.numbers.fetch", newer.voice.numbers("+14155550123").fetch()).iso_country == "US"
