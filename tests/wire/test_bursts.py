"""A burst of mails over many sessions: they share transactions and take their steps in a row, and what becomes of each is
what becomes of the same mails sent one at a time."""

from __future__ import annotations

import random
import smtplib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from maild.store import Tx
from maild.store.tables import ENTRY, INBOUND, INBOUND_RAW, OUTBOUND, PARTICIPANT, TICKET
from maild.work import in_a_row
from maild.work.in_a_row import SmallMail
from tests.harness.mails import HELP, MORNING
from tests.harness.mails import mail as bytes_of
from tests.timing import PATIENCE
from tests.wire.desk import WireDesk

SESSIONS, MAILS = 20, 12  # a peer may have so many
ACME = tuple(f"p{one}@acme.example" for one in range(30))
PEOPLE = (*ACME, "anna@acme.example", "boss@acme.example", "who@nowhere.example", "else@elsewhere.example")
WORDS = (
    "The printer does not print.\r\n",
    "It is the one beside the lift.\r\n",
    "Please give Dora access to the CRM.\r\n",
    "Thank you, it works again.\r\n",
    "How can I print on both sides?\r\n",
)
#: where no header says anything of a thread
NONE = ""

pytestmark = pytest.mark.wire


def _mails(seed: int) -> Iterator[tuple[str, bytes]]:
    """Writers and mails: new ones, answers to any mail that is on its way or not, numbers, absences, the same twice."""
    chance = random.Random(seed)
    ids = [f"<b{one}@acme.example>" for one in range(SESSIONS * MAILS)]
    sent: list[tuple[str, bytes]] = []
    for own in ids:
        who = chance.choice(PEOPLE)
        kind = chance.random()
        if kind < 0.08 and sent:
            sent.append(chance.choice(sent))
        else:
            subject = f"[#{chance.randint(15789, 15794)}] More" if kind < 0.4 else f"About {own[1:5]}"
            absent = "Auto-Submitted: auto-replied\r\n" if kind > 0.95 else ""
            parent = chance.choice(ids) if 0.4 <= kind < 0.6 else NONE
            sent.append(
                (who, bytes_of(who, subject, chance.choice(WORDS), date=MORNING, message_id=own, parent=parent,
                               more=absent))
            )  # fmt: skip
        yield sent[-1]


def _became(desk: WireDesk) -> dict[str, list[object]]:
    """Of each mail, in the order of their arrival, what it was, its ticket and whose copy it is; what went out about which
    mail; the tickets."""

    def look(tx: Tx) -> dict[str, list[object]]:
        came = select(*INBOUND.c["id", "kind", "state", "ticket", "duplicate_of"]).order_by(INBOUND.c.id)
        told = select(*OUTBOUND.c["inbound_id", "notice", "ticket"]).order_by(OUTBOUND.c.id)
        opened = select(
            *TICKET.c[
                "number",
                "subject",
                "company",
                "requester",
                "kind",
                "severity",
                "phase",
                "last_word",
                "last_message_id",
            ]
        ).order_by(TICKET.c.number)
        people = select(*PARTICIPANT.c["ticket", "address"]).order_by(
            PARTICIPANT.c.ticket, PARTICIPANT.c.address
        )
        lines = select(*ENTRY.c["ticket", "type", "author", "text"]).order_by(ENTRY.c.id)
        return {
            name: [tuple(row) for row in tx.execute(query)]
            for name, query in (
                ("mails", came),
                ("answers", told),
                ("tickets", opened),
                ("people", people),
                ("lines", lines),
            )
        }

    return desk.read(look)


def _received(desk: WireDesk) -> int:
    return desk.read(lambda tx: tx.inbound.counts()).get("received", 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_burst_becomes_what_the_same_mails_become_one_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rows: list[int] = []
    real = in_a_row._rows

    def counted(mails: Sequence[SmallMail]) -> Iterator[list[SmallMail]]:
        for row in real(mails):
            rows.append(len(row))
            yield row

    monkeypatch.setattr(in_a_row, "_rows", counted)
    mails = [*_mails(seed)]
    for folder in ("burst", "alone"):
        (tmp_path / folder).mkdir()
    with WireDesk(tmp_path / "burst") as burst:

        def session(mine: Sequence[tuple[str, bytes]]) -> None:
            with smtplib.SMTP("127.0.0.1", burst.port("smtp"), timeout=PATIENCE) as client:
                for sender, raw in mine:
                    client.sendmail(sender, [HELP], raw, ["BODY=8BITMIME"])

        threads = [threading.Thread(target=session, args=(mails[one::SESSIONS],)) for one in range(SESSIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        burst.wait(lambda: not _received(burst))
        expected = _became(burst)
        came = burst.read(lambda tx: [(row.mail_from, row.content) for row in tx.execute(
            select(INBOUND.c.mail_from, INBOUND_RAW.c.content).join(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id)
            .order_by(INBOUND.c.id)
        )])  # fmt: skip
    assert len(came) == len(mails)
    assert max(rows) > 1, "nothing was done in a row"
    with WireDesk(tmp_path / "alone") as alone:
        with smtplib.SMTP("127.0.0.1", alone.port("smtp"), timeout=PATIENCE) as client:
            for sender, raw in came:
                client.sendmail(sender, [HELP], raw, ["BODY=8BITMIME"])
                alone.wait(lambda: not _received(alone))
        assert _became(alone) == expected
