"""What a threading rule asks for and may look at: the mail and the facts that one look-up fetched for it. All frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

from maild.model import Facts, KnownKey, Mail, Match
from maild.settings import ThreadingSettings
from maild.values import dataclass

#: A References field may hold thousands of ids. The nearest decide, the oldest is the thread's root.
MAX_IDS = 60

#: our own ids before those of mails that came, and these before ids that nobody has seen yet
_NEARNESS = {"root": 0, "out": 0, "in": 1, "kept": 1, "awaited": 2}


@dataclass(frozen=True, slots=True)
class RuleKeys:
    """What a rule wants to know of one mail; the look-up fetches all rules' wishes at once.

    `ids`: Message-IDs with angle brackets. `numbers`: of tickets that may exist. `keys`: what only this rule
    understands, as `kind:value`; `keeps` says which of them the ticket is found by again.
    """

    ids: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


#: what a rule asks for that finds nothing in the mail
NO_KEYS = RuleKeys()


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule's keys by which the ticket that a mail lands on is known from now on.

    `mine` are this mail's own and mean the ticket for everybody. `awaited` are those of mails that it answers:
    where nobody has seen such a mail, they mean the ticket for this mail's sender alone.
    """

    mine: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()


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

    def known(self, key: str) -> tuple[KnownKey, ...]:
        """What tickets a Message-ID or a rule's own key means, nearest first: several may know the same one."""
        facts = self.facts.known.get(key, ())
        there = [one for one in facts if one.ticket and self.exists(one.ticket)]
        if len(there) > 1:
            there.sort(key=lambda one: (_NEARNESS[one.origin], -(one.ticket or 0)))
        return tuple(there)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the order table.

    `asks(mail, settings, recipients)` says what to look up. `check(view)` gives every ticket that the evidence
    points to, nearest first, or one Match without a ticket that says why there is none; it never raises and
    never looks at the sender. `keeps(mail)`: keys by which the mail's ticket is known from now on; None where ids
    and numbers, which are kept anyway, are enough. `example` and
    `counter_example` are header lines of a mail that finds ticket 15789 and of its nearest neighbour that must not (`SIG`
    stands for our signature): tests run both. `on`: whether it runs where `[threading] rules` does not name
    the rules.
    """

    name: str
    description: str
    example: str
    counter_example: str
    asks: Callable[[Mail, ThreadingSettings, tuple[str, ...]], RuleKeys]
    check: Callable[[ThreadView], tuple[Match, ...]]
    keeps: Callable[[Mail], Kept] | None = None
    on: bool = True


def by_id(rule: str, fact: KnownKey, field_name: str) -> Match:
    """The match for a known Message-ID. Our own ids are the strong evidence of the table's first row."""
    assert fact.ticket is not None
    if fact.origin == "awaited":
        because = (
            f"{field_name}: {fact.key} is a mail that nobody has seen, named by {fact.sender or 'a mail'}"
        )
        return Match(rule, fact.ticket, because, "awaited", fact.sender)
    whose = {"root": "our thread root", "out": "our mail"}.get(fact.origin, "a mail of the ticket")
    because = f"{field_name}: {fact.key} is {whose}"
    return Match(rule, fact.ticket, because, "token" if fact.origin in ("root", "out") else "message_id")


def each_once(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Every ticket once for each strength, at its nearest place."""
    kept: dict[tuple[int | None, str, str], Match] = {}
    for match in matches:
        kept.setdefault((match.ticket, match.strength, match.awaited_by), match)
    return tuple(kept.values())
