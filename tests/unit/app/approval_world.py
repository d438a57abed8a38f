"""One ticket that waits for a written consent, its approver's signed answer, and what the desk would do, in short words:
nothing here parses, stores or sends anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from maild.app.approval_answer import answer
from maild.app.approval_candidate import Candidate, candidate
from maild.app.case import Case
from maild.consent.hiding import token_hash
from maild.consent.wanted import sha256
from maild.mail.keywords import default_keywords
from maild.model import (
    AddEntry,
    AddTokens,
    AuthResult,
    Change,
    CompanyFacts,
    ConsentFacts,
    DecideConsent,
    DecidedAct,
    LogConsent,
    Membership,
    OpenConsent,
    PersonFacts,
    Plan,
    Sender,
    SendNotice,
    Threading,
    TicketAct,
    TicketFacts,
    TokenFacts,
    UpdateTicket,
    Verdict,
)
from maild.settings import Agent, CalendarSettings, Settings
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import ConsentKind
from tests.unit.factory import NOW, envelope, facts, mail, ticket

NUMBER = 15789
ANNA, BOSS, VICE = "anna@acme.example", "boss@acme.example", "vice@acme.example"
TOKEN, OLDER = "b" * 26, "c" * 26
APPROVES = ("permission", "device", "quote", "cost")
HOUR = timedelta(hours=1)
SIGNED = ("from", "subject", "date", "in-reply-to", "references", "to", "cc", "content-type")
HEAD = (
    b"From: boss@acme.example\r\nTo: help@desk.example\r\nSubject: [#15789] x\r\nDate: x\r\n"
    b"In-Reply-To: <t>\r\nContent-Type: text/plain\r\n"
)
SETTINGS = Settings(
    agents={"kata": Agent("kata", "kata@desk.example", ("L1",), full_name="Kata Nagy")},
    calendars={"office": CalendarSettings("office")},
)
#: words that ask for what needs a consent, and settings by which they are found
GIVE, KEYED = "Please give Ben access to the payroll folder.", replace(SETTINGS, keywords=default_keywords())
JOINS = Threading(NUMBER, "in_reply_to", "join")


def id_of(token: str) -> str:
    """The Message-ID of the mail that asked with that token."""
    return f"<maild.{NUMBER}.{token}.{'a' * 16}@desk.example>"


def who(address: str, name: str, *roles: str, **fields: Any) -> PersonFacts:
    return PersonFacts(
        1,
        address,
        name,
        memberships=(Membership("acme", roles, APPROVES if roles else ()),),
        addresses=(address,),
        **fields,
    )


PEOPLE = {one.address: one for one in (
    who(ANNA, "Anna"), who(BOSS, "Boss Bela", "approver"), who(VICE, "Vice Vera", "approver"),
)}  # fmt: skip
COMPANY = CompanyFacts("acme", "Acme", ("acme.example",), "en", "standard", people=tuple(PEOPLE.values()))


def token(text: str = TOKEN, consent: int = 12, approver: str = BOSS, **fields: Any) -> TokenFacts:
    return TokenFacts(token_hash(text), consent, approver, id_of(text), NOW + timedelta(days=7), **fields)


def consent(number: int = 12, **fields: Any) -> ConsentFacts:
    values: dict[str, Any] = {
        "id": number, "ticket": NUMBER, "kind": ConsentKind.PERMISSION, "state": ConsentState.WAITING,
        "requested_at": NOW - HOUR, "expires_at": NOW + timedelta(days=7), "approvers": (BOSS,), "requester": ANNA,
        "request_sha256": sha256("Share"), "request_text": "Share", "require": "dmarc", "phase_before": Phase.RECEIVED,
    }  # fmt: skip
    return ConsentFacts(**values | fields)


def held(**fields: Any) -> TicketFacts:
    return ticket(NUMBER, **{"phase": Phase.AWAITING_APPROVAL, "kind": "permission", **fields})


def case(
    text: str = "Yes",
    *consents: ConsentFacts,
    sender: str = BOSS,
    tokens: tuple[TokenFacts, ...] | None = None,
    on: TicketFacts | None = None,
    auth: AuthResult | None = None,
    settings: Settings = SETTINGS,
    company: CompanyFacts = COMPANY,
    more: dict[str, Any] | None = None,
    people: dict[str, PersonFacts] = PEOPLE,
    shown: str | None = "",
    subject: str = f"Re: [#{NUMBER}] Printer",
    **fields: Any,
) -> Case:
    """A good answer of the boss, but for what is said. `fields`: of the mail; `more`: of the facts; `shown`: the
    name in its From field, None where no mailbox could be read."""
    consents = consents or (consent(),)
    on = on or held()
    person = people.get(sender)
    name = person.name if person else ""
    known = {one.token_hash: one for one in ((token(),) if tokens is None else tokens)}
    given = {"in_reply_to": (id_of(TOKEN),), "raw_headers": HEAD, "sha256": "5" * 64, **fields}
    made = mail(f"{shown or name} <{sender}>", subject, text, **given)
    return Case(
        made if shown is not None else replace(made, sender=None), envelope(sender),
        replace(
            facts(on), tokens=known, consents={one.id: one for one in consents}, people=people,
            companies={"acme": company}, **more or {},
        ),
        auth or AuthResult("dmarc-pass", "dkim", "acme.example", SIGNED, True), settings,
        Sender(sender, name, "contact", sender, "acme"), NOW, "help@desk.example",
    )  # fmt: skip


def decided(
    one: Case, verdict: Verdict | None = None, threading: Threading = JOINS, found: Candidate | None = None
) -> Plan | None:
    """What the desk does with an answer, or None where it is an ordinary mail."""
    found = found or candidate(one, threading, verdict)
    assert found is not None
    numbers = count(1)
    return answer(one, threading, verdict, found, lambda: f"{next(numbers):x<26}".translate(_LETTERS))


_LETTERS = str.maketrans("0189", "abcd")


def short(plan: Plan | None) -> list[str]:
    """A plan in words: acts, then changes of what a consent and its ticket are, then mails."""
    if plan is None:
        return []
    assert plan.decision is not None
    acts = [one.act.value for one in plan.decision.would if isinstance(one, TicketAct)]
    return [*acts, *short_of(plan.changes)]


def short_of(changes: Iterable[Change]) -> list[str]:
    return [*filter(None, map(_short, changes))]


def _short(change: Change) -> str:
    match change:
        case DecideConsent():
            spent = " by token" if change.spend_token else ""
            return f"C{change.consent_id} {change.state} {change.by}{spent}"
        case OpenConsent():
            return f"asks {change.kind} of {' '.join(change.approvers)} for {change.requester}"
        case LogConsent():
            return f"log {change.event}"
        case AddTokens():
            return (
                f"token of C{change.consent_id} for {' '.join(address for address, _ in change.token_hashes)}"
            )
        case SendNotice():
            return f"mail {change.notice.name} to {' '.join(box.address for box in change.notice.to)}"
        case UpdateTicket() if isinstance(change.change.phase, Phase):
            return f"phase {change.change.phase}"
        case AddEntry() if change.type == "mail":
            return f"entry {'public' if change.public else 'internal'}"
    return ""


# ------------------------------------------------------------------------------------- later mails

Done = tuple[list[Change], list[DecidedAct]]


def anna(text: str = "And the payroll, please.", *consents: Any, **fields: Any) -> Case:
    return case(text, *consents, **{"sender": ANNA, "tokens": (), "in_reply_to": (), **fields})


def of(one: Case) -> TicketFacts:
    return next(iter(one.facts.tickets.values()))


def told(done: Done) -> list[str]:
    changes, acts = done
    return [*(one.act.value for one in acts if isinstance(one, TicketAct)), *short_of(changes)]


def opened(changes: Iterable[Change]) -> OpenConsent:
    """The one consent that is asked for."""
    (one,) = (one for one in changes if isinstance(one, OpenConsent))
    return one


def paces(changes: Iterable[Change]) -> list[str]:
    return [one.notice.pace for one in changes if isinstance(one, SendNotice)]
