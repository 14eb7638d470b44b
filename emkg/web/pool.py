"""The pool of query workers: who gets one, for how long, and what is told where one is stopped or lost.

One pool serves one build. It belongs to the event loop that asks it; asked from another loop, it begins anew there.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from emkg.config import Limits
from emkg.errors import EmkgError, NoBuild, QueryMemory, QueryTimeout, WorkerLost
from emkg.formats import Format
from emkg.graph import Graph
from emkg.web.cache import Answers
from emkg.web.engine import NOBODY, Answer, Query, Wish
from emkg.web.federation import federated
from emkg.web.launch import Launcher, relaunch
from emkg.web.link import Link, Running
from emkg.web.rounds import Rounds
from emkg.web.turns import Turns
from emkg.web.worker import MIB, request_frame

_LOG = logging.getLogger(__name__)
_SPARE = 2  # workers that stand ready
_LONG = (0.3, 3.0)  # seconds after which a query makes way for quicker ones, a little and altogether
_REAPED = 2.0  # seconds to wait for the report of how a worker ended
_QUIET = 2.0  # seconds after which one more worker than need be is let go
_SETTLE = 0.1  # seconds that an answer may take from its first byte to its last and still be sent with its length
_AGAIN = 1.0  # seconds between two attempts to start a zygote, or a worker after one that could not


@dataclass
class _Work:
    """What ends with a query: that somebody looks at it, and its place among those that run."""

    watch: int
    client: str


class WorkerEngine:
    """Answers in worker processes; see emkg.web.engine.Engine."""

    def __init__(self, dump: Path, limits: Limits, graph: Graph | None = None) -> None:
        """Starts loading the dump in the zygote, or forks one that shares the ``graph``; ``start`` waits for it."""
        self.limits = limits
        self._dump = dump
        self._launcher = Launcher(dump, limits, graph)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.turns = Turns(limits)
        self.ends: Counter[str] = Counter()
        self.answers = Answers(limits.cache * MIB)
        self._numbers, self._rounds = count(1), Rounds()
        self._idle: list[Link] = []
        self._links: dict[int, Link] = {}
        self._work: dict[int, _Work] = {}
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._renewal: asyncio.Task[None] | None = None
        self._trimming: asyncio.TimerHandle | None = None

    def start(self) -> WorkerEngine:
        """Waits until queries can be answered; raises NoBuild, ConfigError."""
        self._launcher.start()
        return self

    @property
    def wall(self) -> tuple[str, ...]:
        """The kernel's walls around the workers."""
        return self._launcher.wall

    @property
    def ready(self) -> bool:
        """Whether workers can be had at once."""
        return self._renewal is None

    @property
    def statements(self) -> int:
        """Statements that the workers hold."""
        return self._launcher.statements

    def pids(self) -> dict[int, bool]:
        """The processes of the workers, and whether each is at work."""
        return {link.pid: link.running is not None for link in self._links.values() if link.pid}

    async def ask(self, query: Query, wish: Wish, client: str = NOBODY) -> Answer:
        """The answer from its first byte on; raises BadQuery, NotAcceptable, QueryStopped, Refused."""
        request = request_frame(query, wish)
        try:
            answer = await self.answers.get(request, lambda: self._ask(request, query, wish, client))
        except EmkgError as fault:
            self.ends[type(fault).__name__] += 1
            raise
        self.ends["answered"] += 1
        return answer

    async def _ask(self, request: bytes, query: Query, wish: Wish, client: str) -> Answer:
        self._attach()
        turns = self.turns
        await turns.take(client)
        with ExitStack() as undo:  # whatever happens on the way, a cancelled request included
            undo.callback(turns.give, client)
            text, called = await federated(query.text, self.limits)
            link = await self._link()
            undo.pop_all()
        if called:
            request = request_frame(replace(query, text=text), wish)
        running = Running(link, request, called)
        self._work[link.number] = _Work(self._rounds.begin(partial(self._look, link, running)), client)
        with ExitStack() as undo:
            undo.callback(running.abandon)
            await running.first()
            await running.settle(_SETTLE)
            undo.pop_all()
        return running

    async def answer(self, query: Query, form: Format, client: str = NOBODY) -> bytes:
        """The whole answer in a format that fits the query's form."""
        answer = await self.ask(query, Wish.of(form), client)
        try:
            return b"".join([chunk async for chunk in answer.chunks()])
        finally:
            answer.abandon()

    def _look(self, link: Link, running: Running, ran: float) -> None:
        """Ends a query that has run for its time. Before, it makes way for quicker ones; a process cannot take that back, so that it is
        the worker's last query.
        """
        seconds = self.limits.seconds
        if ran >= seconds:
            late = QueryTimeout(f"the query ran longer than {seconds:g} s", "", "ask for less, or take the dump")
            running.halt(late)
        elif link.tired < sum(ran >= after for after in _LONG):
            link.tired += 1
            self._launcher.order("nice", link.number)

    # What a link tells.

    def answered(self, link: Link, stays: bool) -> None:
        """An answer has come to its end."""
        self._settle(link)
        if stays and not link.tired:
            link.since = time.monotonic()
            self._idle.append(link)
            self._trim_later()
        else:
            link.close()
            self._prepare()

    def stop(self, link: Link) -> None:
        """Kills a worker."""
        self._launcher.order("kill", link.number)

    def lost(self, link: Link) -> None:
        """A worker has ended: its query with it, and nothing else."""
        self._links.pop(link.number, None)
        if link in self._idle:
            self._idle.remove(link)
        self._settle(link)
        running, link.running = link.running, None
        if running is not None and running.reason is not None:
            running.finish(running.reason)
        elif running is not None:
            self._do(self._explain(link.number, running))
        if self._loop is not None and not self._loop.is_closed():
            # One that ended before it ever answered may not be the last to do so: no hurry then.
            self._loop.call_later(0.0 if link.since else _AGAIN, self._prepare)

    def _settle(self, link: Link) -> None:
        work = self._work.pop(link.number, None)
        if work is not None:
            self._rounds.end(work.watch)
            self.turns.give(work.client)

    async def _explain(self, number: int, running: Running) -> None:
        """Waits for the report of how the worker ended, and tells it."""
        try:
            status = await asyncio.wait_for(asyncio.shield(self._ends[number]), _REAPED)
        except (TimeoutError, KeyError):
            status = 0
        running.finish(self._meaning(status))

    def _meaning(self, status: int) -> EmkgError:
        if status == -signal.SIGABRT:  # so Rust ends where memory is refused
            what = f"the query took more than {self.limits.memory} MiB of memory"
            return QueryMemory(what, "", "ask for less, or take the dump")
        if status == -signal.SIGXCPU:
            return QueryTimeout(f"the query ran longer than {self.limits.seconds:g} s", "", "ask for less")
        if status == -signal.SIGSEGV:
            return WorkerLost("the query was too deep for the query engine", "", "nest less, or join fewer patterns")
        return WorkerLost("the query worker was ended from outside", "", "try again")

    # Workers and their parent.

    async def _link(self) -> Link:
        while self._idle:
            link = self._idle.pop()
            if link.open:
                self._prepare()
                return link
        link = await self._fork()
        self._prepare()
        return link

    def _prepare(self) -> None:
        """Sees to it that workers stand ready."""
        if self._loop is None:
            return
        if len(self._idle) < _SPARE and len(self._links) < self.limits.workers + _SPARE and not self._tasks:
            self._do(self._stock())

    async def _stock(self) -> None:
        while len(self._idle) < _SPARE and len(self._links) < self.limits.workers + _SPARE:
            try:
                self._idle.append(await self._fork())
            except WorkerLost as fault:
                _LOG.warning("%s", fault)
                return

    def _trim_later(self) -> None:
        if len(self._idle) > _SPARE and self._trimming is None and self._loop is not None:
            self._trimming = self._loop.call_later(_QUIET, self._trim)

    def _trim(self) -> None:
        """Lets a worker go that has had nothing to do: those used last are at the end."""
        self._trimming = None
        if len(self._idle) > _SPARE and self._idle[0].since < time.monotonic() - _QUIET:
            self._idle.pop(0).close()
        self._trim_later()

    async def _fork(self) -> Link:
        if self._renewal is not None:
            await asyncio.wait({self._renewal})
        loop, link = asyncio.get_running_loop(), Link(next(self._numbers), self)
        try:
            wire = self._launcher.fork(link.number)
        except OSError as fault:
            raise WorkerLost(f"no query worker can be had: {fault}", "", "try again") from None
        self._links[link.number] = link
        self._ends[link.number] = loop.create_future()
        await loop.create_unix_connection(lambda: link, sock=wire)
        return link

    def _hear(self) -> None:
        """Reports of the zygote: numbers of new processes, and how old ones ended."""
        reports = self._launcher.reports()
        if reports is None:
            self._renew()
            return
        for report in reports:
            self._note(report)

    def _note(self, report: dict[str, Any]) -> None:
        number = report["id"]
        if "pid" in report and number in self._links:
            self._links[number].pid = report["pid"]
        elif "status" in report and (end := self._ends.pop(number, None)) is not None and not end.done():
            end.set_result(report["status"])

    def _renew(self) -> None:
        """The zygote is gone, and its workers with it: another is started."""
        assert self._loop is not None
        _LOG.error("the parent of the query workers ended; another one is started")
        self._loop.remove_reader(self._launcher.fileno())
        self._ends.clear()  # nobody reports them any more
        self._renewal = self._loop.create_task(self._relaunch())

    async def _relaunch(self) -> None:
        await asyncio.to_thread(self._launcher.close)
        while True:
            try:
                self._launcher = await relaunch(self._dump, self.limits)
                break
            except NoBuild as fault:
                _LOG.error("%s", fault)
                await asyncio.sleep(_AGAIN)
        asyncio.get_running_loop().add_reader(self._launcher.fileno(), self._hear)
        self._renewal = None

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Loops.

    def _attach(self) -> None:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._detach()
            self._loop, self.turns = loop, Turns(self.limits)
            loop.add_reader(self._launcher.fileno(), self._hear)

    def _detach(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._launcher.fileno())
            for link in self._links.values():
                link.close()
        if self._trimming is not None:
            self._trimming.cancel()
        self._loop = self._trimming = None
        self._links, self._work, self._ends = {}, {}, {}
        self._idle = []

    def close(self) -> None:
        """Ends the zygote and its workers."""
        self._detach()
        self._launcher.close()

    async def retire(self) -> None:
        """Ends the zygote and its workers; the loop goes on meanwhile."""
        self._detach()
        await asyncio.to_thread(self._launcher.close)
