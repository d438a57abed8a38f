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
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from maild.model import Json
from tests.crash.desk import Client, Desk, mail
from tests.crash.test_kill import answers_in, check_maildir, check_tickets, maildir, nothing_waits
from tests.harness.configuration import mailbox, toml
from tests.servers.dovecot import Dovecot
from tests.store import postgres
from tests.timing import PATIENCE


def _health(desk: Desk) -> Json:
    with urllib.request.urlopen(f"http://127.0.0.1:{desk.told()['http']}/healthz", timeout=PATIENCE) as page:
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
    """MAILD_KILLS among MAILD_MAILS, a third of them by IMAP; every tenth kill is one of the database."""
    kills, count = int(os.environ.get("MAILD_KILLS", "60")), int(os.environ.get("MAILD_MAILS", "20000"))
    by_turn = max(10, count // (3 * kills))
    programs = postgres.needed()
    chance, killed, began = random.Random(20261126), Counter[str](), time.monotonic()
    dovecot = Dovecot()
    dovecot.start()
    server = postgres.Server(programs)
    try:
        server.start()
        database = postgres.new_database(server.url)
        more = toml({"imap": [mailbox(tmp_path, dovecot.port, dovecot.password, "support")]})
        with Desk(tmp_path, url=database, more=more, options=("--processes", "4")) as desk:
            await asyncio.to_thread(desk.start)
            client = Client(desk)
            tasks = [asyncio.create_task(client.run(f"u{n}")) for n in range(8)]
            boxed: list[str] = []
            turn = struck = 0
            while struck < kills:
                turn += 1
                await asyncio.sleep(chance.uniform(0.3, 2.0))
                if struck * by_turn < len(
                    boxed
                ):  # nobody was there to be killed: the next mails come after the next kill
                    by_now: list[str] = []
                else:
                    by_now = [f"<box.{turn}.{n}@acme.example>" for n in range(by_turn)]
                await asyncio.to_thread(
                    dovecot.append,
                    "support",
                    *(mail("box", 1000 * turn + n, one) for n, one in enumerate(by_now)),
                )
                boxed += by_now
                await client.has_answers((count - count // 3) * struck // kills)
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
            await client.has_answers(count - len(boxed))
            client.stopping = True
            await asyncio.wait_for(asyncio.gather(*tasks), 120)
            expected = client.answered + boxed
            try:
                await asyncio.to_thread(
                    desk.wait, lambda: nothing_waits(desk, len(expected)), 120 + count // 20
                )
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


@dataclass
class Two:
    """Two daemons on one PostgreSQL with one mailbox, which `holder` reads; `other` has no duty."""

    holder: Desk
    other: Desk
    dovecot: Dovecot
    database: psycopg.Connection[Any]


@asynccontextmanager
async def two_daemons(folder: Path) -> AsyncIterator[Two]:
    programs = postgres.needed()
    with ExitStack() as stack:
        dovecot, server = Dovecot(), postgres.Server(programs)
        stack.callback(dovecot.remove)
        stack.callback(server.remove)
        dovecot.start()
        server.start()
        url = postgres.new_database(server.url)
        desks = []
        for name in ("holder", "other"):
            (folder / name).mkdir()
            more = toml({"imap": [mailbox(folder / name, dovecot.port, dovecot.password, "support")]})
            desks.append(stack.enter_context(Desk(folder / name, url=url, more=more)))
        holder, other = desks
        await asyncio.to_thread(holder.start)
        await asyncio.to_thread(holder.wait, lambda: reads_mailbox(holder), PATIENCE)
        await asyncio.to_thread(other.start)
        database = stack.enter_context(psycopg.connect(url, autocommit=True))
        yield Two(holder, other, dovecot, database)


def reads_mailbox(desk: Desk) -> bool:
    return "mailbox:support" in _health(desk)["holds"]


def fill_box(dovecot: Dovecot, first: int, count: int) -> list[str]:
    """So many mails more; their Message-IDs."""
    ids = [f"<box.{number}@acme.example>" for number in range(first, first + count)]
    for at in range(0, count, 100):
        mails = [mail("box", first + at + n, one) for n, one in enumerate(ids[at : at + 100])]
        dovecot.append("support", *mails)
    return ids


async def all_done(two: Two, expected: list[str], *, desk: Desk) -> None:
    """Each mail is decided and answered once; `desk` is stopped to look."""
    await _taken(two.database, len(expected), "state IN ('done', 'duplicate')")
    await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk, len(expected)), 900)
    assert await asyncio.to_thread(desk.stop) == 0
    check_tickets(desk, expected)
    assert answers_in([*maildir(two.holder), *maildir(two.other)]) == Counter(expected)


async def all_done_in_the_end(
    two: Two, clients: list[Client], tasks: list[asyncio.Task[None]], boxed: list[str]
) -> list[str]:
    """Let the clients end; each mail that was answered or lay in the mailbox is on one ticket, as the other one says."""
    for client in clients:
        client.stopping = True
    await asyncio.wait_for(asyncio.gather(*tasks), 120)
    expected = [*boxed, *clients[0].answered, *clients[1].answered]
    await all_done(two, expected, desk=two.other)
    return expected


@pytest.mark.torture
async def test_of_two_daemons_one_is_killed_in_the_middle_of_three_thousand_mails(tmp_path: Path) -> None:
    """Its mailbox is taken over within 30 s, as the contract says; each mail is on one ticket and acknowledged once."""
    count = int(os.environ.get("MAILD_MAILS", "3000"))
    async with two_daemons(tmp_path) as two:
        boxed = await asyncio.to_thread(fill_box, two.dovecot, 0, count * 2 // 3)
        clients = [Client(two.holder), Client(two.other)]
        tasks = [asyncio.create_task(c.run(f"{n}u{m}")) for n, c in enumerate(clients) for m in range(2)]
        await _taken(two.database, len(boxed) // 2, "source LIKE 'imap%'")
        await asyncio.to_thread(two.holder.kill)
        killed = time.monotonic()
        there = two.database.execute("SELECT count(*) FROM inbound WHERE source LIKE 'imap%'").fetchall()
        assert there[0][0] < len(boxed), "the mailbox was empty before anybody was killed"
        clients[0].desk = two.other
        await asyncio.to_thread(two.other.wait, lambda: reads_mailbox(two.other), PATIENCE)
        taken_over = time.monotonic() - killed
        await _taken(two.database, count, "true")
        expected = await all_done_in_the_end(two, clients, tasks, boxed)
        assert taken_over < 30, taken_over
    repeated = sum(client.repeated for client in clients)
    print(f"\n{len(expected)} mails ({len(boxed)} by IMAP), {repeated} tries again, taken over after {taken_over:.1f} s, "
          f"{time.monotonic() - killed:.0f} s until all was done")  # fmt: skip


@pytest.mark.torture
async def test_daemon_that_hangs_past_its_leases_and_goes_on_does_nothing_twice(tmp_path: Path) -> None:
    async with two_daemons(tmp_path) as two:
        boxed = await asyncio.to_thread(fill_box, two.dovecot, 0, 200)
        clients = [Client(two.holder), Client(two.other)]
        tasks = [asyncio.create_task(c.run(f"{n}u")) for n, c in enumerate(clients)]
        await _taken(two.database, 100, "source LIKE 'imap%'")
        os.kill(two.holder.pid, signal.SIGSTOP)
        began = time.monotonic()
        await asyncio.to_thread(two.other.wait, lambda: reads_mailbox(two.other), 2 * PATIENCE)
        taken_over = time.monotonic() - began
        boxed += await asyncio.to_thread(fill_box, two.dovecot, 200, 50)
        await _taken(two.database, 250, "source LIKE 'imap%'")
        os.kill(two.holder.pid, signal.SIGCONT)
        await asyncio.to_thread(two.holder.wait, lambda: not reads_mailbox(two.holder), PATIENCE)
        boxed += await asyncio.to_thread(fill_box, two.dovecot, 250, 50)
        await _taken(two.database, 300, "source LIKE 'imap%'")
        expected = await all_done_in_the_end(two, clients, tasks, boxed)
        assert taken_over < 30, taken_over
    print(f"\n{len(expected)} mails ({len(boxed)} by IMAP), taken over after {taken_over:.1f} s")


async def _taken(database: psycopg.Connection[Any], count: int, where: str) -> None:
    """Until so many mails are in the database."""
    query = f"SELECT count(*) FROM inbound WHERE {where}"  # noqa: S608  ours
    end = time.monotonic() + 1800
    while (found := database.execute(query).fetchall()[0][0]) < count:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.3)
