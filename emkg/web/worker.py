"""One query worker: a forked process that shares the loaded graph, answers one query after the other, and is killed at a limit.

What a query may take is set here by the kernel's means (setrlimit(2)), so that it holds even if the server forgets the worker.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from emkg.config import Limits
from emkg.errors import AnswerTooLarge, BadQuery, EmkgError, NotAcceptable, QueryMemory
from emkg.formats import RDF_FORMATS, by_name
from emkg.graph import Graph, Scope
from emkg.rdf import NamedNode, RdfFormat
from emkg.web.engine import Head, Query, Wish
from emkg.web.frames import Kind, pack, pack_error, pack_json, received
from emkg.web.guard import admit
from emkg.web.wall import die_with_parent, volunteer_for_the_oom_killer

MIB = 1 << 20
STAYS = b"+"  # in an END: this worker takes another query
_CHUNK = 1 << 16  # bytes
_PATIENCE = 0.25  # seconds: what is there by then is sent, however little
_STACK = 512 * MIB  # pyoxigraph recurses where a query nests; only what is touched becomes memory
_ARENA = 128 * MIB  # address space that glibc sets aside for a second thread (mallopt(3), M_ARENA_MAX)
_GROWTH = 32 * MIB  # a worker that has grown by so much ends after its answer
_CHANGING = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b|_:|\[", re.IGNORECASE)


class _Closed(OSError):
    """The server has closed the wire: nobody waits for this answer."""


@dataclass
class _Outlet:
    """Where pyoxigraph writes an answer; it goes out in frames, the head with the first, once there is enough or time passes."""

    wire: socket.socket
    head: Head
    most: int

    def __post_init__(self) -> None:
        self._held: list[bytes] = []
        self._size = self._sent = 0
        self._due = time.monotonic() + _PATIENCE

    @property
    def begun(self) -> bool:
        """Whether something was sent."""
        return self._sent > 0

    def write(self, data: bytes) -> int:
        """Takes bytes; raises AnswerTooLarge."""
        self._held.append(data)
        self._size += len(data)
        if self._sent + self._size > self.most:
            raise AnswerTooLarge(
                f"the answer has more than {self.most:,} bytes",
                "",
                "ask for less: LIMIT, fewer columns, or take the dump",
            )
        if self._size >= _CHUNK or time.monotonic() > self._due:
            self.send(b"")
        return len(data)

    def flush(self) -> None:
        """Does nothing: this decides by itself."""

    def send(self, closing: bytes) -> None:
        """Sends what is held, and the closing frame."""
        frames = b"" if self._sent else pack_json(Kind.HEAD, [self.head.form, self.head.format, self.head.changing])
        if self._size:
            frames += pack(Kind.DATA, b"".join(self._held))
        _send(self.wire, frames + closing)
        self._sent += self._size or 1
        self._held, self._size = [], 0
        self._due = time.monotonic() + _PATIENCE


def run(wire: socket.socket, graph: Graph, limits: Limits) -> None:
    """Answers what comes over the wire until the server closes it; never returns."""
    die_with_parent(signal.SIGKILL)
    volunteer_for_the_oom_killer()
    if sys.platform == "linux":
        most = _address_space() + _STACK + _ARENA + limits.memory * MIB
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(_STACK)
    # The main thread's stack is of the size that the machine sets; this one is as large as deep queries need.
    thread = threading.Thread(target=_serve, args=(wire, graph, limits), daemon=True)
    thread.start()
    thread.join()
    os._exit(0)


def _serve(wire: socket.socket, graph: Graph, limits: Limits) -> None:
    base, processor = _peak(), _ProcessorLimit(limits.seconds)
    for _, payload in received(wire):
        processor.renew()
        query, wish = request(payload)
        try:
            rest = _answer(wire, graph, limits, query, wish)
            staying = _peak() <= base + _GROWTH  # else a successor is forked from the lean parent
            rest(pack(Kind.END, STAYS if staying else b""))
        except _Closed:
            return
        if not staying:
            return


def request(payload: bytes) -> tuple[Query, Wish]:
    """The query and wish of a QUERY frame.

    >>> request(json.dumps(["ASK {}", [], [], "", "json", "json", "turtle"]).encode())[0].text
    'ASK {}'
    """
    text, default, named, base, *wish = json.loads(payload.decode())
    return Query(text, tuple(default), tuple(named), base), Wish(*wish)


def request_frame(query: Query, wish: Wish) -> bytes:
    """The QUERY frame of a query and wish."""
    asked = [query.text, query.default_graphs, query.named_graphs, query.base]
    return pack_json(Kind.QUERY, [*asked, wish.rows, wish.truth, wish.triples])


def _answer(wire: socket.socket, graph: Graph, limits: Limits, query: Query, wish: Wish) -> Callable[[bytes], None]:
    """Answers a query, but for the last frames: these go out with the closing one, by the function returned."""
    outlet = None
    try:
        form = admit(query.text, limits.depth).form
        name = wish.named(form)
        if not name:
            raise NotAcceptable(form)  # the server knows what was asked for
        outlet = _Outlet(wire, Head(form, name, _changing(query.text)), limits.answer * MIB)
        scope = None
        if query.default_graphs or query.named_graphs:
            default, named = (tuple(map(NamedNode, iris)) for iris in (query.default_graphs, query.named_graphs))
            scope = Scope(default, named)
        triples = form in ("CONSTRUCT", "DESCRIBE")
        rdf = by_name(name, RDF_FORMATS).rdf if triples else None
        graph.serialize(query.text, name, rdf or RdfFormat.TURTLE, outlet, scope, query.base)  # type: ignore[arg-type]
        return outlet.send
    except EmkgError as fault:
        told = fault
    except MemoryError:
        told = QueryMemory(f"the query took more than {limits.memory} MiB", "", "ask for less")
    except (ValueError, RuntimeError) as fault:  # pyoxigraph met something that it cannot evaluate
        told = BadQuery(f"the query cannot be evaluated: {fault}")
    broken = pack_error(Kind.CUT if outlet is not None and outlet.begun else Kind.FAULT, told)
    return lambda closing: _send(wire, broken + closing)


def _send(wire: socket.socket, data: bytes) -> None:
    try:
        wire.sendall(data)
    except OSError as fault:
        raise _Closed(str(fault)) from None


def _changing(text: str) -> bool:
    return bool(_CHANGING.search(text))


class _ProcessorLimit:
    """The kernel's own clock, should nobody kill this worker: its processor time so far, and a little more than the limit."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._set = seconds, 0
        self._hard = resource.getrlimit(resource.RLIMIT_CPU)[1]

    def renew(self) -> None:
        """Gives the next query its time, and one to three seconds more: not every one needs a call of the kernel."""
        needed = time.process_time() + self._seconds
        if self._set < needed + 1:
            self._set = math.ceil(needed) + 2
            resource.setrlimit(resource.RLIMIT_CPU, (self._set, self._hard))


def _address_space() -> int:
    """Bytes of address space that this process has (proc(5), statm)."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _peak() -> int:
    """The most bytes of memory that this process had at once (getrusage(2))."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
