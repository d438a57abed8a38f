"""Mails to our own people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Self

from maild.notice import sampled
from maild.notice.content import Content, Reader, Say, mail
from maild.notice.values import File, NamedPerson
from maild.ticket.vocabulary import AlertKind
from maild.values import dataclass, replace

#: events of one ticket that one mail tells; of more the newest
MOST_EVENTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFact:
    """A sentence of ours in the reader's language: the phrase `told.CODE` of words.toml, and what it is filled with.
    Durations are whole minutes. `because`: the phrase `reason.CODE`, behind it."""

    code: str
    consent: str = ""  # C12
    kind: str = ""  # of a consent: the phrase `consent.kind.CODE`
    who: tuple[str, ...] = ()
    count: int = 0
    minutes: int = 0
    of_minutes: int = 0
    at: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One thing that happened. `text`: the new words of `who`, `left_out` lines of theirs aside; `facts`: what we say of
    it; `lines`: what was said beside it, as it was said; `unreached`: of a mail that could not be delivered, to whom."""

    kind: AlertKind
    at: datetime | None = None
    who: NamedPerson | None = None
    text: str = ""
    left_out: int = 0
    files: tuple[File, ...] = ()
    facts: tuple[ToldFact, ...] = ()
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


_AT = sampled.PROMISE.respond_by
#: (state, kind, facts): every sentence that an alert may hold
_SAMPLES: tuple[tuple[str, AlertKind, tuple[ToldFact, ...]], ...] = (
    ("deadline", AlertKind.DEADLINE, tuple(
        ToldFact(code=f"{when}_{what}", at=_AT)
        for what in ("respond", "resolve", "reply", "call_back") for when in ("due", "overdue")
    )),
    ("approval", AlertKind.CONSENT, (
        ToldFact(code="granted", consent="C12", kind="permission", who=("Nagy Béla",)),
        ToldFact(code="by_token"),
        ToldFact(code="refused", consent="C13", kind="device", who=("Nagy Béla",)),
        ToldFact(code="withdrawn", consent="C14", kind="quote", who=("Nagy Kata",)),
        ToldFact(code="expired", consent="C15", kind="cost", at=_AT),
        ToldFact(code="still_held", kind="permission"),
        ToldFact(code="no_approver", kind="permission"),
        ToldFact(code="asks_none", kind="device", who=("Nagy Kata",)),
        ToldFact(code="approvals_paced", who=("boss@acme.example",), count=60),
    )),
    ("approval_answers", AlertKind.CONSENT, (
        ToldFact(code="answer_refused", consent="C12", who=("anna@acme.example",), because="bound_approver"),
        ToldFact(code="answer_refused_nobody", consent="C12", because="strict_from"),
        ToldFact(code="written_quote", consent="C14", who=("anna@acme.example",)),
        ToldFact(code="written_cost", consent="C15", who=("anna@acme.example",)),
        ToldFact(code="unproven_words", consent="C12", who=("anna@acme.example",)),
        ToldFact(code="too_long", consent="C12", count=100_000),
    )),
    ("cost", AlertKind.CONSENT, (
        ToldFact(code="cost_near_told", minutes=75, of_minutes=90),
        ToldFact(code="cost_near_accepted", consent="C15", minutes=75, of_minutes=90),
        ToldFact(code="cost_over_told", minutes=105, of_minutes=90),
        ToldFact(code="cost_over_accepted", consent="C15", minutes=105, of_minutes=90),
    )),
    ("alarm", AlertKind.ALARM, (
        ToldFact(code="no_mail", minutes=270),
        ToldFact(code="mail_waits", minutes=20),
        ToldFact(code="outbox_waits", minutes=35),
        ToldFact(code="mailbox_gone", who=("support",), minutes=20),
        ToldFact(code="disk_fills", who=("desk1:/var/lib/maild",), count=1_800),
        ToldFact(code="credentials_end", who=("[[imap]] support",), at=_AT),
        ToldFact(code="credentials_ended", who=("[delivery]",), at=_AT),
    )),
    ("review", AlertKind.COMPLAINT, (ToldFact(code="review_wanted", who=("Nagy Kata",)),)),
    ("content", AlertKind.REPLY, (ToldFact(code="not_content", who=("anna@acme.example",)),)),
    ("not_accepted", AlertKind.NOT_ACCEPTED, (
        ToldFact(code="mail_not_proven", because="authenticated"),
        ToldFact(code="mail_not_proven", because="own_mail"),
        ToldFact(code="mail_wrong"),
        ToldFact(code="our_id", who=("x@evil.example",)),
        ToldFact(code="forward_unnamed"),
        ToldFact(code="forward_several", count=3),
        ToldFact(code="forward_no_customer", who=("kata@desk.example",)),
        ToldFact(code="forward_refused"),
        ToldFact(code="forward_not_proven", because="authenticated"),
        ToldFact(code="forward_needs_dmarc"),
    )),
)  # fmt: skip


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
            about=about, alert=AlertKind.NEW, events=(first,), phone="+36 1 555 0100", due=_AT, waiting_since=at,
            team="L1", commands=commands_for(owned=False), answerable=True,
        )  # fmt: skip
        yield "", made
        later = replace(first, kind=AlertKind.REPLY, left_out=0, files=())
        yield "several", replace(made, alert=AlertKind.URGENT, events=(first, later), owner="kata")
        for state, kind, facts in _SAMPLES:
            told = AlertEvent(kind=kind, at=at, facts=facts)
            yield state, replace(made, alert=kind, events=(told,))
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


def bundled(older: AgentAlert, newer: AgentAlert) -> AgentAlert:
    """One mail that tells what both tell; how the ticket stands is the newer's word."""
    events = _once((*older.events, *newer.events)[-MOST_EVENTS:])
    gravest = min((older.alert, newer.alert), key=_gravity)
    return replace(newer, alert=gravest, events=events)


def _once(events: tuple[AlertEvent, ...]) -> tuple[AlertEvent, ...]:
    """The events without lines that repeat what one of them shows as somebody's words."""
    shown = {" ".join(event.text.split()) for event in events if event.text.strip()}
    return tuple(
        replace(event, lines=tuple(line for line in event.lines if " ".join(line.split()) not in shown))
        for event in events
    )


def _gravity(alert: str) -> int:
    every = list(AlertKind)
    return every.index(AlertKind(alert)) if alert in set(AlertKind) else len(every)
