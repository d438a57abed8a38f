"""What a threading rule may look at: the mail and the facts that one look-up fetched for it. All frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from maild.model import Facts, IdFact, Mail, Match
from maild.settings import ThreadingSettings

#: as many ids as the look-up asked for: the rest of a long References field is not known anyway
MAX_IDS = 60


def _unsigned(_text: str) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class ThreadView:
    """`verify` and `verify_address` give the ticket number of a Message-ID or reply address that carries our
    signature, else None; `claimed` the number in an id of maild's shape, whoever made it. `recipients`: the
    envelope's (RCPT TO), normalised."""

    mail: Mail
    facts: Facts
    settings: ThreadingSettings = field(default_factory=ThreadingSettings)
    verify: Callable[[str], int | None] = _unsigned
    verify_address: Callable[[str], int | None] = _unsigned
    claimed: Callable[[str], int | None] = _unsigned
    recipients: tuple[str, ...] = ()

    def exists(self, number: int) -> bool:
        """Is there such a ticket at this desk?"""
        return number in self.facts.tickets

    def known(self, message_id: str) -> IdFact | None:
        """What we know of an id, when it belongs to a ticket."""
        fact = self.facts.ids.get(message_id)
        return fact if fact is not None and fact.ticket and self.exists(fact.ticket) else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the order table. `check` never raises and never looks at the sender."""

    name: str
    description: str
    example: str
    check: Callable[[ThreadView], Match]


def by_id(rule: str, fact: IdFact, field_name: str) -> Match:
    """The match for a known Message-ID. Our own ids are the strong evidence of SPEC's first row."""
    assert fact.ticket is not None
    ours = fact.origin in ("root", "out")
    whose = {"root": "our thread root", "out": "our mail", "in": "a mail of the ticket"}.get(
        fact.origin, "a mail that the ticket still waits for"
    )
    because = f"{field_name}: {fact.message_id} is {whose}"
    return Match(rule, fact.ticket, because, "token" if ours else "message_id")
