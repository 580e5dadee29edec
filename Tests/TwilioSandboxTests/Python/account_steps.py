"""Accounts, balance, keys, tokens, addresses, caller ids, usage."""

from checks import paged, refused


def run(world, test, trial):
    client, did = world.client(), world.did
    accounts(world, client, did)
    keys(world, client, did)
    tokens(world, client, did)
    addresses(client, did)
    caller_ids(world, client, did)
    usage(world, client, did)
    credentials(world, client, test, trial)


def accounts(world, client, did):
    own = did("accounts.fetch", client.api.v2010.accounts(world.sid).fetch())
    assert own.status == "active" and own.type == "Full" and own.owner_account_sid == world.sid
    made = [did("accounts.create", client.api.v2010.accounts.create(friendly_name=f"Branch {n}")) for n in range(3)]
    assert made[0].auth_token and made[0].owner_account_sid == world.sid
    listed = did("accounts.list", paged(client.api.v2010.accounts))
    assert [account.sid for account in listed] == [account.sid for account in reversed(made)] + [world.sid]
    assert len(client.api.v2010.accounts.list(friendly_name="Branch 1")) == 1
    branch = did("accounts.update", client.api.v2010.accounts(made[0].sid).update(status="suspended"))
    assert branch.status == "suspended"
    # The owner speaks for its subaccounts; a suspended one is not spoken for.
    refused(20005, lambda: client.api.v2010.accounts(made[0].sid).messages.list())
    assert client.api.v2010.accounts(made[1].sid).messages.list() == []
    closed = client.api.v2010.accounts(made[2].sid).update(status="closed")
    assert closed.status == "closed"
    refused(20001, lambda: client.api.v2010.accounts(made[2].sid).update(status="active"))
    refused(20003, lambda: client.api.v2010.accounts("AC" + "9" * 32).fetch())
    balance = did("balance.fetch", client.api.v2010.accounts(world.sid).balance.fetch())
    assert balance.currency == "USD" and float(balance.balance) > 0


def keys(world, client, did):
    made = [did("new_keys.create", client.new_keys.create(friendly_name=f"key {n}")) for n in range(3)]
    assert made[0].secret
    with_key = world.client(made[0].sid, made[0].secret, world.sid)
    assert with_key.messages.list(limit=1) == []
    refused(20003, lambda: with_key.api.v2010.accounts(world.sid).fetch())
    refused(20003, lambda: with_key.keys.list())
    assert did("keys.fetch", client.keys(made[0].sid).fetch()).friendly_name == "key 0"
    assert did("keys.update", client.keys(made[0].sid).update(friendly_name="renamed")).friendly_name == "renamed"
    assert {key.sid for key in did("keys.list", paged(client.keys))} >= {key.sid for key in made}
    assert did("keys.delete", client.keys(made[0].sid).delete())
    refused(20404, lambda: client.keys(made[0].sid).fetch())
    refused(20003, lambda: with_key.messages.list(limit=1))
    newer = did("iam.keys.create", client.iam.v1.new_api_key.create(account_sid=world.sid, friendly_name="newer"))
    assert did("iam.keys.fetch", client.iam.v1.api_key(newer.sid).fetch()).friendly_name == "newer"
    assert did("iam.keys.update", client.iam.v1.api_key(newer.sid).update(friendly_name="n")).friendly_name == "n"
    listed = did("iam.keys.list", client.iam.v1.get_api_keys.list(account_sid=world.sid, page_size=1))
    assert {key.sid for key in listed} >= {newer.sid, made[1].sid, made[2].sid}
    assert did("iam.keys.delete", client.iam.v1.api_key(newer.sid).delete())


def tokens(world, client, did):
    second = did("secondary_auth_token.create", client.accounts.v1.secondary_auth_token().create())
    with_second = world.client(world.sid, second.secondary_auth_token)
    assert with_second.messages.list(limit=1) == []
    assert did("secondary_auth_token.delete", client.accounts.v1.secondary_auth_token().delete())
    refused(20003, lambda: with_second.messages.list(limit=1))
    # Promotion in a subaccount, so that ours stays.
    branch = client.api.v2010.accounts.create(friendly_name="Rotating")
    rotating = world.client(branch.sid, branch.auth_token, branch.sid)
    made = rotating.accounts.v1.secondary_auth_token().create()
    promoted = did("auth_token_promotion.update", rotating.accounts.v1.auth_token_promotion().update())
    assert promoted.auth_token == made.secondary_auth_token
    refused(20003, lambda: rotating.messages.list(limit=1))
    assert world.client(branch.sid, promoted.auth_token, branch.sid).messages.list(limit=1) == []
    safe = client.accounts.v1.safelist
    assert did("safelist.create", safe.create(phone_number="+14155550199")).phone_number == "+14155550199"
    assert did("safelist.fetch", safe.fetch(phone_number="+14155550199")).sid
    assert did("safelist.delete", safe.delete(phone_number="+14155550199"))
    refused(20404, lambda: safe.fetch(phone_number="+14155550199"))


def addresses(client, did):
    def make(name):
        return client.addresses.create(
            customer_name=name, street="1 Example Street", city="Denver", region="CO", postal_code="80202",
            iso_country="US", friendly_name=name,
        )

    made = [did("addresses.create", make(f"Customer {n}")) for n in range(3)]
    assert did("addresses.fetch", client.addresses(made[0].sid).fetch()).city == "Denver"
    assert did("addresses.update", client.addresses(made[0].sid).update(city="Boulder")).city == "Boulder"
    assert [address.sid for address in did("addresses.list", paged(client.addresses))] == [
        address.sid for address in reversed(made)
    ]
    assert len(client.addresses.list(customer_name="Customer 1")) == 1
    assert did("addresses.dependent_phone_numbers.list", client.addresses(made[0].sid).dependent_phone_numbers.list()) == []
    assert did("addresses.delete", client.addresses(made[0].sid).delete())
    refused(20001, lambda: client.addresses.create("", "s", "c", "r", "p", "US"))


def caller_ids(world, client, did):
    asked = did(
        "validation_requests.create",
        client.validation_requests.create("+14155550170", friendly_name="Desk", status_callback=world.hooks.url("/validated")),
    )
    assert len(asked.validation_code) == 6
    world.until(lambda: client.outgoing_caller_ids.list(phone_number="+14155550170"))
    client.validation_requests.create("+14155550171")
    world.until(lambda: client.outgoing_caller_ids.list(phone_number="+14155550171"))
    told = world.until(lambda: world.hooks.at("/validated"))[0]
    assert told["VerificationStatus"] == "success" and told["CallSid"] == asked.call_sid
    listed = did("outgoing_caller_ids.list", paged(client.outgoing_caller_ids))
    one = client.outgoing_caller_ids(listed[-1].sid)
    assert did("outgoing_caller_ids.fetch", one.fetch()).friendly_name == "Desk"
    assert did("outgoing_caller_ids.update", one.update(friendly_name="Bell")).friendly_name == "Bell"
    refused(21450, lambda: client.validation_requests.create("+14155550170"))
    assert did("outgoing_caller_ids.delete", one.delete())


def usage(world, client, did):
    triggers = client.usage.triggers
    made = [
        did(
            "usage.triggers.create",
            triggers.create(world.hooks.url("/trigger"), value, "sms", trigger_by="count", friendly_name=f"at {value}"),
        )
        for value in ("1", "+1000000")
    ]
    assert made[0].current_value == "0" and made[0].date_fired is None
    assert did("usage.triggers.fetch", triggers(made[0].sid).fetch()).trigger_value == "1"
    assert did("usage.triggers.update", triggers(made[1].sid).update(friendly_name="far")).friendly_name == "far"
    assert len(did("usage.triggers.list", paged(triggers))) == 2
    assert len(triggers.list(usage_category="calls")) == 0
    message = client.messages.create(to="+14155550123", from_="+12125550100", body="one segment")
    world.until(lambda: client.messages(message.sid).fetch().status == "delivered")
    told = world.until(lambda: world.hooks.at("/trigger"))[0]
    assert told["UsageTriggerSid"] == made[0].sid and told["CurrentValue"] == "1"
    assert triggers(made[0].sid).fetch().date_fired
    assert did("usage.triggers.delete", triggers(made[0].sid).delete())
    records = client.usage.records
    by_name = {record.category: record for record in did("usage.records.list", paged(records, page_size=10))}
    assert by_name["sms"].count == by_name["sms-outbound"].count == by_name["sms-outbound-longcode"].count == "1"
    assert float(by_name["sms"].price) == 0.0079
    for cut in ("all_time", "daily", "monthly", "yearly", "this_month", "last_month", "today", "yesterday"):
        rows = did(f"usage.records.{cut}.list", getattr(records, cut).list(category="sms"))
        assert sum(int(row.count) for row in rows) == (0 if cut in ("last_month", "yesterday") else 1), cut


def credentials(world, client, test, trial):
    tester = world.client(*test)
    assert tester.messages.create(to="+14155550123", from_="+15005550006", body="x").status == "queued"
    for sender, code in (("+15005550001", 21212), ("+15005550007", 21606), ("+15005550008", 21611)):
        refused(code, lambda: tester.messages.create(to="+14155550123", from_=sender, body="x"))
    for to, code in (("1", 21211), ("2", 21612), ("3", 21408), ("4", 21610), ("9", 21614)):
        refused(code, lambda: tester.messages.create(to=f"+1500555000{to}", from_="+15005550006", body="x"))
    for to, code in (("1", 21217), ("2", 21214), ("3", 21215), ("4", 21216)):
        refused(
            code,
            lambda: tester.calls.create(to=f"+1500555000{to}", from_="+15005550006", url="https://hooks.example/v"),
        )
    assert tester.incoming_phone_numbers.create(phone_number="+15005550006").phone_number == "+15005550006"
    refused(21422, lambda: tester.incoming_phone_numbers.create(phone_number="+15005550000"))
    refused(21421, lambda: tester.incoming_phone_numbers.create(phone_number="+15005550001"))
    refused(21452, lambda: tester.incoming_phone_numbers.create(area_code="533"))
    refused(20008, lambda: tester.messages.list())
    trying = world.client(*trial)
    refused(21608, lambda: trying.messages.create(to="+14155550188", from_="+13035550100", body="x"))
    refused(21219, lambda: trying.calls.create(to="+14155550188", from_="+13035550100", twiml="<Response/>"))
    assert trying.messages.create(to="+14155550111", from_="+13035550100", body="x").sid
    refused(21404, lambda: trying.incoming_phone_numbers.create(area_code="212"))
