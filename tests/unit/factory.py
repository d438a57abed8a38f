"""Mails and facts by hand, for tests of guards, rules and decisions: nothing here parses anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from maild.model import (
    CompanyFacts,
    Envelope,
    Facts,
    KnownKey,
    Mail,
    Mailbox,
    Membership,
    PersonFacts,
    TicketFacts,
)
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import Severity, TicketKind

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HELP = "help@desk.example"


def box(text: str) -> Mailbox:
    """`Anna <anna@acme.example>` or a bare address."""
    name, _, address = text.rpartition("<")
    return Mailbox(address.strip("> "), name.strip())


def mail(
    sender: str | None = "Anna <anna@acme.example>",
    subject: str = "Printer",
    text: str = "The printer does not print.",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    **fields: Any,
) -> Mail:
    """A plain mail of a person; `headers` stand after the usual ones and also set nothing else."""
    more = list(headers.items()) if isinstance(headers, dict) else list(headers or ())
    froms = (box(sender),) if sender else ()
    content_type = fields.pop("content_type", "text/plain")
    shown = next((value for name, value in more if name.lower() == "content-type"), content_type)
    usual = [
        ("Received", "from mx.acme.example by mx.desk.example; Mon, 2 Nov 2026 10:30:00 +0100"),
        *([("From", sender)] if sender else []),
        ("To", HELP),
        ("Subject", subject),
        ("Date", "Mon, 2 Nov 2026 10:30:00 +0100"),
        ("Message-ID", fields.get("message_id", "<new@acme.example>")),
        ("MIME-Version", "1.0"),
        *(
            []
            if any(name.lower() == "content-type" for name, _ in more)
            else [("Content-Type", content_type)]
        ),
    ]
    values: dict[str, Any] = {
        "sha256": "0" * 64,
        "size": 1000,
        "headers": tuple((name, value or "") for name, value in (*usual, *more)),
        "raw_headers": b"",
        "message_id": "<new@acme.example>",
        "in_reply_to": (),
        "references": (),
        "thread_index": None,
        "froms": froms,
        "sender": froms[0] if froms else None,
        "sender_defect": None,
        "to": (Mailbox(HELP),),
        "cc": (),
        "reply_to": (),
        "subject": subject,
        "date": NOW,
        "text": text,
        "new_text": text,
        "elided": "",
        "new_text_confidence": 1.0,
        "language": "en",
        "attachments": (),
        "fingerprint": "f" * 64,
        "content_type": shown.partition(";")[0].strip().lower(),
        "visible_new_text": text,
    }
    return Mail(**{**values, **fields})


def envelope(mail_from: str | None = "anna@acme.example", **fields: Any) -> Envelope:
    return Envelope(
        **{"source": "smtp", "received_at": NOW, "mail_from": mail_from, "rcpt_to": (HELP,), **fields}
    )


def ticket(number: int = 15789, **fields: Any) -> TicketFacts:
    """An open ticket of acme, requested by Anna."""
    values: dict[str, Any] = {
        "subject": "Printer",
        "company": "acme",
        "requester": "anna@acme.example",
        "requester_name": "Anna",
        "kind": TicketKind.INCIDENT,
        "severity": Severity.USER,
        "team": "L1",
        "owner": "",
        "phase": Phase.RECEIVED,
        "language": "en",
        "created_at": NOW,
        "root_message_id": f"<maild.{number}.root@desk.example>",
    }
    return TicketFacts(number=number, **{**values, **fields})


def person(address: str, *companies: str, **fields: Any) -> PersonFacts:
    memberships = tuple(Membership(company) for company in companies)
    return PersonFacts(
        **{"contact_id": 1, "address": address, "name": "", "memberships": memberships, **fields}
    )


def facts(*tickets: TicketFacts, known: tuple[KnownKey, ...] = (), **fields: Any) -> Facts:
    """Facts of a desk with acme and globex, their people, and the given tickets and ids."""
    people = {
        "anna@acme.example": person("anna@acme.example", "acme", name="Kovács Anna"),
        "bela@acme.example": person("bela@acme.example", "acme"),
        "carl@globex.example": person("carl@globex.example", "globex"),
    }
    values: dict[str, Any] = {
        "tickets": {found.number: found for found in tickets},
        "known": {one.key: tuple(k for k in known if k.key == one.key) for one in known},
        "people": people,
        "companies": {"acme": CompanyFacts("acme", "Acme Kft."), "globex": CompanyFacts("globex", "Globex")},
    }
    return Facts(**{**values, **fields})
