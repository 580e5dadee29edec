"""Compares answers of the sandbox with Twilio's OpenAPI documents, leniently where their own examples break them."""

import copy
import glob
import json
import os
import re

import jsonschema_rs

HERE = os.path.dirname(os.path.abspath(__file__))

# Members that an answer may lack, or have beyond the document, and why.
ABSENT = {
    # The document of a page says more than a page has: both styles are compared apart.
}
BEYOND = {
    # `feedback` of a message, `members` of a queue and the like are inside free-form maps, which are not compared.
}


def load():
    documents = {}
    for path in sorted(glob.glob(os.path.join(HERE, "..", "OpenAPI", "*.json"))):
        with open(path) as file:
            documents[os.path.basename(path).removesuffix(".openapi.json")] = loosen(json.load(file))
    return documents


def loosen(node):
    """Every value may be null, numbers may be strings and formats are free: so are they in Twilio's own examples."""
    if isinstance(node, list):
        return [loosen(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {name: loosen(value) for name, value in node.items()}
    if node.get("type") in ("string", "number", "integer", "boolean", "array", "object") and "in" not in node:
        node["nullable"] = True
        if node["type"] == "number":
            kept = {name: value for name, value in node.items() if name not in ("type", "format", "nullable")}
            node = {"anyOf": [{"type": "number"}, {"type": "string"}], "nullable": True, **kept}
        for name in ("format", "minLength", "maxLength", "pattern"):
            node.pop(name, None)
        # "last-participant-left", lower-case and title-case statuses of ports: examples use values beyond the list.
        if "enum" in node and node["type"] == "string":
            node.pop("enum")
    return node


class Contract:
    """Finds the operation of a request and judges its answer."""

    def __init__(self):
        self.documents = load()
        self.operations = []
        self.seen = set()
        for name, document in self.documents.items():
            for template, item in document["paths"].items():
                pattern = re.compile("^" + re.sub(r"\\\{[^/]+?\\\}", r"[^/]+", re.escape(template)) + "$")
                for method in ("get", "post", "delete"):
                    if method in item:
                        literal = template.count("{")
                        self.operations.append((literal, pattern, method, name, template, item[method]))
        # A literal segment goes before a name in braces, as it does in a router.
        self.operations.sort(key=lambda operation: operation[0])

    def find(self, method, path):
        for _, pattern, wanted, name, template, operation in self.operations:
            if wanted == method.lower() and pattern.match(path):
                # "Countries" is no phone number: the pricing product shares the port with the lookups.
                if name == "lookups-v1" and path.startswith("/v1/PhoneNumbers/Countries"):
                    continue
                return name, template, operation
        return None

    def resolve(self, name, schema):
        while "$ref" in schema:
            schema = self.documents[name]["components"]["schemas"][schema["$ref"].split("/")[-1]]
        return schema

    def judge(self, method, path, status, body):
        """A list of what is wrong with an answer; errors have one shape everywhere."""
        if status >= 400:
            if not body:
                return [f"{method} {path}: {status} without a body"]
            error = json.loads(body)
            wrong = [name for name in ("code", "message", "more_info", "status") if name not in error]
            return [f"{method} {path}: the error lacks {wrong}"] if wrong or error["status"] != status else []
        found = self.find(method, path)
        if found is None:
            return []
        name, template, operation = found
        self.seen.add((method.upper(), template))
        expected = operation["responses"].get(str(status))
        where = f"{method} {template} -> {status}"
        if expected is None:
            return [f"{where}: the document has only {sorted(operation['responses'])}"]
        if "content" not in expected:
            return [f"{where}: a body where none belongs"] if body else []
        schema = next(iter(expected["content"].values()))["schema"]
        answer = json.loads(body)
        validator = jsonschema_rs.Draft4Validator(
            {**upgrade(copy.deepcopy(schema)), "components": upgrade(self.documents[name]["components"])}
        )
        wrong = [f"{where}: {list(error.instance_path)} {error.message}"[:300] for error in validator.iter_errors(answer)]
        return wrong + [f"{where}: {what}" for what in self.compare(name, schema, answer, [])]

    def compare(self, name, schema, value, path):
        """Members that the document does not know, and those that it knows and the answer lacks."""
        schema = self.resolve(name, schema)
        wrong = []
        if isinstance(value, dict) and schema.get("properties"):
            known = set(schema["properties"])
            if "meta" in known or "next_page_uri" in known:
                # A page: its own members are those of one style, whichever the document writes down.
                known = {key for key in known if schema["properties"][key].get("type") == "array"} & set(value)
            else:
                extra, missing = set(value) - known, known - set(value)
                if extra:
                    wrong.append(f"{path} has {sorted(extra)} beyond the document")
                if missing and not is_input(schema, path):
                    wrong.append(f"{path} lacks {sorted(missing)}")
            for key in known & set(value):
                wrong += self.compare(name, schema["properties"][key], value[key], path + [key])
        elif isinstance(value, list) and schema.get("items"):
            for item in value[:3]:
                wrong += self.compare(name, schema["items"], item, path + ["[]"])
        return wrong


def is_input(schema, path):
    """What the customer sent is answered as it was sent, however little."""
    return "losing_carrier_information" in path or "[]" in path and "not_portability_reason" in schema["properties"]


def upgrade(node):
    """`nullable` of OpenAPI 3.0, in the words of JSON Schema."""
    if isinstance(node, list):
        return [upgrade(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {name: upgrade(value) for name, value in node.items()}
    if node.pop("nullable", False):
        return {"anyOf": [node, {"type": "null"}]}
    if "$ref" in node:
        return {"anyOf": [{"$ref": node["$ref"]}, {"type": "null"}]}
    return node
