# ruff: noqa: E501  (header lines stand here as they are)
"""The honest ones are granted in the same desk that holds the attacks."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import pytest

from tests.consent.attacks import GOOGLE, HTML, MICROSOFT, OURS, now, put_on_top
from tests.consent.keys import GOOD, sign, strangers
from tests.consent.world import Asked, World
from tests.harness.mails import new_id
from tests.shapes import shapes, ticket_whole

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

FROM_ACME = "Received: from mail.acme.example (mail.acme.example. [192.0.2.1]) by {} with ESMTPS; Mon, 2 Nov 2026 09:30:00 +0100"
#: a signature of theirs that we could not verify ourselves (its key is gone by now): the source's word decides
GONE: dict[str, Any] = {"selector": "gone", "fields": GOOD}

HONEST: dict[str, tuple[str, Callable[[World, Asked], bytes]]] = {
    "own_signature": ("smtp", lambda w, a: sign(a.reply())),
    "own_signature_beside_that_of_their_mail_host": (
        "smtp",
        lambda w, a: sign(sign(a.reply()), "evil.example", key=strangers()),
    ),
    "a_signature_that_covers_too_little_beside_one_that_covers_all": (
        "smtp",
        lambda w, a: sign(sign(a.reply()), fields=("from", "subject")),
    ),
    "simple_canonicalisation": ("smtp", lambda w, a: sign(a.reply(), canonical=(b"simple", b"simple"))),
    "above_the_quoted_mail": (
        "smtp",
        lambda w, a: sign(a.reply("Approved, thanks\r\nBela\r\n\r\nOn Monday Example Help Desk wrote:\r\n> Please decide\r\n")),
    ),
    "in_hungarian": ("smtp", lambda w, a: sign(a.reply("Jóváhagyom.\r\n\r\nÜdv,\r\nBéla\r\n"))),
    "in_html": ("smtp", lambda w, a: sign(a.reply("<div>Approved</div><div>Bela</div>\r\n", more=HTML))),
    "the_token_in_the_signed_body_alone": (
        "smtp",
        lambda w, a: sign(a.reply(f"Yes\r\n\r\n> Reference for our system:\r\n> maild-{a.token}\r\n", parent="")),
    ),
    "to_a_colleague_with_the_desk_in_a_signed_cc": (
        "smtp",
        lambda w, a: sign(
            a.reply(to=a.requester, more="Cc: Help Desk <help@desk.example>, x@y.example\r\n"), fields=(*GOOD, "cc")
        ),
    ),
    "to_several_with_comments_and_commas": (
        "smtp",
        lambda w, a: sign(a.reply(to='"Kovacs, Anna" <anna@acme.example>,\r\n (our desk) Help <HELP@Desk.Example>')),
    ),
    "to_the_reply_address_with_the_token": (
        "smtp",
        lambda w, a: sign(a.reply(to=f"help+{a.token}@desk.example", parent="")),
    ),
    "to_a_plus_address_of_the_desk": ("smtp", lambda w, a: sign(a.reply(to="help+it@desk.example"))),
    "several_records_at_the_name_of_the_key": ("smtp", lambda w, a: sign(a.reply(), selector="two")),
    "googles_word": (
        "imap:gmail",
        lambda w, a: put_on_top(
            sign(a.reply(), **GONE), "Delivered-To: help@desk.example",
            "Received: by 2002:a05:6a10:1234:0:0:0:0 with SMTP id x1csp1; Mon, 2 Nov 2026 00:30:01 -0800 (PST)",
            "X-Received: by 2002:a17:906:1:0:0:0:0 with SMTP id y; Mon, 2 Nov 2026 00:30:01 -0800 (PST)",
            "ARC-Seal: i=1; a=rsa-sha256; d=google.com; s=arc; b=x",
            "ARC-Authentication-Results: i=1; mx.google.com; dkim=fail; dmarc=fail",
            "Return-Path: <boss@acme.example>", FROM_ACME.format("mx.google.com"),
            "Received-SPF: pass (google.com: domain of boss@acme.example designates 192.0.2.1 as permitted sender)",
            GOOGLE.replace("s1", "gone").replace("dkim=pass", "dkim=pass (2048-bit key; unprotected)"),
        ),
    ),
    "microsofts_word": (
        "imap:m365",
        lambda w, a: put_on_top(
            sign(a.reply(), **GONE),
            "Received: from AM0PR04MB1.eurprd04.prod.outlook.com (2603:10a6:208::1) by DB8PR04MB2.eurprd04.prod.outlook.com with HTTPS",
            "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.example; dkim=pass (signature was"
            " verified) header.d=acme.example;dmarc=pass action=none header.from=acme.example;compauth=pass reason=100",
            "Received-SPF: Pass (protection.outlook.com: domain of acme.example designates 192.0.2.1 as permitted sender)",
            FROM_ACME.format("AM5EUR02FT017.mail.protection.outlook.com"), MICROSOFT.replace("pass", "fail"),
        ),
    ),
    "a_trusted_relays_word": (
        "relay",
        lambda w, a: put_on_top(sign(a.reply(), **GONE), OURS, FROM_ACME.format("mx.desk.example")),
    ),
    "a_trusted_relays_word_that_names_the_signature": (
        "relay",
        lambda w, a: _named(sign(a.reply(), **GONE)),
    ),
}  # fmt: skip


def _named(signed: bytes) -> bytes:
    """As OpenDKIM writes it (RFC 6008), beside a signature that somebody else's b= begins otherwise."""
    found = re.search(rb"\bb=([A-Za-z0-9+/]{8})", signed)
    assert found
    line = f"{OURS.replace('header.d=acme.example', '')} ".replace(
        "dkim=pass", f'dkim=pass (2048-bit key) header.d=acme.example header.b="{found[1].decode()}"'
    )
    return put_on_top(signed, line, FROM_ACME.format("mx.desk.example"))


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_answer_is_granted(world: World, name: str) -> None:
    via, make = HONEST[name]
    asked = world.ask()
    row = world.send(make(world, asked), via=via)
    assert [c for c in row["decision"]["checks"] if not c["ok"]] == []
    assert row["decision"]["would"][0]["act"] == "grant"
    assert world.phase(asked.number) == "received"
    consent = world.read(lambda tx: tx.consents.get(asked.consent))
    assert (consent.state, consent.decided_by) == ("granted", asked.approver)
    assert world.read(lambda tx: tx.consents.verify()).ok
    result = world.wait(lambda: world.mail_to(asked.number, asked.requester, "approval_result"))
    assert asked.token.encode() not in result


def test_a_parent_domain_may_sign_for_an_approver_of_a_subdomain(world: World) -> None:
    asked = world.ask(approver="chief@mail.acme.example")
    world.send(sign(asked.reply()))
    assert world.read(lambda tx: tx.consents.get(asked.consent)).decided_by == "chief@mail.acme.example"


def test_a_no_rejects_the_ticket(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply("No.\r\n")))
    assert world.phase(asked.number) == "rejected"
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "refused"


def test_the_token_alone_is_enough_where_the_company_says_so(world: World) -> None:
    asked = world.ask("tok")
    world.send(asked.reply())
    assert world.phase(asked.number) == "received"
    entries = world.read(lambda tx: ticket_whole(tx, asked.number)["entries"])
    assert entries[-1]["text"].endswith("by the one-time token alone")


def test_where_the_token_is_enough_neither_date_nor_tag_nor_signature_is_asked_for(world: World) -> None:
    asked = world.ask("tok")
    raw = re.sub(rb"Date: [^\r]*\r\n", b"", asked.reply(subject="Re: your question"))
    row = world.send(raw)
    names = [c["name"] for c in row["decision"]["checks"]]
    assert not {
        "authenticated",
        "fields_covered",
        "subject_tag",
        "date_after_request",
        "date_near_reception",
    } & {*names}
    assert world.phase(asked.number) == "received"


def test_a_replayed_approval_decides_nothing_more(world: World) -> None:
    """The same bytes are one mail; with another Message-ID they meet a token that is spent."""
    asked = world.ask()
    fields = [f for f in GOOD if f != "message-id"]
    signed = sign(asked.reply(message_id="<once@acme.example>"), fields=fields)
    world.send(signed)
    assert world.phase(asked.number) == "received"
    assert world.send(signed)["state"] == "duplicate"
    again = world.send(signed.replace(b"<once@acme.example>", b"<twice@acme.example>"))
    failed = [c["name"] for c in again["decision"]["checks"] if not c["ok"]]
    assert failed == ["token_unspent"]
    events = [e["event"] for e in world.read(lambda tx: shapes(tx.consents.log(asked.consent)))]
    assert events == ["asked", "granted", "not_accepted"]


def test_an_old_approval_decides_no_later_request(world: World) -> None:
    first = world.ask()
    signed = sign(first.reply())
    world.send(signed)
    second = world.ask()
    stolen = signed.replace(f"[#{first.number}]".encode(), f"[#{second.number}]".encode())
    row = world.send(put_on_top(stolen, f"X-Any: {new_id()}"))
    assert world.phase(second.number) == "awaiting_approval"
    assert row["decision"]["would"][0]["act"] != "grant"


def test_an_unclear_answer_is_asked_once_more_and_the_reply_to_that_mail_counts(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply("Approved?\r\n")))
    again = world.asked(asked.number, asked.consent, asked.requester, asked.approver, "approval_unclear")
    assert again.token != asked.token
    world.send(sign(again.reply("Still thinking\r\n")))
    rows = world.outbound_since(0)
    unclear = [r for r in rows if r["ticket"] == asked.number and r["notice"] == "approval_unclear"]
    assert len(unclear) == 1
    world.send(sign(again.reply("Yes\r\n")))
    assert world.phase(asked.number) == "received"


def test_an_unverified_request_of_an_approver_is_confirmed_by_them_first(world: World) -> None:
    words = "Please grant write access to the payroll for me."
    raw = (
        f"From: boss@acme.example\r\nTo: help@desk.example\r\nSubject: Share\r\nDate: {format_datetime(now())}\r\n"
        f"Message-ID: {new_id()}\r\n\r\n{words}\r\n"
    ).encode()
    number = world.send(raw)["ticket"]
    confirm = world.read(lambda tx: tx.consents.waiting(number))
    assert confirm is not None
    assert (confirm.kind, confirm.approvers) == ("confirm", ("boss@acme.example",))
    mine = world.asked(number, confirm.id, "boss@acme.example", "boss@acme.example", "approval_confirm")
    world.send(sign(mine.reply("Yes\r\n")))
    assert world.phase(number) == "awaiting_approval"
    now_asked = world.read(lambda tx: tx.consents.waiting(number))
    assert now_asked is not None
    assert now_asked.kind == "permission"
    assert "boss@acme.example" not in now_asked.approvers
    vice = world.asked(number, now_asked.id, "boss@acme.example", "vice@acme.example", "approval_request")
    world.send(sign(vice.reply()))
    assert world.phase(number) == "received"


def test_a_signed_request_of_an_approver_is_asked_of_the_others_at_once(world: World) -> None:
    raw = (
        f"From: boss@acme.example\r\nTo: help@desk.example\r\nSubject: Share\r\nDate: {format_datetime(now())}\r\n"
        f"Message-ID: {new_id()}\r\n\r\nPlease grant write access to the payroll for me.\r\n"
    ).encode()
    number = world.send(sign(raw))["ticket"]
    consent = world.read(lambda tx: tx.consents.waiting(number))
    assert consent is not None
    assert consent.kind == "permission"
    assert "boss@acme.example" not in consent.approvers


def test_answer_whose_signature_a_gateway_broke_counts_when_its_whole_copy_comes(world: World) -> None:
    asked = world.ask()
    whole = sign(asked.reply())
    changed = whole.replace(b"Subject: Re:", b"Subject: [EXTERN] Re:").replace(
        b"Yes, approved.", b"Yes, approved.\r\n\r\n-- \r\nscanned"
    )
    first = world.send(changed, mail_from=asked.approver)
    assert first["state"] == "done"
    assert world.phase(asked.number) == "awaiting_approval"
    second = world.send(whole, mail_from=asked.approver)
    assert second["decision"]["would"][0]["act"] == "grant"
    assert world.phase(asked.number) == "received"


def test_copy_of_an_answer_that_counted_is_a_duplicate_and_nobody_is_answered(world: World) -> None:
    asked = world.ask()
    whole = sign(asked.reply())
    world.send(whole, mail_from=asked.approver)
    assert world.phase(asked.number) == "received"
    sent = world.last_sent()
    copy = world.send(whole.replace(b"Subject: Re:", b"Subject: [EXTERN] Re:"), mail_from=asked.approver)
    assert (copy["state"], copy["ticket"], copy["duplicate_of"]) == (
        "duplicate",
        asked.number,
        copy["id"] - 1,
    )
    assert world.outbound_since(sent) == []


def test_forged_copy_of_an_answer_grants_nothing_before_or_after_it(world: World) -> None:
    asked = world.ask()
    no = sign(asked.reply("No, refused.\r\n"))
    forged = no.replace(b"No, refused.", b"Yes, approved.")
    world.send(forged, mail_from=asked.approver)
    assert world.phase(asked.number) == "awaiting_approval"
    world.send(no, mail_from=asked.approver)
    assert world.phase(asked.number) == "rejected"
    assert world.send(forged + b"\r\nonce more", mail_from=asked.approver)["state"] == "duplicate"
    assert world.phase(asked.number) == "rejected"
