"""Drives a sandbox with Twilio's own SDK through every resource. Fails by an exception; prints what it tried.

Arguments: base URL, account SID, auth token, SID and token of test credentials, SID and token of a trial account.
"""

import json
import sys

import account_steps
import messaging_steps
import number_steps
import product_steps
import voice_steps
from methods import METHODS
from world import World


def main():
    base, sid, token, test_sid, test_token, trial_sid, trial_token = sys.argv[1:]
    world = World(base, sid, token)
    prove(world)
    for steps in (account_steps, number_steps, messaging_steps, voice_steps, product_steps):
        steps.run(world, test=(test_sid, test_token), trial=(trial_sid, trial_token))
    wrong = sorted(set(world.http.wrong))
    assert not wrong, "answers differ from the documents:\n" + "\n".join(wrong)
    assert not world.hooks.refused, f"webhooks that the SDK's RequestValidator refuses: {world.hooks.refused}"
    table = {line for line in METHODS.split() if line}
    assert world.done == table, f"not in the table: {sorted(world.done - table)}; not tried: {sorted(table - world.done)}"
    tried = len(world.contract.seen)
    documented = {(method.upper(), template) for _, _, method, _, template, _ in world.contract.operations}
    untried = documented - world.contract.seen
    assert untried <= LEFT_OUT, f"operations of the documents that were not tried: {sorted(untried - LEFT_OUT)}"
    print(f"{len(table)} methods of the SDK, {tried} of {len(documented)} operations, {len(world.hooks.received)} webhooks")


def prove(world):
    """The judges themselves: doctored answers are found, and a wrong signature is refused."""
    path = f"/2010-04-01/Accounts/{world.sid}/Balance.json"
    right = {"account_sid": world.sid, "balance": "1.00", "currency": "USD"}
    judge = lambda status, answer: world.contract.judge("GET", path, status, json.dumps(answer))
    assert judge(200, right) == []
    assert judge(201, right) and judge(200, {**right, "balance": 1}) and judge(200, {**right, "more": 1})
    assert judge(200, {"account_sid": world.sid, "balance": "1.00"}) and judge(404, {"code": 20404})
    world.contract.seen.clear()
    sent = world.client().messages.create(to="+14155550123", from_="+12125550100", body="x")
    order = {"messageSid": sent.sid, "status": "sent", "url": world.hooks.url("/wrong"), "signature": "wrong"}
    world.control("POST", "/callback", order)
    assert world.hooks.refused == [world.hooks.url("/wrong")]
    world.hooks.refused.clear()
    world.client().messages(sent.sid).update(status="canceled")
    world.client().messages(sent.sid).delete()


# The SDK has no method for these, or follows the redirection that is the answer, or nothing is sold: the create is
# tried, and refused.
LEFT_OUT = {
    ("POST", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/Mobile.json"),
    ("GET", "/v1/Deactivations"),
    ("POST", "/v3/HostedNumbers/HostedNumberOrders"),
}

main()
