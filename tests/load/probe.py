"""A client in a process of its own that asks a small question again and again and tells how long each answer took.

    python -m tests.load.probe HOST PORT SOURCE

Every question is new to any cache. It ends when its standard input is closed, and prints the times in seconds as JSON;
a time of -1 stands for an announced refusal (503 with Retry-After).
"""

from __future__ import annotations

import http.client
import json
import select
import sys
import time
from urllib.parse import quote


def ask(place: tuple[str, int], source: str, number: int) -> float:
    """Seconds from the request to the whole answer on a connection of its own, -1 for a refusal; raises OSError for a wrong answer."""
    target = "/sparql?query=" + quote(f"ASK {{ FILTER({number} = {number}) }}")
    wire = http.client.HTTPConnection(*place, timeout=30, source_address=(source, 0))
    begun = time.perf_counter()
    wire.request("GET", target, headers={"Accept": "application/sparql-results+json"})
    answer = wire.getresponse()
    body = answer.read()
    took = time.perf_counter() - begun
    wire.close()
    if answer.status == 503 and answer.getheader("Retry-After"):
        return -1.0
    if answer.status != 200 or json.loads(body)["boolean"] is not True:
        raise OSError(f"{answer.status}: {body[:200]!r}")
    return took


def main() -> None:
    place, source, number = (sys.argv[1], int(sys.argv[2])), sys.argv[3], 0
    times: list[float] = []
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        number += 1
        times.append(ask(place, source, time.time_ns() % 10**12 + number))
    sys.stdout.write(json.dumps(times))


if __name__ == "__main__":
    main()
