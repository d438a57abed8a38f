"""`python -m bench.large_mails [MAILS] [MEGABYTES]`: the most memory of the daemon's main process while large mails of
plain text go through, one after the other; each is sent when the one before is decided."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bench.load import Session
from maild import config
from maild.store import Store
from tests.crash.desk import Desk

_LINE = "the printer on the second floor prints every page twice since this morning, and nobody knows why ({}).\r\n"


def text_mail(number: int, size: int) -> bytes:
    """About `size` bytes, of lines that are all different."""
    head = (
        f"From: <anna{number}@acme.example>\r\nTo: <help@desk.example>\r\nSubject: Log {number}\r\n"
        f"Message-ID: <large.{number}@acme.example>\r\n\r\n"
    )
    return (head + "".join(_LINE.format(n) for n in range(number, number + size // len(_LINE)))).encode()


def memory(pid: int, what: str) -> float:
    """`VmHWM` (the most so far) or `VmRSS` (now) of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def nothing_waits(desk: Desk) -> bool:
    with Store.open(config.load(desk.config, {})) as store, store.read() as tx:
        counts = tx.inbound.counts()
        assert not counts.get("quarantined"), counts
        return not counts.get("received")


async def main(mails: int, megabytes: float) -> None:
    with tempfile.TemporaryDirectory() as folder, Desk(Path(folder)) as desk:
        await asyncio.to_thread(desk.start)
        began, at_rest = time.monotonic(), memory(desk.pid, "VmRSS")
        session = await Session.open(desk.port)
        for number in range(mails):
            answer = await session.send(f"anna{number}@acme.example", text_mail(number, int(megabytes * 1e6)))
            assert answer.startswith(b"250"), answer
            await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk), 300)
            if number in (0, mails // 2, mails - 1):
                print(
                    f"after {number + 1}: now {memory(desk.pid, 'VmRSS'):.0f} MB, most {memory(desk.pid, 'VmHWM'):.0f} MB"
                )
        print(f"{mails} mails of {megabytes:g} MB, {time.monotonic() - began:.0f} s; {at_rest:.0f} MB before")


if __name__ == "__main__":
    mails, megabytes = sys.argv[1:] or ("60", "20")
    asyncio.run(main(int(mails), float(megabytes)))
