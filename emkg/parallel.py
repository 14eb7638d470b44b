"""Work in a child process that sees what its parent holds: the second core, without copying the graph.

Where the platform cannot fork (Windows), or asks not to (EMKG_SERIAL), the work is done in place.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

T = TypeVar("T")


class Task(Generic[T]):
    """A function that runs beside its parent; ``result`` waits for what it returns, or raises what it raised.

    >>> Task(lambda: 6 * 7).result()
    42
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._ends: tuple[Connection, Connection] | None = None
        if "fork" in multiprocessing.get_all_start_methods() and not os.environ.get("EMKG_SERIAL"):
            context = multiprocessing.get_context("fork")
            mine, theirs = context.Pipe(duplex=False)
            self._ends = mine, theirs
            self._process = context.Process(target=_run, args=(work, mine, theirs), daemon=True)
            self._process.start()
            theirs.close()

    def result(self) -> T:
        """What the work gives; a child that was killed raises ChildProcessError."""
        if self._ends is None:
            return self._work()
        try:
            found: T | BaseException = pickle.loads(self._ends[0].recv_bytes())
        except EOFError:
            raise ChildProcessError("a child process of the build was killed; give it more memory") from None
        finally:
            self._process.join()
        if isinstance(found, BaseException):
            raise found
        return found


def _run(work: Callable[[], object], parents: Connection, out: Connection) -> None:
    parents.close()  # a pipe that its writer holds open for reading never breaks: one whose parent is gone would wait for ever
    try:
        answer: object = work()
    except BaseException as fault:
        answer = fault
    # Where the pipe is broken nobody waits any more: the parent was killed, or another task of it has failed.
    with suppress(BrokenPipeError):
        out.send_bytes(pickle.dumps(answer))
    out.close()


@contextmanager
def without_collector() -> Iterator[None]:
    """No cyclic garbage collection meanwhile: it would walk a million statements, which hold no cycle, again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
