"""Work in a child process: its result, its errors, its death."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from emkg.errors import BuildError
from emkg.parallel import Task, without_collector

MORE_THAN_A_PIPE_HOLDS = 1 << 21


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


def test_a_task_that_nobody_waits_for_ends() -> None:
    task = Task(lambda: b"x" * MORE_THAN_A_PIPE_HOLDS)
    (process,) = [one for one in multiprocessing.active_children() if one.pid == task._process.pid]
    del task
    process.join(10)
    assert process.exitcode == 0


def test_a_task_ends_after_its_parent_was_killed() -> None:
    script = f"""if True:
        import time
        from emkg.parallel import Task
        task = Task(lambda: b"x" * {MORE_THAN_A_PIPE_HOLDS})
        print(task._process.pid, flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline().strip().isdigit()
        parent.kill()
        parent.communicate(timeout=20)  # the child holds the other end of this pipe as long as it lives


def test_without_forks_the_work_is_done_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMKG_SERIAL", "1")
    assert Task(os.getpid).result() == os.getpid()


def test_the_collector_comes_back() -> None:
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()
