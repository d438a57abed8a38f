"""A mailbox whose server is killed, whose link dies or is cut in the middle of a mail, and whose UIDVALIDITY changes, while
mails come: each is on one ticket and is acknowledged once."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from maild import config
from maild.store import Store
from tests.crash.desk import Desk, mail
from tests.crash.test_kill import answers_in, maildir, nothing_waits
from tests.harness.configuration import mailbox, toml
from tests.servers.dovecot import Dovecot
from tests.servers.tcp_proxy import TcpProxy

SHORT = ("killed", "cut", "uidvalidity")
FAULTS = (*SHORT, "restarted", "half-open", "cut", "cut")


def strike(kind: str, dovecot: Dovecot, proxy: TcpProxy, chance: random.Random) -> None:
    """One fault. A cut comes after a few hundred bytes: in a greeting, a list of flags, or the middle of a mail."""
    if kind == "killed":
        dovecot.kill()
        dovecot.start()
    elif kind == "restarted":
        dovecot.restart()
    elif kind == "half-open":
        proxy.hole()
    elif kind == "cut":
        proxy.cut_after(chance.randrange(1, 4000))
    else:
        dovecot.change_uidvalidity("support")


def all_taken(desk: Desk, count: int) -> bool:
    """Whether so many different mails are done: after a change of UIDVALIDITY the same come once more, as duplicates."""
    with Store.open(config.load(desk.config)) as store, store.read() as tx:
        done = {one.message_id for one in tx.inbound.list(state="done", limit=None)}
    return len(done) >= count and nothing_waits(desk)


async def trial(folder: Path, faults: int, batch: int) -> tuple[int, Counter[str]]:
    """So many faults, each among a few mails; mails and what struck."""
    chance, struck, boxed = random.Random(20261127), Counter[str](), list[str]()
    dovecot = Dovecot()
    dovecot.start()
    proxy = TcpProxy(dovecot.port)
    try:
        more = toml({"imap": [mailbox(folder, proxy.port, dovecot.password, "support", start="all")]})
        with Desk(folder, more=more) as desk:
            await asyncio.to_thread(desk.start)
            for number in range(faults):
                kind = FAULTS[number] if number < len(FAULTS) else chance.choice(FAULTS)
                ids = [f"<box.{number}.{n}@acme.example>" for n in range(batch)]
                mails = [mail("box", 1000 * number + n, one) for n, one in enumerate(ids)]
                await asyncio.to_thread(dovecot.append, "support", *mails[: batch // 2])
                await asyncio.to_thread(strike, kind, dovecot, proxy, chance)
                await asyncio.to_thread(dovecot.append, "support", *mails[batch // 2 :])
                boxed += ids
                struck[kind] += 1
                await asyncio.to_thread(desk.wait, partial(all_taken, desk, len(boxed)), 120)
            assert await asyncio.to_thread(desk.stop) == 0
            answers = answers_in(maildir(desk))
            assert answers == Counter(boxed)
            rows = [row.split("\t") for row in desk.maild("list", "--all").splitlines()]
            assert len(rows) == len(boxed)
    finally:
        proxy.close()
        dovecot.remove()
    return len(boxed), struck


@pytest.mark.slow
async def test_a_mailbox_loses_and_doubles_nothing_by_a_fault_of_each_kind(tmp_path: Path) -> None:
    mails, struck = await trial(tmp_path, len(SHORT), 4)
    assert mails == 4 * len(SHORT)
    assert struck.keys() == set(SHORT)


@pytest.mark.torture
async def test_a_mailbox_loses_and_doubles_nothing_by_many_faults(tmp_path: Path) -> None:
    faults, began = int(os.environ.get("MAILD_FAULTS", "100")), time.monotonic()
    mails, struck = await trial(tmp_path, faults, 20)
    print(f"\n{mails} mails, {dict(struck)}, {time.monotonic() - began:.0f} s")
