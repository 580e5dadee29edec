"""Schemathesis against a sandbox: requests made up from the OpenAPI documents, seeded, and every answer judged.

Arguments: base URL, account SID, auth token.
"""

import re
import sys

import requests
import schemathesis
from contract import Contract, load
from hypothesis import HealthCheck, Phase, given, settings

# Made-up requests of each operation; the same each time.
EXAMPLES = 12
# They change the credentials that we speak with; the SDK's run tries them in a subaccount.
LEFT_OUT = {"/v1/AuthTokens/Promote", "/v1/AuthTokens/Secondary"}
# Creation first, so that there is something to fetch, and deletion last.
ORDER = ["post-all", "get", "post-one", "delete"]


class Explorer:
    def __init__(self, base, sid, token):
        self.base, self.sid = base, sid
        self.session = requests.Session()
        self.session.auth = (sid, token)
        self.contract = Contract()
        self.wrong, self.statuses = set(), {}

    def explore(self):
        operations = []
        for document in load().values():
            # The documents name Twilio's hosts; ours is another.
            document.pop("servers", None)
            for item in document["paths"].values():
                item.pop("servers", None)
            for result in schemathesis.openapi.from_dict(document).get_all_operations():
                operation = result.ok()
                if operation.path not in LEFT_OUT:
                    operations.append(operation)
        operations.sort(key=lambda operation: (ORDER.index(self.kind(operation)), operation.path))
        for operation in operations:
            self.attempt(operation)
        return len(operations)

    @staticmethod
    def kind(operation):
        method = operation.method.lower()
        if method != "post":
            return method
        return "post-one" if re.search(r"\{\w*Sid\}(\.json)?$", operation.path) else "post-all"

    def attempt(self, operation):
        places = self.places(operation.path)

        @settings(
            max_examples=3 if operation.method.lower() == "delete" else EXAMPLES, derandomize=True, database=None,
            deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(path_parameters=places))
        def send(case):
            tame(case)
            response = case.call(base_url=self.base, session=self.session, allow_redirects=False, timeout=30)
            status = response.status_code
            self.statuses[status] = self.statuses.get(status, 0) + 1
            where = f"{operation.method.upper()} {operation.path}"
            if status >= 500:
                self.wrong.add(f"{where}: {status}")
            path = places and operation.path.format(**{**dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), "x"), **places})
            self.wrong.update(self.contract.judge(operation.method, path or operation.path, status, response.text))

        send()

    def places(self, template):
        """What stands in a path: our account, and what the lists above it show."""
        found = {}
        for name in re.findall(r"\{(\w+)\}", template):
            if name == "AccountSid" or template.endswith("Accounts/{Sid}.json"):
                found[name] = self.sid
            elif name in ("CountryCode", "IsoCountry"):
                found[name] = "US"
            elif "Number" in name and not name.endswith("Sid"):
                found[name] = "+14155550123"
            else:
                above = template[: template.index("{" + name + "}")].rstrip("/").format(**found)
                listed = self.listed(above + (".json" if above.startswith("/2010") else ""))
                found[name] = listed or "XX" + "0" * 32
        return found

    def listed(self, path):
        response = self.session.get(self.base + path, params={"PageSize": 1})
        if response.status_code != 200:
            return None
        for key, value in response.json().items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                return value[0].get("sid") or value[0].get("call_sid") or value[0].get("port_in_request_sid")
        return None


def tame(case):
    """No webhook leaves this machine: addresses lead to a port where nobody listens."""
    for values in (case.body, case.query):
        if isinstance(values, dict):
            for name, value in values.items():
                if isinstance(value, str) and "://" in value:
                    values[name] = "http://127.0.0.1:9/"


def main():
    explorer = Explorer(*sys.argv[1:])
    count = explorer.explore()
    assert not explorer.wrong, "\n".join(sorted(explorer.wrong))
    assert sum(n for status, n in explorer.statuses.items() if status < 300) > count, explorer.statuses
    print(f"{count} operations, requests by status: {dict(sorted(explorer.statuses.items()))}")


main()
