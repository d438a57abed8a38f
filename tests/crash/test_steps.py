"""Every write, sync and send of one approval, and of one turn of the outbox at a relay, fails or is the daemon's last.

The faults are injected by strace(1), as in `test_syscalls`. An approval is decided once, with its evidence, or not at
all, and once in the end. What may have left to the relay leaves again with the same bytes.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.crash.desk import Client, Desk
from tests.crash.test_approval import ApprovalDesk, decided, mails, nothing_waits
from tests.crash.test_kill import answers_in, check_tickets
from tests.crash.test_syscalls import CALLS, fault, sweep
from tests.servers.dns import DnsServer
from tests.servers.scripted_smtp import ScriptedSmtp

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

KINDS = ("error=EIO", "error=ENOSPC", "signal=KILL")
#: what asyncio's own loop writes both ends of SMTP through (uvloop has one call for all that it writes), and how it fails
SENDS, BROKEN = ("sendto",), ("error=ECONNRESET", "signal=KILL")


async def approve(desk: ApprovalDesk, raw: bytes, call: str, kind: str, at: int) -> bool:
    """The approval comes while the `at`-th such call fails; whether it struck."""
    log, client = desk.folder / "strace", Client(desk)
    log.unlink(missing_ok=True)
    await asyncio.to_thread(desk.start)
    answered = False
    with suppress(FileNotFoundError), fault(desk.pid, call, kind, at, log):
        answered = await client._try(raw, "boss@acme.example")
        for _ in range(60):
            if desk.ended or (answered and await asyncio.to_thread(nothing_waits, desk)):
                break
            await asyncio.sleep(0.05)
    killed = desk.ended
    if killed:
        await asyncio.to_thread(desk.was_killed)
        decided(desk)  # all of it or nothing
        await asyncio.to_thread(desk.start)
    while not answered:  # as a mail server would
        answered = await client._try(raw, "boss@acme.example")
    await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk), 60)
    assert await asyncio.to_thread(desk.stop) == 0
    assert decided(desk)
    states = Counter(row["state"] for row in mails(desk))
    assert states["done"] == 2  # the request and the answer
    assert states.keys() <= {"done", "duplicate"}
    return killed or "INJECTED" in log.read_text()


async def sweep_approval(
    held: tuple[Path, bytes], dns: DnsServer, folder: Path, points: Iterator[tuple[str, str, int]]
) -> Counter[str]:
    """An approval for each fault until one did not strike; how many did, by kind."""
    database, raw = held
    struck: Counter[str] = Counter()
    over: set[tuple[str, str]] = set()
    for call, kind, at in points:
        if (call, kind) in over:
            continue
        one = folder / f"{call}-{kind.partition('=')[2]}-{at}"
        one.mkdir()
        with ApprovalDesk(one, database, dns.address) as desk:
            if await approve(desk, raw, call, kind, at):
                struck[kind] += 1
            else:
                over.add((call, kind))
        shutil.rmtree(one)
    return struck


@pytest.mark.slow
async def test_an_approval_survives_a_fault_of_each_kind(
    held: tuple[Path, bytes], dns: DnsServer, tmp_path: Path
) -> None:
    points = [("fsync", "signal=KILL", 2), ("pwrite64", "error=EIO", 3)]
    assert sum((await sweep_approval(held, dns, tmp_path, iter(points))).values()) == len(points)


@pytest.mark.torture
async def test_every_write_and_sync_of_an_approval_fails_once_or_is_the_last(
    held: tuple[Path, bytes], dns: DnsServer, tmp_path: Path
) -> None:
    began = time.monotonic()
    points = ((call, kind, at) for call in CALLS for kind in KINDS for at in range(1, 41))
    struck = await sweep_approval(held, dns, tmp_path, points)
    print(f"\n{dict(struck)}, {time.monotonic() - began:.0f} s")
    assert min(struck[kind] for kind in KINDS) > 10


async def sweep_outbox(
    folder: Path, calls: tuple[str, ...], kinds: tuple[str, ...], most: int
) -> dict[str, int]:
    """One mail to a relay for each fault; what arrived is each answer under one Message-ID, and copies are the same."""
    async with ScriptedSmtp() as relay:
        with Desk(
            folder, kind="smtp", relay=relay.port, environment={"MAILD_SERVER__UVLOOP": "false"}
        ) as desk:
            await asyncio.to_thread(desk.start)
            answered: list[str] = []
            struck = await sweep(desk, calls, kinds, most, answered)
            check_tickets(desk, answered)
        arrived = [taken.raw for taken in relay.mails]
    assert answers_in(arrived) == Counter(answered)
    assert len(set(arrived)) == len(answered)
    return struck


@pytest.mark.slow
async def test_a_turn_of_the_outbox_survives_a_broken_send(tmp_path: Path) -> None:
    struck = await sweep_outbox(tmp_path, SENDS, BROKEN[:1], 3)
    assert sum(struck.values()) > 0


@pytest.mark.torture
async def test_every_send_write_and_sync_of_a_turn_of_the_outbox_fails_once_or_is_the_last(
    tmp_path: Path,
) -> None:
    began = time.monotonic()
    struck: Counter[str] = Counter()
    for number, (calls, kinds) in enumerate(((SENDS, BROKEN), (CALLS, KINDS))):
        (tmp_path / str(number)).mkdir()
        struck.update(await sweep_outbox(tmp_path / str(number), calls, kinds, 40))
    print(f"\n{dict(struck)}, {time.monotonic() - began:.0f} s")
    assert min(struck[kind] for kind in (*KINDS, *BROKEN)) > 5
