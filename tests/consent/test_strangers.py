"""What somebody can do who only writes mail: in an agent's name, in a customer's, as a mail server that reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from dns.message import Message

from maild.app import acts
from maild.app.acts import ActContext
from maild.model import Plan, SendNotice
from maild.notice import notices
from maild.notice.status_mails import Reply
from maild.ticket.phases import Phase
from tests.consent.keys import sign
from tests.consent.test_acts import act
from tests.consent.test_law import mail, ordinary, reply
from tests.consent.world import World
from tests.harness.mails import new_id
from tests.shapes import ticket_whole

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

ANNA, KATA = "anna@acme.example", "kata@desk.example"
LINK = "https://evil.example/login"


def _alerts(world: World, since: int) -> list[list[str]]:
    return [row["to"] for row in world.outbound_since(since) if row["notice"] == "agent_alert"]


# ------------------------------------------------------------------------------------ an agent's name


@pytest.mark.parametrize("phase", [None, Phase.WAITING_CUSTOMER, Phase.CLOSED])
def test_a_forged_agents_mail_is_private_moves_nothing_and_is_told_to_the_agent(
    world: World, phase: Phase | None
) -> None:
    number = ordinary(world)
    if phase is not None:
        act(world, number, lambda a, t: acts.phase(a, t, phase))
    before, stood = world.last_sent(), world.phase(number)
    world.send(reply(number, f"Please pay here: {LINK}\r\n", sender=KATA))
    whole = world.read(lambda tx: ticket_whole(tx, number))
    (entry,) = [e for e in whole["entries"] if LINK in (e["text"] or "")]
    assert entry["public"] is False
    assert world.phase(number) == stood
    assert [KATA] in _alerts(world, before)
    assert [row for row in world.outbound_since(before) if ANNA in row["to"]] == []
    act(world, number, lambda a, t: _answered(a, t))
    assert all(LINK.encode() not in raw for raw in world.sent_to(ANNA, before))


def _answered(a: ActContext, t: object) -> Plan:
    said = notices.status(Reply(**acts.told(a, t, "We are at it.")), t, own_words=True)  # type: ignore[arg-type]
    assert said is not None
    return Plan((SendNotice(said),))


def test_a_crowd_in_copy_of_many_mails_does_not_take_part(world: World) -> None:
    number = ordinary(world)
    for start in range(0, 60, 15):
        boxes = ", ".join(f"p{start + i}@acme.example" for i in range(15))
        world.send(mail("Still burning.\r\n", subject=f"Re: [#{number}] Printer", more=f"Cc: {boxes}\r\n"))
    found = world.read(lambda tx: tx.ticket(number).participants)
    assert 15 <= len(found) <= world.settings.limits.participants


# ------------------------------------------------------------------------------------ a customer's name


def _acknowledged(world: World, raw: bytes) -> bytes:
    before = world.last_sent()
    world.send(raw)
    (sent,) = world.sent_to(ANNA, before)
    return sent.replace(b"=\r\n", b"")


def test_where_the_domain_disowns_a_mail_nothing_of_it_is_repeated(world: World) -> None:
    sent = _acknowledged(
        world, mail(f"Your account is blocked, see {LINK} now.\r\n", subject=f"Urgent {LINK}")
    )
    assert b"evil" not in sent
    assert b"blocked" not in sent


@pytest.mark.parametrize(("policy", "repeated"), [("reject", False), ("quarantine", False), ("none", True)])
def test_what_a_domain_says_of_mail_in_its_name_decides_what_is_repeated(
    world: World, policy: str, repeated: bool
) -> None:
    """Words without a link in the name of a domain that disowns nothing are the customer's, as far as anybody knows."""
    domain = f"{policy}.acme.example"
    world.dns.records[f"_dmarc.{domain}"] = (f"v=DMARC1; p={policy}".encode(),)
    before = world.last_sent()
    world.send(mail(f"The beamer flickers, see {LINK} now.\r\n", sender=f"bob@{domain}", subject="Beamer"))
    (sent,) = world.sent_to(f"bob@{domain}", before)
    flat = sent.replace(b"=\r\n", b"")
    assert (b"flickers" in flat, b"Beamer" in flat) == (repeated, repeated)
    assert LINK.encode() not in flat.replace(b"=3D", b"=")


@contextmanager
def published(world: World, said: bytes) -> Iterator[None]:
    """What acme.example says of itself meanwhile."""
    kept = world.dns.records["_dmarc.acme.example"]
    try:
        world.dns.records["_dmarc.acme.example"] = (said,)
        world.authenticator._lookup._cache.clear()
        yield
    finally:
        world.dns.records["_dmarc.acme.example"] = kept
        world.authenticator._lookup._cache.clear()


SIGNED = "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s={}; h=from; bh=YQ==; b=YQ==\r\n"
#: what stands above a forged mail so that nothing is found out about it
NOT_TOLD = {
    "a key at a name that nobody can ask for": SIGNED.format("a..b"),
    "a key at a name that is too long": SIGNED.format("x" * 64),
    "a key whose name servers say nothing": SIGNED.format("mute"),
    "a line that is no field": "no field\r\n",
    "a line that ends otherwise": "X-One: 1\n",
    "a second field that must stand once": "Subject: another\r\n",
}


@pytest.fixture
def mute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names whose servers say nothing."""
    spoken = world.dns._answer

    def answer(query: Message, name: str) -> Message:
        if name in ("mute._domainkey.acme.example", "_dmarc.mute.acme.example"):
            raise OSError("says nothing")
        return spoken(query, name)

    monkeypatch.setattr(world.dns, "_answer", answer)


@pytest.mark.usefixtures("mute")
@pytest.mark.parametrize("above", NOT_TOLD.values(), ids=NOT_TOLD)
def test_who_makes_sure_that_nothing_is_found_out_is_repeated_no_more(world: World, above: str) -> None:
    raw = above.encode() + mail("Your account is blocked, call 0123.\r\n", subject="Urgent blocked")
    assert b"blocked" not in _acknowledged(world, raw)


@pytest.mark.usefixtures("mute")
@pytest.mark.parametrize(("name", "repeated"), [("mute", False), ("loud", True)])
def test_what_a_domain_may_say_that_cannot_be_asked_now_is_repeated_no_more(
    world: World, name: str, repeated: bool
) -> None:
    """The domain above it disowns nothing."""
    with published(world, b"v=DMARC1; p=none"):
        before, sender = world.last_sent(), f"bob@{name}.acme.example"
        world.send(mail("The beamer flickers.\r\n", sender=sender, subject="Beamer"))
        (sent,) = world.sent_to(sender, before)
    assert (b"flickers" in sent) is repeated


@pytest.mark.usefixtures("mute")
@pytest.mark.parametrize("above", NOT_TOLD.values(), ids=NOT_TOLD)
def test_where_the_domain_disowns_nothing_words_are_repeated_as_before(world: World, above: str) -> None:
    with published(world, b"v=DMARC1; p=none"):
        raw = above.encode() + mail("The beamer is blocked by a box.\r\n", subject="Beamer")
        assert b"blocked" in _acknowledged(world, raw)


@pytest.mark.parametrize(("sub", "repeated"), [("reject", False), ("none", True)])
def test_what_a_domain_says_of_its_sub_domains_decides_for_them(
    world: World, sub: str, repeated: bool
) -> None:
    """sp= (RFC 9989, section 4.7): with p= of the other kind."""
    other = {"reject": "none", "none": "reject"}[sub]
    with published(world, f"v=DMARC1; p={other}; sp={sub}".encode()):
        before, sender = world.last_sent(), f"bob@{sub}.shop.acme.example"
        world.send(mail("The beamer flickers.\r\n", sender=sender, subject="Beamer"))
        (sent,) = world.sent_to(sender, before)
    assert (b"flickers" in sent) is repeated


def test_a_signed_mail_of_the_same_person_is_repeated_as_it_is(world: World) -> None:
    raw = mail("The printer burns, see https://acme.example/pictures now.\r\n", subject="Burning printer",
               more="MIME-Version: 1.0\r\nContent-Type: text/plain\r\n")  # fmt: skip
    sent = _acknowledged(world, sign(raw))
    assert b"Burning printer" in sent
    assert b"https://acme.example/pictures" in sent


def test_words_that_nobody_vouches_for_are_repeated_without_a_link(world: World) -> None:
    """The domain publishes no policy and signs nothing."""
    policy = world.dns.records.pop("_dmarc.globex.example", None)
    try:
        before = world.last_sent()
        raw = mail(
            f"See {LINK} and www.evil.example/x please.\r\n",
            sender="gina@globex.example",
            subject=f"Look {LINK}",
        )
        world.send(raw)
        (sent,) = world.sent_to("gina@globex.example", before)
    finally:
        if policy is not None:
            world.dns.records["_dmarc.globex.example"] = policy
    flat = sent.replace(b"=\r\n", b"").replace(b"=3D", b"=")
    assert LINK.encode() not in flat
    assert b"www.evil" not in flat


# ------------------------------------------------------------------------------------ a mail server


def bounce(message_id: str, address: str, more: str = "") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.acme.example\r\nTo: help@desk.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: {new_id()}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n{more}\r\n--b--\r\n"
    ).encode()


def _field(raw: bytes, name: str) -> str:
    return next(
        line for line in raw.decode("latin-1").split("\r\n") if line.startswith(f"{name}: ")
    ).partition(": ")[2]


def _bounced(world: World) -> bool:
    person = world.read(lambda tx: tx.contacts.find(ANNA))
    assert person is not None
    return person.bounced


def test_a_forged_bounce_mutes_nobody_and_a_genuine_one_does_until_they_write(world: World) -> None:
    before = world.last_sent()
    ordinary(world)
    (sent,) = world.sent_to(ANNA, before)
    message_id, mark = _field(sent, "Message-ID"), _field(sent, "X-Maild-Delivery")
    for more in ("", "X-Maild-Delivery: aaaaaaaaaaaaaaaa\r\n", "To: anna@acme.example\r\n"):
        world.send(bounce(message_id, ANNA, more), mail_from="")
        assert not _bounced(world), more
    world.send(bounce(message_id, ANNA, f"X-Maild-Delivery: {mark}\r\n"), mail_from="")
    assert _bounced(world)
    world.send(mail("The scanner is silent.\r\n", subject="Scanner"))
    assert not _bounced(world)


def test_the_mark_of_one_mail_says_nothing_of_another(world: World) -> None:
    before = world.last_sent()
    ordinary(world)
    ordinary(world)
    first, second = world.sent_to(ANNA, before)
    world.send(
        bounce(
            _field(first, "Message-ID"), ANNA, f"X-Maild-Delivery: {_field(second, 'X-Maild-Delivery')}\r\n"
        ),
        mail_from="",
    )
    assert not _bounced(world)
