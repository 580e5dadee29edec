"""Available and incoming numbers, bundles and porting."""

from checks import paged, refused


def run(world, test, trial):
    client, did = world.client(), world.did
    available(client, did)
    incoming(world, client, did)
    bundles(world, client, did)
    ports(world, client, did)


def available(client, did):
    countries = did("available_phone_numbers.list", client.available_phone_numbers.list())
    assert {country.country_code for country in countries} == {"US", "CA"}
    assert did("available_phone_numbers.fetch", client.available_phone_numbers("US").fetch()).country == "United States"
    search = client.available_phone_numbers("US")
    found = did("available_phone_numbers.local.list", search.local.list(area_code=212, sms_enabled=True, limit=5))
    assert len(found) == 5 and all(number.phone_number.startswith("+1212555") for number in found)
    near = search.local.list(near_lat_long="37.77,-122.42", distance=30, limit=200)
    assert near and {number.locality for number in near} == {"San Francisco"}
    assert len(did("available_phone_numbers.toll_free.list", search.toll_free.list(contains="8885550142"))) == 1
    assert did("available_phone_numbers.mobile.list", search.mobile.list()) == []
    free = search.local.list(exclude_all_address_required=True, area_code=808)
    assert free == [] and search.local.list(area_code=808, limit=1)


def incoming(world, client, did):
    numbers = client.incoming_phone_numbers
    before = len(numbers.list())
    bought = [
        did("incoming_phone_numbers.create", numbers.create(phone_number=f"+1617555010{n}", sms_url="https://hooks.example/s"))
        for n in range(3)
    ]
    assert bought[0].capabilities["sms"] is True and bought[0].address_requirements == "none"
    assert len(did("incoming_phone_numbers.list", paged(numbers))) == before + 3
    assert len(numbers.list(phone_number="+16175550101")) == 1
    one = numbers(bought[0].sid)
    assert did("incoming_phone_numbers.update", one.update(friendly_name="Front desk")).friendly_name == "Front desk"
    assert did("incoming_phone_numbers.fetch", one.fetch()).sms_url == "https://hooks.example/s"
    refused(21422, lambda: numbers.create(phone_number="+16175550101"))
    refused(21421, lambda: numbers.create(phone_number="33"))
    refused(21451, lambda: numbers.create(area_code="99"))
    refused(21452, lambda: numbers.create(area_code="999"))
    assert did("incoming_phone_numbers.local.create", numbers.local.create("+16175550110")).phone_number
    assert did("incoming_phone_numbers.local.list", paged(numbers.local))
    assert did("incoming_phone_numbers.toll_free.create", numbers.toll_free.create("+18885550110")).phone_number
    assert len(did("incoming_phone_numbers.toll_free.list", numbers.toll_free.list())) == 1
    assert did("incoming_phone_numbers.mobile.list", numbers.mobile.list()) == []
    did("incoming_phone_numbers.mobile.create", refused(21422, lambda: numbers.mobile.create("+16175550111")))
    # An address, and a local one.
    refused(21631, lambda: numbers.create(phone_number="+18085550100"))
    here = client.addresses.create("Clinic", "1 Example Street", "Honolulu", "HI", "96813", "US")
    there = client.addresses.create("Clinic", "1 Example Street", "Vancouver", "BC", "V6B", "CA")
    island = numbers.create(phone_number="+18085550100", address_sid=here.sid)
    assert island.address_requirements == "any"
    assert client.addresses(here.sid).dependent_phone_numbers.list()[0].phone_number == "+18085550100"
    refused(20409, lambda: client.addresses(here.sid).delete())
    refused(21615, lambda: numbers.create(phone_number="+16045550100", address_sid=here.sid))
    assert numbers.create(phone_number="+16045550100", address_sid=there.sid).sid
    # To a subaccount and away.
    branch = client.api.v2010.accounts.create(friendly_name="Owner of a number")
    moved = one.update(account_sid=branch.sid)
    assert moved.account_sid == branch.sid
    refused(20404, lambda: one.fetch())
    assert client.api.v2010.accounts(branch.sid).incoming_phone_numbers(bought[0].sid).delete()
    assert did("incoming_phone_numbers.delete", numbers(bought[1].sid).delete())
    assert numbers.create(phone_number="+16175550101").sid


def bundles(world, client, did):
    compliance = client.numbers.v2.regulatory_compliance
    rules = did("regulations.list", paged(compliance.regulations, iso_country="CA"))
    rule = next(r for r in rules if r.number_type == "local" and r.end_user_type == "business")
    assert did("regulations.fetch", compliance.regulations(rule.sid).fetch()).requirements["end_user"]
    for name, types in (("end_user_types", compliance.end_user_types), ("supporting_document_types", compliance.supporting_document_types)):
        listed = did(f"{name}.list", paged(types))
        assert did(f"{name}.fetch", types(listed[0].sid).fetch()).machine_name == listed[0].machine_name
    made = [
        did(
            "bundles.create",
            compliance.bundles.create(
                friendly_name=f"Bundle {n}", email="office@clinic.example", regulation_sid=rule.sid,
                status_callback=world.hooks.url("/bundle"),
            ),
        )
        for n in range(2)
    ]
    bundle = compliance.bundles(made[0].sid)
    assert did("bundles.fetch", bundle.fetch()).status == "draft"
    assert did("bundles.update", bundle.update(friendly_name="Toronto")).friendly_name == "Toronto"
    assert len(did("bundles.list", paged(compliance.bundles))) == 2
    assert len(compliance.bundles.list(friendly_name="Toronto")) == 1
    first = did("bundles.evaluations.create", bundle.evaluations.create())
    assert first.status == "noncompliant" and first.results[0]["error_code"] == 22214
    user = did(
        "end_users.create",
        compliance.end_users.create("Clinic", "business", attributes={"business_name": "North Clinic"}),
    )
    assert did("end_users.fetch", compliance.end_users(user.sid).fetch()).attributes["business_name"] == "North Clinic"
    assert did("end_users.update", compliance.end_users(user.sid).update(friendly_name="C")).friendly_name == "C"
    compliance.end_users.create("Other", "individual")
    assert len(did("end_users.list", paged(compliance.end_users))) == 2
    paper = did("supporting_documents.create", compliance.supporting_documents.create("Bill", "utility_bill"))
    spare = compliance.supporting_documents.create("Spare", "passport")
    papers = compliance.supporting_documents
    assert did("supporting_documents.fetch", papers(paper.sid).fetch()).status == "draft"
    assert did("supporting_documents.update", papers(paper.sid).update(friendly_name="B")).friendly_name == "B"
    assert len(did("supporting_documents.list", paged(papers))) == 2
    assert did("supporting_documents.delete", papers(spare.sid).delete())
    items = [did("bundles.item_assignments.create", bundle.item_assignments.create(sid)) for sid in (user.sid, paper.sid)]
    assert did("bundles.item_assignments.fetch", bundle.item_assignments(items[0].sid).fetch()).object_sid == user.sid
    assert len(did("bundles.item_assignments.list", paged(bundle.item_assignments))) == 2
    assert bundle.evaluations.create().status == "compliant"
    assert len(did("bundles.evaluations.list", paged(bundle.evaluations))) == 2
    assert did("bundles.evaluations.fetch", bundle.evaluations(first.sid).fetch()).status == "noncompliant"
    refused(20409, lambda: compliance.end_users(user.sid).delete())
    numbers = client.incoming_phone_numbers
    refused(21649, lambda: numbers.create(phone_number="+14165550100"))
    refused(21649, lambda: numbers.create(phone_number="+14165550100", bundle_sid=made[0].sid))
    assert bundle.update(status="pending-review").status == "pending-review"
    world.until(lambda: bundle.fetch().status == "twilio-approved", step=30)
    assert [told["Status"] for told in world.until(lambda: len(world.hooks.at("/bundle")) == 2 and world.hooks.at("/bundle"))] == [
        "in-review",
        "twilio-approved",
    ]
    assert numbers.create(phone_number="+14165550100", bundle_sid=made[0].sid).bundle_sid == made[0].sid
    copied = did("bundles.bundle_copies.create", bundle.bundle_copies.create(friendly_name="Copy"))
    assert copied.status == "draft" and len(did("bundles.bundle_copies.list", bundle.bundle_copies.list())) == 1
    branch = client.api.v2010.accounts.create(friendly_name="Clone")
    cloned = did("bundle_clone.create", client.numbers.v2.bundle_clone(made[0].sid).create(branch.sid, friendly_name="Clone"))
    assert cloned.account_sid == branch.sid
    other = compliance.bundles(made[1].sid)
    assert did("bundles.replace_items.create", other.replace_items.create(made[0].sid)).sid == made[1].sid
    moved = other.item_assignments.list()
    assert len(moved) == 2
    assert did("bundles.item_assignments.delete", other.item_assignments(moved[0].sid).delete())
    assert did("bundles.delete", other.delete())
    spare_user = compliance.end_users.create("Spare", "individual")
    assert did("end_users.delete", compliance.end_users(spare_user.sid).delete())


def ports(world, client, did):
    numbers = client.numbers.v1
    check = did("porting_portabilities.fetch", numbers.porting_portabilities("+14155550150").fetch())
    assert check.portable and check.number_type == "LOCAL"
    assert not numbers.porting_portabilities("+18885550150").fetch().portable
    config = did(
        "porting_webhook_configurations.create",
        numbers.porting_webhook_configurations.create(
            Body({"port_in_target_url": world.hooks.url("/port"), "notifications_of": ["PortInCompleted"]})
        ),
    )
    assert config.notifications_of == ["PortInCompleted"]
    orders = numbers.porting_port_ins.NumbersV1PortingPortInCreate
    order = {
        "account_sid": world.sid,
        "documents": ["RD" + "a" * 32],
        "phone_numbers": [{"phone_number": "+14155550150", "pin": "1234"}],
        "losing_carrier_information": {
            "customer_name": "North Clinic",
            "customer_type": "Business",
            "authorized_representative": "Office",
            "authorized_representative_email": "office@clinic.example",
        },
    }
    made = [did("porting_port_ins.create", numbers.porting_port_ins.create(orders(order))) for _ in range(2)]
    assert made[0].port_in_request_status == "In review"
    refused(20001, lambda: numbers.porting_port_ins.create(orders({"account_sid": world.sid})))
    one = numbers.porting_port_ins(made[0].port_in_request_sid)
    fetched = did("porting_port_ins.fetch", one.fetch())
    number = fetched.phone_numbers[0]["port_in_phone_number_sid"]
    part = numbers.porting_port_in_phone_number(made[0].port_in_request_sid, number)
    assert did("porting_port_in_phone_number.fetch", part.fetch()).phone_number == "+14155550150"
    listed = did("porting_all_port_ins.list", numbers.porting_all_port_ins.list(size=10))
    assert len(listed) == 2
    second = numbers.porting_port_ins(made[1].port_in_request_sid)
    other = second.fetch().phone_numbers[0]["port_in_phone_number_sid"]
    assert did(
        "porting_port_in_phone_number.delete",
        numbers.porting_port_in_phone_number(made[1].port_in_request_sid, other).delete(),
    )
    assert did("porting_port_ins.delete", second.delete())
    assert second.fetch().port_in_request_status == "Canceled"
    world.until(lambda: one.fetch().port_in_request_status == "Completed", step=30)
    told = world.until(lambda: world.hooks.at("/port"))[0]
    assert told["event_type"] == "PortInCompleted"
    assert client.incoming_phone_numbers.list(phone_number="+14155550150")
    assert did("porting_webhook_configuration_fetch.fetch", fetch_configuration(numbers))
    removal = numbers.porting_webhook_configurations_delete("PORT_IN")
    assert did("porting_webhook_configurations_delete.delete", removal.delete())


class Body:
    """What the SDK takes for a body that it has no class for."""

    def __init__(self, members):
        self.members = members

    def to_dict(self):
        return self.members


def fetch_configuration(numbers):
    """The SDK calls the fetch of a configuration a webhook."""
    return numbers.webhook.fetch().port_in_target_url
