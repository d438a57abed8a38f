"""Every write and sync of one intake, one decision and one delivery fails, or is the last thing that the daemon does.

The faults are injected by strace(1) into the running daemon: EIO, ENOSPC, or SIGKILL at the Nth call of one kind. The
client behaves like a mail server. What holds afterwards: each mail that was answered 250 is on one ticket and was
acknowledged under one Message-ID, nothing stands in the quarantine, and the database is whole.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from maild import config
from maild.store import Store
from tests.crash.desk import Client, Desk, mail
from tests.crash.test_kill import answers_in, check_tickets, maildir, nothing_waits
from tests.timing import PATIENCE

CALLS = ("pwrite64", "fdatasync", "fsync", "rename", "openat")
FAULTS = ("error=EIO", "error=ENOSPC", "signal=KILL")


@contextmanager
def fault(pid: int, call: str, kind: str, at: int, log: Path) -> Iterator[None]:
    """The `at`-th call from now on fails so, once."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-p", str(pid), "-o", str(log), "-e", f"trace={call}",
         "-e", f"inject={call}:{kind}:when={at}"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text() and time.monotonic() < deadline:
            time.sleep(0.005)
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(PATIENCE)


async def sweep(
    desk: Desk, calls: tuple[str, ...], kinds: tuple[str, ...], most: int, answered: list[str]
) -> dict[str, int]:
    """One mail for each fault, until a whole mail passed without it; how many faults of each kind struck. `answered` gets
    the Message-IDs."""
    client, struck, number = Client(desk), dict.fromkeys(kinds, 0), 0
    log = desk.folder / "strace"
    for kind in kinds:
        for call in calls:
            for at in range(1, most + 1):
                number += 1
                message_id = f"<sweep.{number}@acme.example>"
                raw = mail("sweep", number, message_id)
                with suppress(FileNotFoundError), fault(desk.pid, call, kind, at, log):
                    taken = await client._try(raw, "sweep@acme.example")
                    for _ in range(40):
                        if desk.ended or (taken and await asyncio.to_thread(nothing_waits, desk)):
                            break
                        await asyncio.sleep(0.05)
                if desk.ended:
                    await asyncio.to_thread(desk.was_killed)
                    await asyncio.to_thread(desk.start)
                while not taken:
                    taken = await client._try(raw, "sweep@acme.example")
                answered.append(message_id)
                if "INJECTED" not in log.read_text() and "killed by SIGKILL" not in log.read_text():
                    break
                struck[kind] += 1
    await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk), 60)
    assert await asyncio.to_thread(desk.stop) == 0
    check_tickets(desk, answered)
    with Store.open(config.load(desk.config)) as store, store.read() as tx:
        assert tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    return struck


async def sweep_to_maildir(
    desk: Desk, calls: tuple[str, ...], kinds: tuple[str, ...], most: int
) -> dict[str, int]:
    answered: list[str] = []
    struck = await sweep(desk, calls, kinds, most, answered)
    answers = answers_in(maildir(desk))
    assert answers.keys() == set(answered)
    assert set(answers.values()) == {1}
    return struck


@pytest.mark.torture
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
async def test_every_write_and_sync_fails_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with Desk(tmp_path) as desk:
        await asyncio.to_thread(desk.start)
        struck = await sweep_to_maildir(desk, CALLS, FAULTS[:2], 60)
    print(f"\n{struck}, {time.monotonic() - began:.0f} s")
    assert min(struck.values()) > 10


@pytest.mark.torture
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
async def test_the_daemon_dies_at_every_write_and_sync(tmp_path: Path) -> None:
    began = time.monotonic()
    with Desk(tmp_path) as desk:
        await asyncio.to_thread(desk.start)
        struck = await sweep_to_maildir(desk, CALLS[1:4], FAULTS[2:], 30)
    print(f"\n{struck}, {time.monotonic() - began:.0f} s")
    assert struck["signal=KILL"] > 4
