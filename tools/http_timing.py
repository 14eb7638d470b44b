"""How fast does a server answer? Eight connections that send one request after the other, by wrk or by a client in Python."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
_NUMBERS = itertools.count(1, 5_000_000)  # each measurement begins where no other one comes to
_LUA = """
local targets, number, turn = {}, %d, 0
for line in io.lines("%s") do targets[#targets + 1] = line end
request = function()
  number, turn = number + 1, turn + 1
  local target = string.gsub(targets[(turn - 1) %% #targets + 1], "@N@", tostring(1000000 + number))
  return wrk.format("GET", target)
end
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('\\nRESULT {"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, "failed": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """Requests per second that succeeded, median and 99th percentile of the waiting in ms, how many failed, and how many succeeded per
    second of the server's own processor time: the figure that other work on the machine changes least.
    """

    rate: float
    p50: float
    p99: float
    failed: int
    per_core: float = 0.0


Client = Callable[[str, Sequence[str], str, float], Timing]


def client() -> Client:
    """The best client that is there: address, targets, Accept and seconds to a Timing."""
    return by_wrk if shutil.which("wrk") else by_python


def by_wrk(address: str, targets: Sequence[str], accept: str, seconds: float) -> Timing:
    """wrk, one thread."""
    with tempfile.TemporaryDirectory(prefix="emkg-wrk-") as folder:
        listed, script = Path(folder, "targets"), Path(folder, "load.lua")
        listed.write_text("\n".join(targets) + "\n", encoding="ascii")
        script.write_text(_LUA % (next(_NUMBERS), listed), encoding="ascii")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "60s"]
        command += ["-H", f"Accept: {accept}", "-s", str(script), address]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        sys.exit(f"wrk failed: {done.stdout}{done.stderr}")
    found = json.loads(line.removeprefix("RESULT "))
    good = max(0, found["requests"] - found["failed"])
    return Timing(good / (found["microseconds"] / 1e6), found["p50"] / 1000, found["p99"] / 1000, found["failed"])


def by_python(address: str, targets: Sequence[str], accept: str, seconds: float) -> Timing:
    """a client in Python, as wrk (Debian: wrk) is not installed."""
    waits: list[float] = []
    failed = [0]
    begun = time.perf_counter()
    asyncio.run(_connections(address, _numbered(targets), accept, begun + seconds, waits, failed))
    took = time.perf_counter() - begun
    waits.sort()
    p50, p99 = (waits[int(len(waits) * part)] * 1000 if waits else float("nan") for part in (0.5, 0.99))
    return Timing(len(waits) / took, p50, p99, failed[0])


def _numbered(targets: Sequence[str]) -> Iterator[str]:
    start = next(_NUMBERS)
    for number, target in enumerate(itertools.cycle(targets), 1_000_000 + start):
        yield target.replace("@N@", str(number))


async def _connections(
    address: str, targets: Iterator[str], accept: str, until: float, waits: list[float], failed: list[int]
) -> None:
    async def one() -> None:
        parts = urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            while time.perf_counter() < until:
                start = time.perf_counter()
                writer.write(
                    f"GET {next(targets)} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: {accept}\r\n\r\n".encode()
                )
                if await _answer(reader) == 200:
                    waits.append(time.perf_counter() - start)
                else:
                    failed[0] += 1
        finally:
            writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def _answer(reader: asyncio.StreamReader) -> int:
    """Reads one answer to its end and returns its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if "transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = next(
            (line.partition(":")[2] for line in head.split("\r\n") if line.startswith("content-length:")), "0"
        )
        await reader.readexactly(int(length))
    return int(head.split(" ", 2)[1])
