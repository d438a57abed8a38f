"""Agents act by mail through the real SMTP port, with real keys and DNS; who is not them does nothing and learns nothing.

Over 300 lines: all that a mail may do in an agent's name, on one daemon that is started once for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from maild.model import Json
from tests.consent import keys
from tests.consent.world import World
from tests.harness.mails import mail, new_id
from tests.shapes import shapes, ticket_whole

pytestmark = pytest.mark.slow

KATA, ANNA, GINA = "kata@desk.example", "anna@acme.example", "gina@globex.example"
SIGNED = keys.GOOD


@dataclass
class Open:
    """A ticket of Anna's, and the Message-ID of the mail that told Kata of it."""

    world: World
    number: int
    alert: str

    @property
    def whole(self) -> Json:
        return self.world.read(lambda tx: ticket_whole(tx, self.number))

    @property
    def stands(self) -> tuple[Any, ...]:
        one = self.whole
        words = [e["text"] for e in one["entries"] if e["public"]]
        return (
            one["phase"], one["owner"], one["team"], one["kind"], one["severity"], words, one["time"]["raw_minutes"],
        )  # fmt: skip


def opened(world: World) -> Open:
    raw = (
        f"From: Anna <{ANNA}>\r\nTo: help@desk.example\r\nSubject: Printer\r\nDate: {now()}\r\n"
        f"Message-ID: {new_id()}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nIt is broken, says Zebra-4711.\r\n"
    ).encode()
    number = int(world.send(raw, mail_from=ANNA)["ticket"])
    alert = world.read(lambda tx: [row for row in tx.outbound.list(ticket=number, limit=None) if row.alert])
    return Open(world, number, alert[0].message_id)


def now(**later: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(**later))


def answer(
    ticket: Open, text: str, *, sender: str = f"Kata <{KATA}>", subject: str | None = None, more: str = "",
    to: str = "help@desk.example", parent: str | None = None, date: str = "", message_id: str = "",
) -> bytes:  # fmt: skip
    parent = ticket.alert if parent is None else parent
    subject = f"Re: [#{ticket.number}] New request: Printer" if subject is None else subject
    more = f"In-Reply-To: {parent}\r\n{more}" if parent else more
    return mail(sender, subject, f"{text}\r\n", to=to, date=date or now(), message_id=message_id, more=more)


def signed(raw: bytes, **how: Any) -> bytes:
    return keys.sign(raw, how.pop("domain", "desk.example"), **{"fields": SIGNED, **how})


DO = "/take\r\n/close\r\n\r\nDone, please try again."


# ------------------------------------------------------------------------------------------- rightful ones


def notices(world: World, since: int) -> list[tuple[str, str]]:
    return sorted((row.get("alert") or row["notice"], row["to"][0]) for row in world.outbound_since(since))


def test_an_answer_goes_to_the_customer_as_a_reply(world: World) -> None:
    ticket, before = opened(world), world.last_sent()
    world.send(signed(answer(ticket, "Please restart it.\r\n\r\n> It is broken")))
    assert notices(world, before) == [("reply", ANNA)]
    entry = ticket.whole["entries"][-1]
    assert (entry["type"], entry["author"], entry["text"]) == ("reply", "kata", "Please restart it.")
    assert ticket.whole["last_word"] == "agent"


def test_lines_at_the_top_are_acts_and_the_customer_gets_one_mail(world: World) -> None:
    ticket, before = opened(world), world.last_sent()
    world.send(signed(answer(ticket, "/take\r\n/log 20m new toner\r\n/close\r\n\r\nDone, please try again.")))
    one = ticket.whole
    assert (one["phase"], one["owner"], one["time"]["raw_minutes"]) == ("closed", "kata", 20)
    assert [row for row in notices(world, before) if row[1] == ANNA] == [("reply", ANNA)]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            "/note\r\nLooks like the fuser.",
            {"type": "note", "public": False, "text": "Looks like the fuser."},
        ),
        ("/note Looks like the fuser.", {"type": "note", "public": False}),
        (
            "Please type\r\n/close\r\nin the box.",
            {"type": "reply", "text": "Please type\n/close\nin the box."},
        ),
    ],
)
def test_a_note_is_for_colleagues_and_a_line_in_the_middle_is_text(
    world: World, text: str, right: Json
) -> None:
    ticket, before = opened(world), world.last_sent()
    world.send(signed(answer(ticket, text)))
    entry = next(e for e in ticket.whole["entries"] if e["type"] == right["type"])
    assert right.items() <= entry.items()
    assert ticket.whole["phase"] == "received"
    assert any(to == ANNA for _, to in notices(world, before)) is (right["type"] == "reply")


def test_no_mail_tells_the_customer_nothing(world: World) -> None:
    ticket, before = opened(world), world.last_sent()
    world.send(signed(answer(ticket, "/no-mail\r\n/close")))
    assert ticket.whole["phase"] == "closed"
    assert notices(world, before) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/take\r\n/colse\r\n\r\nWords.", "did you mean /close?"),
        ("/take\r\n/assign nobody\r\n\r\nWords.", "nobody"),
        ("/phase wating\r\n\r\nWords.", "waiting"),
        ("/log soon\r\n\r\nWords.", "line 1"),
        ("/merge 999999\r\n\r\nWords.", "there is no ticket 999999"),
        ("/kind tea\r\n\r\nWords.", "incident"),
        ("/phase scheduled\r\n\r\nWords.", "/phase scheduled tomorrow 9:00"),
        ("/phase scheduled soonish\r\n\r\nWords.", "line 1"),
        ("/phase scheduled yesterday\r\n\r\nWords.", "is in the past"),
        ("/phase scheduled 2020-01-01", "is in the past"),
        ("/close\r\n/phase waiting\r\n\r\nWords.", "already"),
        ("/note", "needs words"),
        ("", "neither words nor acts"),
    ],
)
def test_one_wrong_line_and_nothing_is_done_and_the_agent_is_told_which(
    world: World, text: str, said: str
) -> None:
    ticket = opened(world)
    before, stood = world.last_sent(), ticket.stands
    world.send(signed(answer(ticket, text)))
    assert ticket.stands == stood
    assert notices(world, before) == [("not_accepted", KATA)]
    told = world.read(lambda tx: tx.outbound.get(world.last_sent()).data)
    assert said in told["events"][-1]["lines"][0]


def test_a_forwarded_mail_opens_a_ticket_in_the_customers_name(world: World) -> None:
    before = world.last_sent()
    text = (
        "Please have a look.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Gina <gina@globex.example>\r\n"
        "Date: Mon, 2 Nov 2026\r\nSubject: Scanner\r\nTo: kata@desk.example\r\n\r\nThe scanner is silent."
    )
    ticket = Open(world, 0, "")
    row = world.send(signed(answer(ticket, text, subject="Fwd: Scanner", parent="")))
    one = world.read(lambda tx: ticket_whole(tx, row["ticket"]))
    assert (one["requester"], one["company"], one["subject"]) == (GINA, "globex", "Scanner")
    assert next(e["text"] for e in one["entries"] if e["public"]) == "The scanner is silent."
    assert next(e["channel"] for e in one["entries"] if e["public"]) == "forward"
    assert "Please have a look." in next(e["text"] for e in one["entries"] if e["type"] == "note")
    assert ("received", GINA) in notices(world, before)


@pytest.mark.parametrize("words", ["", "\r\n\r\nWe come on Friday."])
def test_a_date_is_set_by_mail(world: World, words: str) -> None:
    ticket, before = opened(world), world.last_sent()
    world.send(signed(answer(ticket, f"/take\r\n/phase scheduled in 3 days{words}")))
    one = ticket.whole
    assert (one["phase"], one["owner"]) == ("scheduled", "kata")
    assert datetime.fromisoformat(one["scheduled_for"]) > datetime.now(UTC) + timedelta(days=2)
    assert [row for row in notices(world, before) if row[1] == ANNA] == [
        ("reply" if words else "scheduled", ANNA)
    ]


def enclosing(
    *mails: str, text: str = "Please have a look.", subject: str = "Fwd: Scanner", more: str = ""
) -> bytes:
    """A mail of Kata's with others attached whole."""
    parts = "".join(
        f"--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=m.eml\r\n\r\n{one}\r\n"
        for one in mails
    )
    return (
        f"From: Kata <{KATA}>\r\nTo: help@desk.example\r\nSubject: {subject}\r\nDate: {now()}\r\n"
        f"Message-ID: {new_id()}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n{more}\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n{parts}--b--\r\n"
    ).encode()


GINAS = (
    f"From: Gina <{GINA}>\r\nTo: kata@desk.example\r\nSubject: Re: Scanner\r\nMessage-ID: <g1@globex.example>\r\n\r\n"
    "The scanner is silent.\r\n"
)


@pytest.mark.parametrize("subject", ["Fwd: Re: Scanner", "", "Scanner"])
def test_a_mail_forwarded_as_an_attachment_opens_a_ticket_in_the_customers_name(
    world: World, subject: str
) -> None:
    before = world.last_sent()
    row = world.send(signed(enclosing(GINAS, subject=subject)))
    one = world.read(lambda tx: ticket_whole(tx, row["ticket"]))
    assert (one["requester"], one["company"], one["subject"]) == (GINA, "globex", "Scanner")
    said = next(e for e in one["entries"] if e["public"])
    assert (said["text"].strip(), said["channel"], said["author"]) == (
        "The scanner is silent.",
        "forward",
        "kata",
    )
    assert "Please have a look." in next(e["text"] for e in one["entries"] if e["type"] == "note")
    assert ("received", GINA) in notices(world, before)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (enclosing(GINAS, GINAS.replace("Scanner", "Fax")), "forward_several"),
        (enclosing(GINAS.replace(f"Gina <{GINA}>", f"{GINA}, x@evil.example")), "forward_unnamed"),
        (enclosing(GINAS.replace("From:", "X-From:")), "forward_unnamed"),
        (enclosing(GINAS.replace(GINA, KATA)), "forward_no_customer"),
        (enclosing(GINAS.replace(GINA, "help@desk.example")), "forward_no_customer"),
        (
            enclosing(enclosing(GINAS).decode().replace("boundary=b", "boundary=c").replace("--b", "--c")),
            "forward_no_customer",
        ),
    ],
)
def test_what_an_attached_mail_does_not_say_plainly_opens_nothing_in_a_customers_name(
    world: World, raw: bytes, why: str
) -> None:
    before = world.last_sent()
    raw = raw.replace(b"Message-ID: <", f"Message-ID: <{new_id()[1:-1].partition('@')[0]}".encode(), 1)
    row = world.send(signed(raw))
    one = world.read(lambda tx: ticket_whole(tx, row["ticket"]))
    assert (one["team"], one["company"]) == ("review", None)
    assert notices(world, before) == [("not_accepted", KATA)]
    told = world.read(lambda tx: tx.outbound.get(world.last_sent()).data)
    assert why in str(told)


def test_a_request_of_an_agents_own_with_a_mail_beside_it_stays_theirs(world: World) -> None:
    row = world.send(signed(enclosing(GINAS, subject="Our mail program shows nothing")))
    one = world.read(lambda tx: ticket_whole(tx, row["ticket"]))
    assert one["requester"] == KATA


@pytest.mark.parametrize("how", ["unsigned", "stranger"])
def test_a_forged_attachment_opens_nothing_in_a_customers_name(world: World, how: str) -> None:
    before = world.last_sent()
    raw = enclosing(GINAS)
    row = world.send(raw if how == "unsigned" else signed(raw, key=keys.strangers()))
    one = world.read(lambda tx: ticket_whole(tx, row["ticket"]))
    assert (one["team"], one["company"]) == ("review", None)
    assert {to for _, to in notices(world, before)} == {KATA}


def test_an_absence_notice_of_the_agent_ends_the_loop_at_once(world: World) -> None:
    ticket, before = opened(world), world.last_sent()
    away = answer(ticket, "I am away until Monday.", more="Auto-Submitted: auto-replied\r\n")
    world.send(signed(away), mail_from="")
    assert notices(world, before) == []
    assert ticket.whole["phase"] == "received"


# ------------------------------------------------------------------------------------------------ attacks


@dataclass
class Attack:
    """`make` the mail; `told`: whether the agent in whose name it came is told."""

    name: str
    make: Callable[[Open, World], bytes]
    told: bool = True
    mail_from: str = "x@mail.example"
    also: dict[str, Any] = field(default_factory=dict)


def _other(world: World) -> Open:
    return opened(world)


def _replayed(ticket: Open, world: World) -> bytes:
    """An old genuine answer, sent again with another id to answer another ticket."""
    old = _other(world)
    raw = signed(answer(old, DO))
    world.send(raw)
    return raw.replace(f"In-Reply-To: {old.alert}".encode(), f"In-Reply-To: {ticket.alert}".encode())


def _unsigned_id(ticket: Open, world: World) -> bytes:
    return signed(answer(ticket, DO), fields=tuple(f for f in SIGNED if f != "message-id"))


def _prepended(field_line: str) -> Callable[[Open, World], bytes]:
    def make(ticket: Open, world: World) -> bytes:
        return field_line.format(number=ticket.number).encode() + b"\r\n" + signed(answer(ticket, DO))

    return make


ATTACKS = [
    Attack("unsigned", lambda t, w: answer(t, DO)),
    Attack("signed by a stranger's domain", lambda t, w: signed(answer(t, DO), domain="evil.example", key=keys.strangers())),
    Attack("signed by the customer's domain", lambda t, w: signed(answer(t, DO), domain="acme.example")),
    Attack("signed with a stranger's key", lambda t, w: signed(answer(t, DO), key=keys.strangers())),
    Attack("body changed after the signature", lambda t, w: signed(answer(t, "Hello.")).replace(b"Hello.", b"/close\r\n")),
    Attack("body appended behind l=", lambda t, w: signed(answer(t, "Hello."), length=True) + b"\r\nSend the password.\r\n"),
    Attack("subject is not signed", lambda t, w: signed(answer(t, DO), fields=tuple(f for f in SIGNED if f != "subject"))),
    Attack("date is not signed", lambda t, w: signed(answer(t, DO), fields=tuple(f for f in SIGNED if f != "date"))),
    Attack("recipient is not signed", lambda t, w: signed(answer(t, DO), fields=tuple(f for f in SIGNED if f != "to"))),
    Attack("message-id is not signed", _unsigned_id),
    Attack("an old mail", lambda t, w: signed(answer(t, DO, date=now(days=-3)))),
    Attack("a mail of the future", lambda t, w: signed(answer(t, DO, date=now(days=3)))),
    Attack("written to somebody else", lambda t, w: signed(answer(t, DO, to="friend@mail.example"))),
    Attack("a second subject before the signature", _prepended("Subject: Re: [#{number}] x")),
    Attack("a second from before the signature", _prepended("From: boss@desk.example"), told=False),
    Attack("a second message-id before the signature", _prepended("Message-ID: <other@mail.example>")),
    Attack("another content type before the signature", _prepended("Content-Type: multipart/mixed; boundary=x")),
    Attack("subject names another ticket", lambda t, w: signed(answer(t, DO, subject=f"Re: [#{_other(w).number}] Printer"))),
    Attack("subject names no ticket and the parent is not signed", lambda t, w: signed(
        answer(t, DO, subject="Re: Printer"), fields=tuple(f for f in SIGNED if f != "in-reply-to"))),
    Attack("display name of the agent", lambda t, w: answer(t, DO, sender=f'"kata@desk.example" <{GINA}>'), told=False),
    Attack("sender and reply-to of the agent", lambda t, w: answer(
        t, DO, sender=f"Gina <{GINA}>", more=f"Sender: {KATA}\r\nReply-To: {KATA}\r\n"), told=False),
    Attack("two authors", lambda t, w: signed(answer(t, DO, sender=f"Gina <{GINA}>, Kata <{KATA}>")), told=False),
    Attack("address inside of the name", lambda t, w: answer(t, DO, sender=f"kata@desk.example <{GINA}>"), told=False),
    Attack("a look-alike domain", lambda t, w: answer(t, DO, sender="Kata <kata@xn--dsk-mma.example>"), told=False),
    Attack("a sub-domain of the agent's", lambda t, w: answer(t, DO, sender="Kata <kata@mail.desk.example>"), told=False),
    Attack("a plus address of the agent", lambda t, w: answer(t, DO, sender="Kata <kata+x@desk.example>"), told=False),
    Attack("a customer types the lines", lambda t, w: answer(t, DO, sender=f"Gina <{GINA}>"), told=False),
    Attack("automatic mail of the agent", lambda t, w: signed(
        answer(t, DO, more="Auto-Submitted: auto-generated\r\n")), told=False),
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_attack_sends_nothing_closes_nothing_and_learns_nothing(world: World, attack: Attack) -> None:
    ticket = opened(world)
    raw = attack.make(ticket, world)
    before, stood = world.last_sent(), ticket.stands
    world.send(raw, mail_from=attack.mail_from)
    assert ticket.stands == stood
    went = [row for row in world.outbound_since(before) if row["ticket"] == ticket.number]
    mine = [row for row in went if row["notice"] != "agent_alert"]
    assert mine == [], "nobody but our own people hears of it"
    told = {(row["alert"], row["to"][0]) for row in went}
    assert (("not_accepted", KATA) in told) is attack.told
    for row in world.outbound_since(before):
        if row["to"][0] not in (KATA,):
            said = str(world.read(lambda tx, key=row["id"]: shapes([tx.outbound.get(key)])))  # type: ignore[misc]
            assert "Zebra-4711" not in said


def test_the_same_answer_twice_acts_once(world: World) -> None:
    ticket, raw = opened(world), b""
    raw = signed(answer(ticket, "Please restart it."))
    world.send(raw)
    before, stood = world.last_sent(), ticket.stands
    assert world.send(raw)["state"] == "duplicate"
    changed = b"X-Other: 1\r\n" + raw
    assert world.send(changed)["state"] == "duplicate"
    assert ticket.stands == stood
    assert notices(world, before) == []


def test_a_replayed_answer_reaches_no_other_ticket(world: World) -> None:
    ticket = opened(world)
    raw = _replayed(ticket, world)
    stood = ticket.stands
    world.send(raw)
    assert ticket.stands == stood


def test_an_agent_decides_no_consent(world: World) -> None:
    asked = world.ask()
    raw = signed(asked.reply("Yes, approved.\r\n", sender=f"Kata <{KATA}>"))
    world.send(raw)
    assert world.phase(asked.number) == "awaiting_approval"
    consent = world.read(lambda tx: tx.consents.get(asked.consent))
    assert consent.state == "waiting"


@pytest.mark.parametrize("sign", [False, True])
def test_a_forged_forward_opens_nothing_in_a_customers_name(world: World, sign: bool) -> None:
    before = world.last_sent()
    text = "---------- Forwarded message ---------\r\nFrom: Gina <gina@globex.example>, x@evil.example\r\n\r\nHello."
    if not sign:
        text = text.replace(", x@evil.example", "")
    raw = answer(Open(world, 0, ""), text, subject="Fwd: Scanner", parent="")
    row = world.send(signed(raw) if sign else raw)
    one = world.read(lambda tx: ticket_whole(tx, row["ticket"]))
    assert (one["team"], one["company"]) == ("review", None)
    assert {to for _, to in notices(world, before)} == {KATA}
