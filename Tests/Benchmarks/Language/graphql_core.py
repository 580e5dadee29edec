"""The reference implementation in Python, measured as we measure ourselves: see Reference.swift for what comes in and
goes out."""

import json
import sys
from time import perf_counter, process_time

from graphql import build_schema, parse, validate, version


def best(seconds, body):
    """Operations a second of CPU time, in the best of many short batches."""

    def elapsed(count):
        start = process_time()
        for _ in range(count):
            body()
        return process_time() - start

    count = 1
    while elapsed(count) < 0.02:
        count *= 2
    end = perf_counter() + seconds
    fastest = float("inf")
    while True:
        fastest = min(fastest, elapsed(count) / count)
        if perf_counter() >= end:
            return 1 / fastest


request = json.load(sys.stdin)
schema = build_schema(request["schema"])
document = request["document"]
errors = validate(schema, parse(document))
if errors:
    raise errors[0]
result = {
    "version": version,
    "parse": best(request["seconds"], lambda: parse(document)),
    "validate": best(request["seconds"], lambda: validate(schema, parse(document))),
}
print(json.dumps(result))
