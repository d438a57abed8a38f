"""Conversations told mail by mail, and which of them share a ticket: third parties in copy, newsletters, templates, other
desks' tags, meetings, gateways' copies, addresses in the place of ids."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from maild import config
from maild.mail.own_ids import Signer
from maild.model import CompanyFacts, ContactInput
from maild.store import Store
from tests.harness.by_hand import MailByHand
from tests.harness.configuration import KATA, UNCAPPED, written

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SIGNER = Signer(b"k" * 32, "desk.example")
ANNA, BELA, CARL = "Anna <anna@acme.example>", "Bela <bela@acme.example>", "Carl <carl@beta.example>"
ZOE, YAN = "Zoe <zoe@vendor.example>", "Yan <yan@else.example>"
CC_ZOE, CC_CARL = "Cc: zoe@vendor.example\n", "Cc: carl@beta.example\n"
_unnamed = itertools.count()

#: what was written, or what makes it of the numbers of the tickets so far; and the ticket's name in the scene
Step = tuple[str | Callable[[dict[str, int]], str], str]


def mail(
    sender: str,
    subject: str,
    fields: str = "",
    *,
    text: str = "It jams.",
    mid: str = "",
    kind: str = "text/plain",
    day: str = "Mon, 2 Nov",
) -> str:
    name = mid or f"s{next(_unnamed)}.q7@mail.example"
    return (
        f"{fields}From: {sender}\nTo: help@desk.example\nSubject: {subject}\nDate: {day} 2026 10:12:00 +0100\n"
        f"Message-ID: <{name}>\nMIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\n\n{text}\n"
    )


def answers(*ids: str) -> str:
    named = [f"<{one}>" for one in ids]
    return f"In-Reply-To: {named[-1]}\nReferences: {' '.join(named)}\n"


def tagged(sender: str, subject: str, ticket: str, *, ours: bool = False) -> Callable[[dict[str, int]], str]:
    """With the tag of that ticket, or in answer to a mail of ours on it."""

    def made(numbers: dict[str, int]) -> str:
        fields = f"In-Reply-To: {SIGNER.root_id(numbers[ticket])}\n" if ours else ""
        return mail(sender, subject.format(numbers[ticket]), fields)

    return made


def index(thread: bytes, answer: bytes = b"") -> str:
    octets = b"\x01\xdc" + thread * 20 + answer
    return f"Thread-Index: {base64.b64encode(octets).decode()}\n"


def meeting(sender: str, subject: str, method: str, uid: str, sequence: int = 0, more: str = "") -> str:
    calendar = (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{uid}\nSUMMARY:Move\n"
        "DTSTART:20261109T140000Z\nDTEND:20261109T150000Z\nORGANIZER:mailto:anna@acme.example\n"
        f"DTSTAMP:20261102T090000Z\nSEQUENCE:{sequence}\n{more}END:VEVENT\nEND:VCALENDAR"
    )
    return mail(sender, subject, text=calendar, kind=f"text/calendar; method={method}")


SCENES: dict[str, list[Step]] = {
    "a vendor in copy": [
        (mail(ANNA, "Printer", CC_ZOE, mid="b1.x7@acme.example"), "a"),
        (mail(ZOE, "Re: Printer", answers("b1.x7@acme.example"), mid="b2.x7@vendor.example"), "z"),
        (mail(ANNA, "Re: Printer", answers("b1.x7@acme.example", "b2.x7@vendor.example"), mid="b3.x7@acme.example"), "a"),
        (mail(ZOE, "Re: Printer", answers("b2.x7@vendor.example", "b3.x7@acme.example"), mid="b4.x7@vendor.example"), "z"),
        (mail(BELA, "Re: Printer", answers("b1.x7@acme.example", "b4.x7@vendor.example")), "a"),
    ],
    "a vendor begins": [
        (mail(ZOE, "Offer", "Cc: anna@acme.example\n", mid="f1.q7@vendor.example"), "z"),
        (mail(ANNA, "Re: Offer", answers("f1.q7@vendor.example"), mid="f2.q7@acme.example"), "a"),
        (mail(ZOE, "Re: Offer", answers("f1.q7@vendor.example", "f2.q7@acme.example"), mid="f3.q7@vendor.example"), "z"),
        (mail(ANNA, "Re: Offer", answers("f3.q7@vendor.example")), "a"),
    ],
    "two customers": [
        (mail(ANNA, "Line", CC_CARL, mid="g1.q7@acme.example"), "a"),
        (mail(CARL, "AW: Line", answers("g1.q7@acme.example"), mid="g2.q7@beta.example"), "c"),
        (mail(ANNA, "Re: Line", answers("g2.q7@beta.example"), mid="g3.q7@acme.example"), "a"),
        (mail(CARL, "AW: Line", answers("g3.q7@acme.example")), "c"),
    ],
    "our tag in a vendor's answer": [
        (mail(ANNA, "Door", CC_ZOE, mid="h1.q7@acme.example"), "a"),
        (tagged(ZOE, "Re: [#{}] Door", "a"), "z"),
        (tagged(ANNA, "Re: [#{}] Door", "a", ours=True), "a"),
        (tagged(BELA, "Re: [#{}] Door", "a", ours=True), "a"),
    ],
    "a newsletter": [
        (mail(ANNA, "Re: News", answers("news.44@mailer.example")), "1"),
        (mail(CARL, "AW: News", answers("news.44@mailer.example")), "2"),
        (mail(ZOE, "Re: News", answers("news.44@mailer.example")), "3"),
        (mail(ANNA, "Re: News", answers("news.44@mailer.example"), text="More"), "1"),
        (mail(CARL, "AW: News", answers("news.44@mailer.example"), text="Mehr"), "2"),
    ],
    "a newsletter to colleagues": [
        (mail(ANNA, "Re: News", answers("news.45@mailer.example")), "1"),
        (mail(BELA, "Re: News", answers("news.45@mailer.example")), "2"),
        (mail(BELA, "Re: News", answers("news.45@mailer.example"), text="x"), "2"),
        (mail(ANNA, "Re: News", answers("news.45@mailer.example"), text="y"), "1"),
    ],
    "an awaited mail that comes": [
        (mail(ANNA, "Re: Plan", answers("p1.q7@acme.example")), "1"),
        (mail(BELA, "Plan", mid="p1.q7@acme.example"), "1"),
        (mail(BELA, "Re: Plan", answers("p1.q7@acme.example")), "1"),
    ],
    "a template": [
        (mail(ANNA, "Holiday request", index(b"\x11")), "1"),
        (mail(BELA, "Sick note", index(b"\x11")), "2"),
        (mail(ANNA, "Keyboard", index(b"\x11")), "3"),
    ],
    "answers by Thread-Index": [
        (mail(ANNA, "Days off", index(b"\x12")), "1"),
        (mail(ANNA, "Re: Days off", index(b"\x12", b"12345")), "1"),
        (mail(BELA, "RE: Days off", index(b"\x12", b"12345")), "1"),
    ],
    "another desk's tag": [
        (mail(ANNA, "Printer"), "1"),
        (tagged(BELA, "[#{}] Your parcel is on its way", "1"), "2"),
        (tagged(YAN, "[#{}] Offer", "1"), "3"),
        (tagged(ANNA, "Re: [#{}] Printer", "1"), "1"),
        (tagged(CARL, "AW: [#{}] Drucker", "1"), "4"),
    ],
    "a colleague's tag": [
        (mail(ANNA, "Printer jams"), "1"),
        (tagged(BELA, "[#{}] Printer jams", "1"), "1"),
        (tagged(BELA, "FW: [#{}] Printer jams", "1"), "1"),
    ],
    "a meeting": [
        (meeting(ANNA, "Move", "REQUEST", "u-1"), "1"),
        (meeting(ANNA, "Updated: Move", "REQUEST", "u-1", 1), "1"),
        (meeting(BELA, "Updated: Move", "REQUEST", "u-1", 2), "1"),
        (meeting(BELA, "Accepted: Move", "REPLY", "u-1", 2, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@acme.example\n"), "1"),
        (meeting(ANNA, "Canceled: Move", "CANCEL", "u-1", 3, "STATUS:CANCELLED\n"), "1"),
        (meeting(ANNA, "Other", "REQUEST", "u-2"), "2"),
        (meeting(ZOE, "Updated: Move", "REQUEST", "u-1", 4), "3"),
    ],
    "gateways' copies": [
        (mail(ANNA, "Printer", mid="gw1.q7@acme.example"), "1"),
        (mail(ANNA, "[EXTERN] Printer", mid="gw1.q7@acme.example", text="[EXTERN] From outside.\n\nIt jams."), "1"),
        (mail(ANNA, "Printer", mid="gw1.q7@acme.example", text="It jams.\n\n-- \nScanned. No virus found."), "1"),
        (mail(CARL, "Printer", mid="gw1.q7@acme.example"), "2"),
        (mail(ANNA, "Keyboard", mid="gw1.q7@acme.example", text="Sticky keys.", day="Tue, 3 Nov"), "3"),
    ],
    "addresses in the place of ids": [
        (mail(ANNA, "Printer", "In-Reply-To: <help@desk.example>\n"), "1"),
        (mail(BELA, "Scanner", "In-Reply-To: <help@desk.example>\n"), "2"),
        (mail(ANNA, "Fax", 'In-Reply-To: Message from bela@acme.example of "Mon" <bela@acme.example>\n'), "3"),
        (mail(ANNA, "Toner", "References: <carl1@beta.example>\n"), "4"),
    ],
    "an answer to one's own mail": [
        (mail(ANNA, "Printer", mid="d1.q7@acme.example"), "1"),
        (mail(ANNA, "Re: Printer", answers("d1.q7@acme.example"), text="Room 12, I forgot."), "1"),
        (mail(BELA, "Re: Printer", answers("d1.q7@acme.example"), text="Me too."), "1"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("scenes")
    settings = config.load(written(folder, UNCAPPED, {"agent": [KATA]}), {})
    with Store.open(settings, create=True) as store:
        with store.write() as tx:
            tx.companies.save(CompanyFacts("acme", "Acme", ("acme.example",), "en", "standard"))
            tx.companies.save(CompanyFacts("beta", "Beta", ("beta.example",), "de", "standard"))
            for company, name in (("acme", "anna"), ("acme", "bela"), ("beta", "carl")):
                tx.contacts.save(company, ContactInput((f"{name}@{company}.example",), name=name.title()))
        yield store


@pytest.mark.parametrize("scene", SCENES)
def test_each_mail_is_on_the_ticket_that_the_scene_names(desk: Store, scene: str) -> None:
    numbers: dict[str, int] = {}
    for nth, (step, name) in enumerate(SCENES[scene]):
        raw = (step if isinstance(step, str) else step(numbers)).encode()
        with desk.write() as tx:
            _, number = MailByHand(tx, desk.settings, SIGNER, raw, NOW + timedelta(minutes=nth)).all(tx)
        assert number is not None, nth
        assert number == numbers.setdefault(name, number), nth
    assert len(set(numbers.values())) == len(numbers)
