"""Work in a child process: its result, its errors, its death."""

from __future__ import annotations

import gc
import os
import signal

import pytest

from emkg.errors import BuildError
from emkg.parallel import Task, without_collector


def test_the_child_sees_what_the_parent_holds() -> None:
    held = {"answer": 42}
    task = Task(lambda: (held["answer"], os.getpid()))
    value, process = task.result()
    assert value == 42 and process != os.getpid()


def test_an_error_of_the_child_is_raised_here() -> None:
    def fail() -> None:
        raise BuildError("no room", "disk", "free some")

    with pytest.raises(BuildError, match="free some"):
        Task(fail).result()


def test_a_killed_child_is_told() -> None:
    with pytest.raises(ChildProcessError):
        Task(lambda: os.kill(os.getpid(), signal.SIGKILL)).result()


def test_without_forks_the_work_is_done_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMKG_SERIAL", "1")
    assert Task(os.getpid).result() == os.getpid()


def test_the_collector_comes_back() -> None:
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()
