"""Clients of the field against a running server: gql (with httpx below it), graphql-core's schema tools, and httpx-sse.

Takes what to do and the server's URL; the API key comes as SWITCHBOARD_API_KEY, so that it stands in no argument list, and
an SDL with all bindings as a file. Prints one JSON object of what was seen; the test judges it.
"""

import json
import os
import sys

import httpx
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError, build_ast_schema, build_client_schema, lexicographic_sort_schema, parse, print_schema
from graphql.language import (
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
)
from graphql.type import validate_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes, get_introspection_query
from httpx_sse import connect_sse

HEADERS = {"Authorization": f"Bearer {os.environ['SWITCHBOARD_API_KEY']}"}
TIMEOUT = 60


def client(url, **options):
    return Client(transport=HTTPXTransport(url=url, headers=HEADERS, timeout=TIMEOUT), **options)


# What a role may see of the SDL: worked out here from the text alone, by the rules that Schema/Bindings.graphql states.


def roles(node):
    """The roles that @access on a definition lets in; None where it says nothing."""
    for directive in node.directives or ():
        if directive.name.value == "access":
            return {value.value for value in directive.arguments[0].value.values}
    return None


def named_type(type_node):
    while not hasattr(type_node, "name"):
        type_node = type_node.type
    return type_node.name.value


def changed(node, **members):
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, **members})


def visible(sdl, role):
    """The SDL without bindings, and without what the role may not ask."""
    document = parse(sdl)
    type_system_only = lambda definition: not {location.value for location in definition.locations} & {
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
    directives = [node for node in document.definitions if isinstance(node, DirectiveDefinitionNode)]
    bindings = [node for node in directives if type_system_only(node)]
    enums = {node.name.value for node in document.definitions if isinstance(node, EnumTypeDefinitionNode)}
    arguments = {named_type(argument.type) for node in bindings for argument in node.arguments or ()}
    hidden = arguments & enums
    for node in document.definitions:
        allowed = roles(node) if hasattr(node, "fields") else None
        if allowed is not None and role not in allowed:
            hidden.add(node.name.value)
    definitions = []
    for node in document.definitions:
        if node in bindings or node.name.value in hidden:
            continue
        if getattr(node, "fields", None):
            fields = tuple(
                field
                for field in node.fields
                if (roles(field) is None or role in roles(field)) and named_type(field.type) not in hidden
            )
            node = changed(node, fields=fields)
        definitions.append(node)
    # An object with nothing left to ask is gone; where its name is a root's, there are no such operations.
    left = {node.name.value for node in definitions if getattr(node, "fields", None)}
    objects = (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
    definitions = [node for node in definitions if not isinstance(node, objects) or node.name.value in left]
    return build_ast_schema(changed(document, definitions=tuple(definitions)), assume_valid=True)


def schema(url, role, sdl_file):
    """Introspection by the client, and what tools make of it, beside the SDL."""
    options = {"specified_by_url": True, "directive_is_repeatable": True, "schema_description": True,
               "input_value_deprecation": True, "one_of": True}
    with client(url) as session:
        fetched = session.execute(gql(get_introspection_query(**options)))
    built = build_client_schema(fetched)
    with open(sdl_file, encoding="utf-8") as file:
        expected = visible(file.read(), role)
    return {
        "types": sorted(entry["name"] for entry in fetched["__schema"]["types"]),
        "expectedTypes": sorted(expected.type_map),
        "problems": [error.message for error in validate_schema(built)],
        "changes": [
            change.description
            for one, other in ((expected, built), (built, expected))
            for change in find_breaking_changes(one, other) + find_dangerous_changes(one, other)
        ],
        "built": print_schema(lexicographic_sort_schema(built)),
        "expected": print_schema(lexicographic_sort_schema(expected)),
    }


def work(url):
    """Queries, a mutation and errors, with documents checked against the fetched schema before they are sent."""
    seen = {}
    with client(url, fetch_schema_from_transport=True) as session:
        seen["fetched"] = sorted(session.client.schema.query_type.fields)
        seen["query"] = session.execute(gql("query Who { viewer { role } organization { name slug } }"))
        create = gql(
            """
            mutation Create($input: CreateContactInput!) {
              createContact(input: $input) { contact { __typename phone name } userErrors { code field } }
            }
            """
        )
        create.variable_values = {"input": {"phone": "+14155550188", "name": "Zoë 😀"}}
        seen["mutation"] = session.execute(create)
        create.variable_values = {"input": {"phone": "nonsense"}}
        seen["userError"] = refusal(session, create)
        try:
            session.execute(gql("{ viewer { rolle } }"))
        except GraphQLError as error:
            seen["refusedByTheClient"] = error.message
    with client(url) as session:
        seen["refusedByTheServer"] = refusal(session, gql("{\n  viewer { rolle }\n}"))
        batch = session.execute_batch([gql("{ viewer { role } }"), gql("{ organization { slug } }")])
        seen["batch"] = batch
    return seen


def refusal(session, request):
    try:
        return {"data": session.execute(request)}
    except TransportQueryError as error:
        return {"errors": error.errors}


def subscription(url):
    """A subscription over Server-Sent Events, to the end of a sync that is started while it is open; then a refusal."""
    seen = {"events": [], "states": []}
    with httpx.Client(headers=HEADERS, timeout=TIMEOUT) as http:
        body = {"query": "subscription Follow { syncProgress { id state numbersFound } }", "operationName": "Follow"}
        with connect_sse(http, "POST", url, json=body) as source:
            seen["status"] = source.response.status_code
            seen["type"] = source.response.headers["content-type"]
            with client(url) as session:
                started = session.execute(gql("mutation { startSync(input: {}) { sync { state } userErrors { code } } }"))
                seen["started"] = started["startSync"]
            for event in source.iter_sse():
                seen["events"].append(event.event)
                state = json.loads(event.data)["data"]["syncProgress"]["state"]
                seen["states"].append(state)
                if state in ("COMPLETED", "FAILED"):
                    break
        with connect_sse(http, "POST", url, json={"query": "subscription { nothing }"}) as source:
            seen["refusal"] = [[event.event, event.data] for event in source.iter_sse()]
    return seen


COMMANDS = {"schema": schema, "work": work, "subscription": subscription}
print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
