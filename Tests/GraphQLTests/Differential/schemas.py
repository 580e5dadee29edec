"""What graphql-core makes of pairs of SDL texts that are to say the same.

Takes a file of JSON lines, each {"one": SDL, "other": SDL}, and prints one JSON line for each: {"problems": what is wrong with
either as a schema, "differences": what differs in their types, values, or directives as they are applied}.
"""

import json
import sys

from graphql import build_schema, lexicographic_sort_schema, print_ast, print_schema
from graphql.type import validate_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes


def applied(schema):
    """The directives applied to each element of a schema, in order, by the element's coordinate."""
    found = {}

    def note(coordinate, element):
        nodes = [element.ast_node, *(getattr(element, "extension_ast_nodes", None) or ())]
        found[coordinate] = [print_ast(directive) for node in nodes if node for directive in node.directives or ()]

    note("schema", schema)
    for type_name, type_ in schema.type_map.items():
        note(type_name, type_)
        for name, value in getattr(type_, "values", {}).items():
            note(f"{type_name}.{name}", value)
        for name, field in getattr(type_, "fields", {}).items():
            note(f"{type_name}.{name}", field)
            for argument_name, argument in getattr(field, "args", {}).items():
                note(f"{type_name}.{name}({argument_name}:)", argument)
    return found


def differences(one, other):
    for before, after in ((one, other), (other, one)):
        yield from (change.description for change in find_breaking_changes(before, after))
        yield from (change.description for change in find_dangerous_changes(before, after))
    if print_schema(lexicographic_sort_schema(one)) != print_schema(lexicographic_sort_schema(other)):
        yield "the printed schemas"
    before, after = applied(one), applied(other)
    yield from (key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        pair = [build_schema(text) for text in json.loads(line).values()]
        problems = [error.message for schema in pair for error in validate_schema(schema)]
        print(json.dumps({"problems": problems, "differences": list(differences(*pair))}))
