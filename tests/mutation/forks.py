"""Runs tests in a process of its own that ends with the first that fails, or when it takes too long."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

#: how much longer than it took when it was learned a test may run, by the processor and by the clock on the wall
TIMES, CPU, WALL = 8, 1.5, 90.0
#: bytes of address space: a change may make a list grow without end
SPACE = 6 << 30


class Stopped(Exception):
    """The process was ended from outside."""


class First:
    """A pytest plugin: the first failure ends the process and says which test it was."""

    def __init__(self, out: int) -> None:
        self.out = out

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self.out, report.nodeid.encode())
            os._exit(1)


def apart(work: Callable[[int], None]) -> str:
    """What `work` writes to the descriptor that it is given, in a process of its own.

    Stopped: a limit or a signal ended it.
    """
    folder = tempfile.mkdtemp(prefix="mutant-")
    into, out = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.close(into)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            work(out)
        except BaseException as error:  # no test fails so: the change broke what surrounds them
            os.write(out, f"{type(error).__name__}: {error}"[:200].encode())
            os._exit(1)
        os._exit(0)
    os.close(out)
    _, status = os.waitpid(pid, 0)
    try:
        os.killpg(pid, signal.SIGKILL)  # what a test that was ended left behind
    except ProcessLookupError:
        pass
    os.set_blocking(into, False)  # somebody who left the group may still hold the other end
    try:
        said = os.read(into, 1 << 16)
    except BlockingIOError:
        said = b""
    os.close(into)
    shutil.rmtree(folder, ignore_errors=True)
    if os.WIFSIGNALED(status):
        raise Stopped(signal.Signals(os.WTERMSIG(status)).name)
    return said.decode()


def limit(seconds: float) -> None:
    """Ends this process when what comes now takes much longer than `seconds`."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, CPU + TIMES * seconds)
    signal.setitimer(signal.ITIMER_REAL, WALL + TIMES * TIMES * seconds)


def quiet(config: pytest.Config) -> None:
    """What pytest would show goes nowhere, and temporary folders are made in this process's own."""
    config.get_terminal_writer()._file = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  until the process ends
    config._tmp_path_factory._basetemp = Path(tempfile.mkdtemp(prefix="t-"))  # type: ignore[attr-defined]


def run(items: Sequence[pytest.Item], seconds: dict[str, float], at: Callable[[int], object]) -> None:
    """In this order; `First` ends the process where one fails. `at` hears the index of each before it runs."""
    for index, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
        at(index)
        limit(seconds.get(item.nodeid, 1.0))
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
