"""A sandbox to talk to: the SDK with its answers watched, the control API, and a customer's webhook server."""

import http.server
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from contract import Contract
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client


class WatchedClient(TwilioHttpClient):
    """Twilio's own transport. Each answer is compared with the OpenAPI documents."""

    def __init__(self, contract):
        super().__init__(timeout=30)
        self.contract = contract
        self.wrong = []

    def request(self, method, url, **arguments):
        response = super().request(method, url, **arguments)
        path = urllib.parse.unquote(urllib.parse.urlsplit(url).path)
        self.wrong += self.contract.judge(method, path, response.status_code, response.text)
        return response


class World:
    def __init__(self, base, sid, token):
        self.base, self.sid, self.token = base, sid, token
        self.contract = Contract()
        self.http = WatchedClient(self.contract)
        self.hooks = Hooks(token)
        self.done = set()

    def client(self, user=None, password=None, account=None):
        user = user or self.sid
        client = Client(user, password or self.token, account or user, http_client=self.http)
        for product in ("api", "lookups", "verify", "messaging", "numbers", "pricing", "accounts", "iam"):
            getattr(client, product).base_url = self.base
        return client

    def did(self, name, result=None):
        """Notes that a method of the SDK was tried, and hands its result on."""
        self.done.add(name)
        return result

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + "/_control" + path, method=method, data=None if body is None else json.dumps(body).encode()
        )
        with urllib.request.urlopen(request) as response:
            text = response.read()
            return json.loads(text) if text else None

    def advance(self, seconds):
        self.control("POST", "/clock", {"advance": seconds})

    def until(self, condition, step=1.0, limit=400):
        """Moves the clock on until something is so. Webhooks travel in real time, so each step waits a moment."""
        for _ in range(limit):
            found = condition()
            if found:
                return found
            self.advance(step)
            time.sleep(0.01)
        raise AssertionError("it never came to be")


class Hooks:
    """A customer's webhook server: answers by path, keeps what came, and checks each signature with the SDK."""

    def __init__(self, token):
        self.answers, self.received, self.refused = {}, [], []
        hooks, validator = self, RequestValidator(token)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self.answer(body)

            def do_GET(self):
                self.answer("")

            def answer(self, body):
                url = f"http://{self.headers['Host']}{self.path}"
                path, _, query = self.path.partition("?")
                is_form = "json" not in self.headers.get("Content-Type", "")
                pairs = urllib.parse.parse_qsl(body if is_form else "", keep_blank_values=True)
                parameters = {}
                for name, value in pairs:
                    parameters.setdefault(name, []).append(value)
                signed = {name: values if len(values) > 1 else values[0] for name, values in parameters.items()}
                signature = self.headers.get("X-Twilio-Signature", "")
                if not validator.validate(url, signed if is_form else body, signature):
                    hooks.refused.append(url)
                if not self.headers.get("I-Twilio-Idempotency-Token"):
                    hooks.refused.append("no idempotency token: " + url)
                told = dict(signed) if body else dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
                hooks.received.append((path, told if is_form else json.loads(body)))
                answer = hooks.answers.get(path, "")
                text = answer(told) if callable(answer) else answer
                data = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path):
        return [told for where, told in list(self.received) if where == path]

    def url(self, path):
        return self.base + path
