"""Mails, plans and a signer for the store's tests."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from maild.model import (
    NEW,
    ActKind,
    AddEntry,
    AddParticipant,
    Change,
    Decision,
    Envelope,
    Mail,
    Mailbox,
    Notice,
    OpenConsent,
    OpenTicket,
    OutageFacts,
    Plan,
    Reason,
    Sender,
    SendNotice,
    Threading,
    TicketAct,
    TicketFacts,
)
from maild.store import Applied, Store, Tx

NOW = datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=5)
ANNA = Mailbox("anna@acme.example", "Kovács Anna")
BOSS = Mailbox("boss@acme.example", "Nagy Béla")
RAW = b"From: anna@acme.example\r\nSubject: Printer\r\n\r\nIt burns.\r\n"

T = TypeVar("T")
_numbers = itertools.count(1)


class Signer:
    """Ids that a reader of a failing test understands."""

    def root_id(self, number: int) -> str:
        return f"<maild.{number}.root@desk.example>"

    def message_id(self, number: int, nonce: str) -> str:
        return f"<maild.{number}.{nonce}@desk.example>"


SIGNER = Signer()


def nonces() -> str:
    return f"n{next(_numbers)}"


def mail(message_id: str | None = "<1@acme.example>", **more: Any) -> Mail:
    """A small parsed mail."""
    fields: dict[str, Any] = {
        "sha256": "", "size": len(RAW), "headers": (), "raw_headers": b"", "message_id": message_id,
        "in_reply_to": (), "references": (), "thread_index": None, "froms": (ANNA,), "sender": ANNA,
        "sender_defect": None, "to": (), "cc": (), "reply_to": (), "subject": "Printer", "date": NOW,
        "text": "It burns.", "new_text": "It burns.", "elided": "", "new_text_confidence": 1.0, "language": "en",
        "attachments": (), "fingerprint": f"fp {message_id}", "content_type": "text/plain",
    }  # fmt: skip
    return Mail(**(fields | more))


def opening(**more: Any) -> OpenTicket:
    fields: dict[str, Any] = {
        "number": NEW, "subject": "Printer", "company": "acme", "requester": ANNA.address, "requester_name": ANNA.name,
        "kind": "incident", "severity": "user", "team": "L1", "owner": "", "phase": "received", "language": "en",
        "created_at": NOW, "root_message_id": "",
    }  # fmt: skip
    return OpenTicket(TicketFacts(**(fields | more)))


def entry(ticket: int = NEW, text: str = "It burns.", **more: Any) -> AddEntry:
    fields: dict[str, Any] = {"type": "mail", "author": ANNA.address, "channel": "mail", "public": True}
    return AddEntry(ticket=ticket, text=text, **(fields | more))


def notice(ticket: int = NEW, name: str = "received", **more: Any) -> SendNotice:
    fields: dict[str, Any] = {"to": (ANNA,), "language": "hu", "data": {"subject": "Printer"}}
    return SendNotice(Notice(name, ticket, **(fields | more)))


def consent(ticket: int = NEW, tokens: tuple[tuple[str, str], ...] = (), **more: Any) -> OpenConsent:
    fields: dict[str, Any] = {
        "kind": "permission", "approvers": (BOSS.address,), "requester": ANNA.address, "request_text": "write access",
        "request_sha256": sha256(b"write access").hexdigest(), "require": "dmarc", "expires_at": NOW + 24 * HOUR,
        "phase_before": "received", "token_hashes": tokens,
    }  # fmt: skip
    return OpenConsent(ticket=ticket, **(fields | more))


def decision(kind: str = "request") -> Decision:
    return Decision(
        kind,  # type: ignore[arg-type]
        (Reason("request", "nothing spoke against it"),),
        Sender(ANNA.address, ANNA.name, "contact", ANNA.address, "acme"),
        Threading(None, None, "new"),
        would=(TicketAct(ActKind.OPEN, None),),
    )


def plan(*changes: Change, **more: Any) -> Plan:
    """A new ticket with one entry, unless other changes are given."""
    given = changes or (
        opening(),
        entry(from_mail=True),
        AddParticipant(NEW, ANNA.address, ANNA.name, "from"),
    )
    return Plan(changes=given, **more)


def accept(store: Store, raw: bytes = RAW, source_key: str | None = None, source: str = "smtp") -> int:
    envelope = Envelope(
        source, NOW, "anna@acme.example", ("help@desk.example",), "10.0.0.5", "Received: x\r\n"
    )
    with store.write() as tx:
        return tx.inbound.accept(envelope, raw, source_key, sha256(raw).hexdigest())


def apply(store: Store, made: Plan, now: datetime = NOW, **more: Any) -> Applied:
    with store.write() as tx:
        return tx.apply(made, now=now, signer=SIGNER, nonces=nonces, **more)


def ask(store: Store, question: Callable[[Tx], T]) -> T:
    """Read in a transaction of its own."""
    with store.read() as tx:
        return question(tx)


def new_ticket(store: Store, *more: Change, **fields: Any) -> int:
    """The number of a fresh ticket."""
    made = apply(store, plan(opening(**fields), entry(), *more))
    assert made.ticket is not None
    return made.ticket


def open_outage(
    tx: Tx,
    title: str,
    companies: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    eta: datetime | None = None,
) -> int:
    """A known disturbance; its id."""
    made = OutageFacts(tx.outages.next_id(), title, companies, words, eta, NOW)
    tx.outages.open(made, NOW, "kata")
    return made.id
