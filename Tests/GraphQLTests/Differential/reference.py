"""The verdicts of graphql-core, the Python port of GraphQL's reference implementation.

Takes a file of JSON lines and prints one JSON line for each document in it. A line is either

  {"schema": name, "text": SDL}                          a schema that later lines refer to
  {"id": n, "text": document, "schema": name, "printed": text or null}
  {"id": n, "text": SDL, "schema": null, "printed": text or null}

and a verdict is {"id": n, "syntax": [line, column] or null, "rules": [names], "same": whether "printed" says the same as
"text" (null where nothing was printed), "messages": [for people]}.
"""

import json
import sys

from graphql import GraphQLSyntaxError, build_schema, parse, validate
from graphql.utilities import ast_to_dict
from graphql.validation import specified_rules


class NamingContext:
    """A validation context that puts the name of one rule on each error of that rule."""

    def __init__(self, context, name):
        self._context = context
        self._name = name

    def __getattr__(self, member):
        return getattr(self._context, member)

    def report_error(self, error):
        error.rule = self._name
        self._context.report_error(error)


def named(rule):
    class Named(rule):
        def __init__(self, context):
            super().__init__(NamingContext(context, rule.__name__.removesuffix("Rule")))

    return Named


RULES = [named(rule) for rule in specified_rules]


def parsed(text):
    # Selections are at least one in the September 2025 edition; graphql-core follows a later draft unless told.
    return parse(text, allow_empty_selection_sets=False)


def meaning(node):
    """A tree as plain data, without what means nothing: whether a string was written as a block."""
    if isinstance(node, dict):
        return {key: meaning(value) for key, value in node.items() if key != "block"}
    if isinstance(node, list):
        return [meaning(item) for item in node]
    return node


def verdict(case, schemas):
    try:
        document = parsed(case["text"])
    except GraphQLSyntaxError as error:
        place = error.locations[0]
        return {"syntax": [place.line, place.column], "rules": [], "same": None, "messages": [error.message]}
    errors = []
    if case["schema"] is not None:
        errors = validate(schemas[case["schema"]], document, RULES, max_errors=100_000, allow_empty_selection_sets=False)
    same = None
    if case["printed"] is not None:
        same = meaning(ast_to_dict(parsed(case["printed"]))) == meaning(ast_to_dict(document))
    return {
        "syntax": None,
        # An error without a rule is one of the validator itself, which never comes unless it gives up.
        "rules": sorted({getattr(error, "rule", error.message) for error in errors}),
        "same": same,
        "messages": [error.message for error in errors][:10],
    }


def main(path):
    schemas = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            if "id" not in case:
                schemas[case["schema"]] = build_schema(case["text"])
                continue
            print(json.dumps({"id": case["id"], **verdict(case, schemas)}))


sys.setrecursionlimit(10_000)
main(sys.argv[1])
