"""Mails to our own people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from maild.notice import sampled
from maild.notice.content import Content, Reader, Say, mail
from maild.notice.values import File, NamedPerson
from maild.ticket.vocabulary import AlertKind

#: events of one ticket that one mail tells; of more the newest
MOST_EVENTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One thing that happened. `text`: the new words of `who`, `left_out` lines of theirs aside; `lines`: ours;
    `unreached`: of a mail that could not be delivered, to whom."""

    kind: AlertKind
    at: datetime | None = None
    who: NamedPerson | None = None
    text: str = ""
    left_out: int = 0
    files: tuple[File, ...] = ()
    lines: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """One ticket, or one mail, of a digest: what to type for it, and what it is."""

    command: str
    what: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    """`code`: the phrase `digest.CODE` of words.toml. `more`: rows that are not listed."""

    code: str
    rows: tuple[DigestRow, ...] = ()
    more: int = 0


@mail(
    "agent_alert", to=Reader.AGENT, when="something needs an agent", first="what it is about",
    todo="type one of the commands, or answer the mail", never="an approval's token",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAlert(Content):
    alert: str  # code, words.toml [alert]
    events: tuple[AlertEvent, ...] = ()  # the oldest first
    groups: tuple[DigestGroup, ...] = ()
    phone: str = ""
    due: datetime | None = None
    waiting_since: datetime | None = None
    owner: str = ""
    team: str = ""
    commands: tuple[str, ...] = ()  # N in them is the ticket
    answerable: bool = False  # an answer to it goes to the customer

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        about = sampled.about(say)
        at = about.at
        first = AlertEvent(
            kind=AlertKind.NEW,
            at=at,
            who=about.requester,
            text=say("sample.wrote"),
            left_out=7,
            files=(File(name="screenshot.png", size=60_213),),
        )
        made = cls(
            about=about, alert=AlertKind.NEW, events=(first,), phone="+36 1 555 0100", due=at, waiting_since=at,
            team="L1", commands=commands_for(owned=False), answerable=True,
        )  # fmt: skip
        yield "", made
        later = replace(first, kind=AlertKind.REPLY, left_out=0, files=())
        yield "several", replace(made, alert=AlertKind.URGENT, events=(first, later), owner="kata")
        told = AlertEvent(kind=AlertKind.DEADLINE, at=at, lines=(say("sample.reason"),))
        yield "deadline", replace(made, alert=AlertKind.DEADLINE, events=(told,))
        lost = AlertEvent(kind=AlertKind.BOUNCE, at=at, unreached=("anna@acme.example",))
        yield "bounce", replace(made, alert=AlertKind.BOUNCE, events=(lost,))
        rows = (DigestRow(command="maild show 15789", what=about.subject, due=at),)
        groups = tuple(DigestGroup(code=code, rows=rows) for code in DIGEST)
        yield "digest", cls(about=replace(about, subject=""), alert=AlertKind.DIGEST, groups=groups)


#: the groups of a digest, in their order
DIGEST = ("overdue", "today", "waiting", "unassigned", "held", "quarantined", "failed")


def commands_for(*, owned: bool) -> tuple[str, ...]:
    """What to type for a ticket; N stands for its number, which a new one gets when it is stored."""
    take = () if owned else ("maild take N",)
    return ("maild show N", *take, "maild reply N", "maild done N 20m -m TEXT")


def gathered(older: AgentAlert, newer: AgentAlert) -> AgentAlert:
    """One mail that tells what both tell; how the ticket stands is the newer's word."""
    events = (*older.events, *newer.events)[-MOST_EVENTS:]
    gravest = min((older.alert, newer.alert), key=_gravity)
    return replace(newer, alert=gravest, events=events)


def _gravity(alert: str) -> int:
    every = list(AlertKind)
    return every.index(AlertKind(alert)) if alert in set(AlertKind) else len(every)
