"""Processes on one PostgreSQL with SMTP and IMAP are killed, and so is the database; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
import urllib.request
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from maild import config
from maild.model import Json
from maild.store import Store
from tests.crash.desk import Client, Desk, mail
from tests.crash.test_kill import answers_in, check_maildir, check_tickets, maildir, nothing_waits
from tests.servers.dovecot import Dovecot
from tests.servers.needs import missing
from tests.store import postgres
from tests.timing import PATIENCE

IMAP = """
[[imap]]
name = "support"
port = {port}
security = "none"
username = "{user}"
password_file = "password"
timeout_seconds = 5
poll_seconds = 1
"""


def _health(desk: Desk) -> Json:
    with urllib.request.urlopen(f"http://127.0.0.1:{desk.note()['http']}/healthz", timeout=PATIENCE) as page:
        found: Json = json.loads(page.read())
    return found


async def _kill_one(desk: Desk, chance: random.Random, killed: Counter[str]) -> bool:
    """Whether there was one to kill: all may be starting."""
    try:
        rows = (await asyncio.to_thread(_health, desk))["processes"]
    except OSError:
        return False
    alive = [row for row in rows if row["pid"]]
    if not alive:
        return False
    row = chance.choice(alive)
    killed["with duties" if row["holds"] else "without duties"] += 1
    os.kill(row["pid"], signal.SIGKILL)
    return True


@pytest.mark.torture
async def test_four_processes_and_their_database_are_killed_under_load(tmp_path: Path) -> None:
    """As many mails as come meanwhile; every tenth kill is one of the database."""
    kills = int(os.environ.get("MAILD_KILLS", "60"))
    programs = postgres.binaries()
    if programs is None:
        missing("the package postgresql is not installed: run tests/servers/install.sh as root")
    chance, killed, began = random.Random(20261126), Counter[str](), time.monotonic()
    dovecot = Dovecot()
    dovecot.start()
    server = postgres.Server(programs)
    try:
        server.start()
        with psycopg.connect(f"{server.url}/postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE maild")
        (tmp_path / "password").write_text(dovecot.password)
        more = IMAP.format(port=dovecot.port, user="support")
        with Desk(tmp_path, url=f"{server.url}/maild", more=more, options=("--processes", "4")) as desk:
            await asyncio.to_thread(desk.start)
            client = Client(desk)
            tasks = [asyncio.create_task(client.run(f"u{n}")) for n in range(8)]
            boxed: list[str] = []
            turn = struck = 0
            while struck < kills:
                turn += 1
                await asyncio.sleep(chance.uniform(0.3, 2.0))
                ids = [f"<box.{turn}.{n}@acme.example>" for n in range(10)]
                await asyncio.to_thread(
                    dovecot.append,
                    "support",
                    *(mail("box", 1000 * turn + n, one) for n, one in enumerate(ids)),
                )
                boxed += ids
                if struck % 20 == 19:
                    await asyncio.to_thread(server.kill)
                    await asyncio.to_thread(server.start)
                    killed["PostgreSQL killed"] += 1
                elif struck % 10 == 9:
                    await asyncio.to_thread(server.stop)
                    await asyncio.to_thread(server.start)
                    killed["PostgreSQL restarted"] += 1
                else:
                    struck += await _kill_one(desk, chance, killed)
                    continue
                struck += 1
            client.stopping = True
            await asyncio.wait_for(asyncio.gather(*tasks), 120)
            expected = client.answered + boxed
            try:
                await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk, len(expected)), 120)
            except AssertionError:
                print(len(expected), await asyncio.to_thread(_health, desk))
                raise
            assert (await asyncio.to_thread(_health, desk))["holds"] == [
                "deadlines",
                "housekeeping",
                "mailbox:support",
            ]
            assert await asyncio.to_thread(desk.stop) == 0
            check_tickets(desk, expected)
            check_maildir(desk, expected)
    finally:
        server.remove()
        dovecot.remove()
    print(
        f"\n{len(expected)} mails, {client.repeated} sent again, {dict(killed)}, {time.monotonic() - began:.0f} s"
    )
    assert killed["with duties"] > 0


@pytest.mark.torture
async def test_of_two_daemons_one_is_killed_in_the_middle_of_three_thousand_mails(tmp_path: Path) -> None:
    """Its mailbox is taken over within 30 s, as the contract says; each mail is on one ticket and acknowledged once."""
    count = int(os.environ.get("MAILD_MAILS", "3000"))
    programs = postgres.binaries()
    if programs is None:
        missing("the package postgresql is not installed: run tests/servers/install.sh as root")
    dovecot = Dovecot()
    dovecot.start()
    server = postgres.Server(programs)
    desks: list[Desk] = []
    try:
        server.start()
        with psycopg.connect(f"{server.url}/postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE maild")
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "password").write_text(dovecot.password)
            more = IMAP.format(port=dovecot.port, user="support")
            desks.append(Desk(folder, url=f"{server.url}/maild", more=more))
        one, two = desks
        await asyncio.to_thread(two.start)
        await asyncio.to_thread(two.wait, lambda: "mailbox:support" in _health(two)["holds"], PATIENCE)
        await asyncio.to_thread(one.start)
        boxed = [f"<box.{n}@acme.example>" for n in range(count * 2 // 3)]
        for first in range(0, len(boxed), 100):
            ids = boxed[first : first + 100]
            mails = [mail("box", first + n, one_id) for n, one_id in enumerate(ids)]
            await asyncio.to_thread(dovecot.append, "support", *mails)
        clients = [Client(one), Client(two)]
        tasks = [asyncio.create_task(c.run(f"{n}u{m}")) for n, c in enumerate(clients) for m in range(2)]
        await asyncio.to_thread(two.wait, lambda: _taken(two) > count // 2, 600)
        assert _taken_from_box(one) < len(boxed), "the mailbox was empty before anybody was killed"
        await asyncio.to_thread(two.kill)
        killed = time.monotonic()
        clients[1].desk = one
        await asyncio.to_thread(one.wait, lambda: "mailbox:support" in _health(one)["holds"], PATIENCE)
        taken_over = time.monotonic() - killed
        await asyncio.to_thread(
            one.wait, lambda: len(boxed) + sum(len(c.answered) for c in clients) >= count, 900
        )
        for client in clients:
            client.stopping = True
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
        expected = [*boxed, *clients[0].answered, *clients[1].answered]
        await asyncio.to_thread(one.wait, lambda: nothing_waits(one, len(expected)), 900)
        assert await asyncio.to_thread(one.stop) == 0
        check_tickets(one, expected)
        files = [raw for desk in desks for raw in maildir(desk)]
        assert answers_in(files) == Counter(expected)
        assert taken_over < 30, taken_over
    finally:
        for desk in desks:
            desk.close()
        server.remove()
        dovecot.remove()
    repeated = sum(client.repeated for client in clients)
    print(f"\n{len(expected)} mails ({len(boxed)} by IMAP), {repeated} tries again, "
          f"taken over after {taken_over:.1f} s, {time.monotonic() - killed:.0f} s until all was done, "
          f"{len(files)} acknowledgements for {len(expected)} mails")  # fmt: skip


def _taken(desk: Desk) -> int:
    with Store.open(config.load(desk.config)) as store, store.read() as tx:
        return sum(tx.inbound.counts().values())


def _taken_from_box(desk: Desk) -> int:
    with Store.open(config.load(desk.config)) as store, store.read() as tx:
        return sum(row.source.startswith("imap") for row in tx.inbound.list(limit=None))
