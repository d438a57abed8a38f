"""kill -9 under load: each mail answered 250 is on exactly one ticket and is acknowledged exactly once."""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from maild import config
from maild.store import Store
from tests.crash.desk import Client, Desk
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.shapes import shapes

_IN_REPLY_TO = re.compile(rb"^In-Reply-To:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


async def kill_under_load(desk: Desk, kills: int, sessions: int = 4, mails: int = 0) -> Client:
    """Kill the daemon `kills` times while mail comes in, evenly among `mails` or more; let it finish its work."""
    chance = random.Random(20261102)
    client = Client(desk)
    await asyncio.to_thread(desk.start)
    tasks = [asyncio.create_task(client.run(f"u{n}")) for n in range(sessions)]
    for number in range(kills):
        await client.has_answers(mails * number // kills)
        await asyncio.sleep(chance.uniform(0.05, 0.7))
        await asyncio.to_thread(desk.kill)
        await asyncio.to_thread(desk.start)
    await client.has_answers(mails)
    client.stopping = True
    await asyncio.wait_for(asyncio.gather(*tasks), 60)
    await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk), 60 + mails // 50)
    assert await asyncio.to_thread(desk.stop) == 0
    return client


def nothing_waits(desk: Desk, expected: int = 0) -> bool:
    """Whether so many mails or more were taken, and none waits to be decided or sent."""
    with Store.open(config.load(desk.config)) as store, store.read() as tx:
        came, out = tx.inbound.counts(), tx.outbound.counts()
        taken = tx.connection.exec_driver_sql("SELECT count(*) FROM inbound").scalar_one() if expected else 0
    return taken >= expected and not (
        came.get("received", 0) or out.get("queued", 0) or out.get("sending", 0)
    )


def check_tickets(desk: Desk, answered: list[str]) -> None:
    """Exactly one `done` mail and one ticket for each Message-ID, nothing in the quarantine."""
    with Store.open(config.load(desk.config)) as store, store.read() as tx:
        mails = shapes(tx.inbound.list(limit=None))
    done = [mail for mail in mails if mail["state"] == "done"]
    assert {mail["state"] for mail in mails} <= {"done", "duplicate"}
    assert Counter(mail["message_id"] for mail in done) == Counter(set(answered))
    tickets = [mail["ticket"] for mail in done]
    assert None not in tickets
    assert len(set(tickets)) == len(tickets)


def answers_in(mails: list[bytes]) -> Counter[str]:
    """How many different acknowledgements each customer's mail got."""
    pairs = set()
    for raw in mails:
        parent, own = _IN_REPLY_TO.search(raw), _MESSAGE_ID.search(raw)
        assert parent is not None
        assert own is not None
        pairs.add((parent[1].decode(), own[1]))
    return Counter(parent for parent, _ in pairs)


def maildir(desk: Desk) -> list[bytes]:
    return [path.read_bytes() for path in (desk.folder / "out" / "new").iterdir()]


def check_maildir(desk: Desk, answered: list[str]) -> None:
    files = maildir(desk)
    assert answers_in(files) == Counter(answered)
    assert len(files) == len(answered)


@pytest.mark.slow
async def test_eight_kills_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    with Desk(tmp_path) as desk:
        client = await kill_under_load(desk, 8, mails=24)
        assert len(client.answered) >= 24
        check_tickets(desk, client.answered)
        check_maildir(desk, client.answered)


@pytest.mark.torture
async def test_two_hundred_kills_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    """MAILD_KILLS among MAILD_MAILS: 200 among 20,000."""
    kills, mails = int(os.environ.get("MAILD_KILLS", "200")), int(os.environ.get("MAILD_MAILS", "20000"))
    began = time.monotonic()
    with Desk(tmp_path) as desk:
        client = await kill_under_load(desk, kills, sessions=8, mails=mails)
        assert client.repeated > kills
        assert len(client.answered) >= mails
        check_tickets(desk, client.answered)
        check_maildir(desk, client.answered)
        with Store.open(config.load(desk.config)) as store, store.read() as tx:
            assert tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    print(
        f"\n{kills} kills, {len(client.answered)} mails, {client.repeated} sent again, {time.monotonic() - began:.0f} s"
    )


@pytest.mark.slow
async def test_kills_while_a_relay_takes_the_mail_send_only_copies_with_the_same_message_id(
    tmp_path: Path,
) -> None:
    """Between the relay's 250 and our commit a kill sends the mail again: the same bytes, so it is recognisable."""
    async with ScriptedSmtp() as relay:
        with Desk(tmp_path, kind="smtp", relay=relay.port) as desk:
            client = await kill_under_load(desk, 4)
            check_tickets(desk, client.answered)
        mails = [taken.raw for taken in relay.mails]
    assert answers_in(mails) == Counter(client.answered)
    assert len(set(mails)) == len(client.answered)
