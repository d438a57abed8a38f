"""Many forged requests, and long ones: the approvers get few mails and short ones, and honest requests go through."""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from maild.model import Json
from tests.consent import keys
from tests.consent.world import World, records
from tests.harness.mails import mail
from tests.servers.dns import DnsServer
from tests.shapes import shapes

pytestmark = pytest.mark.slow

MOST = 6


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """A desk of its own, with a small cap."""
    with DnsServer(records()) as dns, World(tmp_path, dns, MOST) as made:
        yield made


def request(text: str, subject: str = "Share", parent: str = "", sender: str = "anna@acme.example") -> bytes:
    return mail(sender, subject, f"{text}\r\n", parent=parent)


PLEASE = "Please grant write access to the share for our trainee."


def approvals(desk: World, address: str = "boss@acme.example") -> list[Json]:
    rows = desk.read(lambda tx: shapes(tx.outbound.list(limit=None)))[::-1]
    return [r for r in rows if r["notice"].startswith("approval_") and address in r["to"]]


def later(row: Json) -> bool:
    return row["next_attempt_at"] is not None and slot(row) > datetime.now(UTC)


def slot(row: Json) -> datetime:
    return datetime.fromisoformat(row["next_attempt_at"])


def test_forged_requests_take_no_more_of_an_approvers_hour_than_their_cap(desk: World) -> None:
    for number in range(2 * MOST + 1):
        row = desk.send(request(f"{PLEASE} No. {number}"))
        assert row["state"] == "done"
    mails = approvals(desk)
    assert len(mails) == 2 * MOST + 1  # none is lost
    assert [later(r) for r in mails] == [False] * MOST + [True] * (MOST + 1)
    slots = [slot(r) for r in mails[MOST:]]
    assert slots == sorted(slots)
    assert (slots[-1] - slots[0]).total_seconds() > 3_000  # one more hour for the one beyond
    told = [
        r
        for r in desk.read(lambda tx: shapes(tx.outbound.list(limit=None)))
        if "kata@desk.example" in r["to"]
    ]
    text = [desk.wait(partial(desk._raw, int(r["id"]))) for r in told]
    assert sum(b"More than" in raw for raw in text) == 1
    # who proves who they are is asked at once
    asked = desk.ask(signed=True)
    assert not later(approvals(desk)[-1])
    assert desk.mail_to(asked.number, "boss@acme.example") is not None


def test_what_waits_is_shown_as_held_back(desk: World) -> None:
    rows = [desk.send(request(f"{PLEASE} No. {number}")) for number in range(MOST + 1)]
    assert [kept_back(row) for row in rows] == [False] * MOST + [True]


def kept_back(row: Json) -> bool:
    return any(act.get("because") == "cap-approver" for act in row["decision"]["would"])


def attached(raw: bytes) -> dict[str, bytes]:
    found = {}
    for part in email.message_from_bytes(raw).walk():
        content = part.get_payload(decode=True)
        if part.get_filename() and isinstance(content, bytes):
            found[part.get_filename() or ""] = content
    return found


def test_a_long_request_is_cut_in_the_mail_and_attached_whole(desk: World) -> None:
    text = (
        PLEASE
        + "\r\n"
        + "\r\n".join(f"line {n} of a long list of folders" for n in range(6_000))
        + "\r\nthe end"
    )
    asked = desk.ask(text=text)
    raw = desk.mail_to(asked.number, "boss@acme.example")
    assert raw is not None
    whole = attached(raw)["request.txt"].decode()
    assert whole.replace("\r\n", "\n").endswith("the end")
    assert "line 5999 of a long list" in whole
    body = raw.replace(raw[raw.index(b"request.txt") :], b"")
    assert b"line 0 of a long list" in body.replace(b"=\r\n", b"")
    assert len(body) < 80_000
    data = desk.read(lambda tx: shapes(tx.outbound.list(ticket=asked.number, limit=None)))
    assert all(len(str(row)) < 100_000 for row in data)


def test_unauthenticated_additions_to_an_authenticated_request_change_nothing(desk: World) -> None:
    asked = desk.ask(signed=True)
    before = len(approvals(desk))
    consent = desk.read(lambda tx: tx.consents.waiting(asked.number))
    row = desk.send(request("And for all other shares, too.", f"Re: [#{asked.number}] Share"))
    assert row["ticket"] == asked.number
    assert desk.read(lambda tx: tx.consents.waiting(asked.number)) == consent
    assert len(approvals(desk)) == before
    entries = desk.read(lambda tx: tx.ticket(asked.number)).entries
    assert any("And for all other shares" in e.text for e in entries)
    assert any("not authenticated: no part of the request" in e.text for e in entries)
    # the rightful answer still counts, and a rightful addition is asked about
    signed = request("And for the printer share.", f"Re: [#{asked.number}] Share")
    desk.send(keys.sign(signed, "acme.example"))
    assert len(approvals(desk)) > before
    now = desk.read(lambda tx: tx.consents.waiting(asked.number))
    assert now is not None
    assert now.request_text.endswith("And for the printer share.")
    assert "other shares" not in now.request_text


def test_sixteen_long_forged_additions_cost_no_more_than_themselves(desk: World) -> None:
    asked = desk.ask()
    size = 0
    for number in range(16):
        raw = request(f"No. {number} " + "x y " * 60_000, f"Re: [#{asked.number}] Share")
        size += len(raw)
        assert desk.send(raw)["ticket"] == asked.number
    kept = desk.read(
        lambda tx: sum(
            len(tx.outbound.raw(int(r["id"])) or b"") + len(str(r))
            for r in shapes(tx.outbound.list(limit=None))
        )
    )
    assert kept < size
    assert desk.phase(asked.number) == "awaiting_approval"
    entries = desk.read(lambda tx: tx.ticket(asked.number)).entries
    assert sum(e.text.startswith("No. ") for e in entries) == 16
