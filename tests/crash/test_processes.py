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

from maild.model import Json
from tests.crash.desk import Client, Desk, mail
from tests.crash.test_kill import check_maildir, check_tickets, nothing_waits
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
