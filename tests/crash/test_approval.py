"""The daemon is killed at each commit point of an approval: never two decisions, never one without its evidence."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from maild import config
from maild.store import Store
from tests.crash.desk import Client, Desk
from tests.servers.dns import DnsServer
from tests.shapes import shapes, ticket_whole

pytestmark = pytest.mark.slow

#: accept, claim, decide, claim of the answers, their bytes, their sending: more COMMITs than an approval has
POINTS = range(1, 6)


class ApprovalDesk(Desk):
    """A desk on a copy of a database in which a request is held."""

    def __init__(self, folder: Path, held: Path, resolver: str) -> None:
        super().__init__(folder)
        self.environment["PYTHONPYCACHEPREFIX"] = str(held / "pyc")
        shutil.copy(held / "maild.db", folder)
        self.config.write_text(f'{self.config.read_text()}[authentication]\nresolver = "{resolver}"\n')

    def maild(self, *words: str) -> str:
        """The copy has its companies."""
        return ""

    def start_to_be_killed(self, when: str, count: int) -> None:
        command = [sys.executable, "-m", "tests.crash.killed_daemon", str(self.config), when, str(count)]
        self.launch(command, self.environment)

    def died(self) -> bool:
        """Whether it was killed within a while; else it has no such commit point, and is ended."""
        if self.was_killed(4):
            return True
        self.kill()
        return False


def decided(desk: Desk) -> bool:
    """All or nothing: the decision with its evidence, the ticket's move and its mail, or none of them."""
    with Store.open(config.load(desk.config, {})) as store, store.read() as tx:
        (consent,) = tx.consents.all()
        rows = [r for r in shapes(tx.consents.log(consent.id)) if r["event"] == "granted"]
        ticket = ticket_whole(tx, consent.ticket)
        sent = [o for o in ticket["outbound"] if o["notice"] == "approval_result"]
        spent = [t for t in consent.tokens if t.spent_at is not None]
        assert tx.consents.verify().ok
        yes = consent.state == "granted"
        assert consent.state in ("waiting", "granted")
        assert [len(rows), len(sent), len(spent)] == [int(yes)] * 3
        assert (ticket["phase"] == "received") == yes
        for row in rows:
            assert tx.inbound.by_sha256(row["data"]["sha256"])
        return yes


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("count", POINTS)
async def test_a_kill_at_a_commit_leaves_all_or_nothing_and_one_decision_in_the_end(
    held: tuple[Path, bytes], dns: DnsServer, tmp_path: Path, when: str, count: int
) -> None:
    folder, raw = held
    with ApprovalDesk(tmp_path, folder, dns.address) as desk:
        await asyncio.to_thread(desk.start_to_be_killed, when, count)
        (desk.folder / "armed").touch()
        client = Client(desk)
        answered = await client._try(raw, "boss@acme.example")
        killed = await asyncio.to_thread(desk.died)
        assert killed or count > 3, "accept, claim and decision are commits of their own"
        (desk.folder / "armed").unlink()
        decided(desk)
        await asyncio.to_thread(desk.start)
        while not answered:  # as a mail server would
            answered = await client._try(raw, "boss@acme.example")
        await asyncio.to_thread(desk.wait, lambda: nothing_waits(desk), 30)
        assert await asyncio.to_thread(desk.stop) == 0
        assert decided(desk)
        states = Counter(r["state"] for r in mails(desk))
        assert states["done"] == 2  # the request and the answer
        assert set(states) <= {"done", "duplicate"}
        files = [p.read_bytes() for p in (desk.folder / "out" / "new").iterdir()]
        results = {
            raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0]
            for raw in files
            if b"granted" in raw or b"Granted" in raw
        }
        assert len(results) <= 2  # the customer's and the agent's, however often they were sent


def nothing_waits(desk: Desk) -> bool:
    with Store.open(config.load(desk.config, {})) as store, store.read() as tx:
        out = tx.outbound.counts()
        return not (tx.inbound.counts().get("received") or out.get("queued") or out.get("sending"))


def mails(desk: Desk) -> list[dict[str, object]]:
    with Store.open(config.load(desk.config, {})) as store, store.read() as tx:
        return list(shapes(tx.inbound.list(limit=None)))
