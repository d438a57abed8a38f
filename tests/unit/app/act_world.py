"""A ticket of acme, an agent who acts on it, the people of two companies, and what a plan does, in short words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.app.acts import ActContext
from maild.errors import Refused
from maild.mail.keywords import default_keywords
from maild.model import (
    AddEntry,
    Change,
    CompanyFacts,
    ConsentFacts,
    EntryFacts,
    Membership,
    OpenTicket,
    PersonFacts,
    TicketFacts,
)
from maild.settings import Agent, CalendarSettings, ServiceLevel, Settings, Team
from maild.ticket import clocks
from maild.ticket.entries import NOTHING, Details, MailDetails
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange, TicketState
from maild.ticket.vocabulary import EntryType, Severity, TicketKind
from tests.unit.factory import NOW, ticket
from tests.unit.ticket.promised import promise

ANNA, BELA, BOSS = "anna@acme.example", "bela@acme.example", "boss@acme.example"
GINA, CARL = "gina@globex.example", "carl@globex.example"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALL = ("permission", "device", "quote", "cost")
#: hours without end, so that a promise of an hour ends an hour later
SETTINGS = Settings(
    agents={
        "kata": Agent("kata", "kata@desk.example", ("L1",), full_name="Kata Nagy"),
        "lea": Agent("lea", "lea@desk.example", ("L1", "complaints"), full_name="Lea Kis"),
    },
    teams={"L1": Team("L1", lead="lea")},
    calendars={"office": CalendarSettings("office", timezone="UTC", week=(((0, 1440),),) * 7)},
    service_levels={"standard": ServiceLevel("standard", {"user": 8, "system": 4}, {"user": 16}, warn_percent=75)},
    keywords=default_keywords(),
)  # fmt: skip


def person(address: str, company: str, *roles: str, **fields: Any) -> PersonFacts:
    name = address.partition("@")[0].title()
    place = Membership(company, roles, ALL if "approver" in roles else ())
    return PersonFacts(1, address, name, memberships=(place,), addresses=(address,), **fields)


ACME = CompanyFacts(
    "acme", "Acme", ("acme.example",), "en", "standard", people=(person(BOSS, "acme", "approver"),)
)
GLOBEX = CompanyFacts(
    "globex", "Globex", ("globex.example",), "en", "standard", people=(person(GINA, "globex", "approver"),)
)
PEOPLE = {one.address: one for one in (person(ANNA, "acme"), person(BELA, "acme"), person(CARL, "globex"))}


def act(*consents: ConsentFacts, at: Any = NOW, **fields: Any) -> ActContext:
    """Kata, on a ticket of acme with these consents."""
    return ActContext(SETTINGS, at, **{"agent": "kata", "company": ACME, "consents": consents, **fields})


def entry(
    id: int,
    author: str = ANNA,
    text: str = "It jams.",
    type: EntryType = EntryType.MAIL,
    details: Details | None = None,
    **fields: Any,
) -> EntryFacts:
    said = details if details is not None else MailDetails() if type is EntryType.MAIL else NOTHING
    at = fields.pop("at", NOW - HOUR + id * MINUTE)
    return EntryFacts(id, at, type, author, "email", text, True, said, **fields)


def asking(id: int, author: str = ANNA, text: str = "Please give me access.", **fields: Any) -> EntryFacts:
    """A mail that asks for what needs a consent."""
    return entry(
        id,
        author,
        text,
        details=MailDetails(author_name=author.title(), asks=TicketKind.PERMISSION, **fields),
    )


def promised(
    company: CompanyFacts | None = ACME, received: Any = NOW, number: int = 15789, **fields: Any
) -> TicketFacts:
    """A ticket with the clock that the company's contract gives."""
    plain = ticket(number, **{"created_at": received, "severity": Severity.USER, **fields})
    made = promise(company, Severity.USER, "", received, SETTINGS)
    return plain.after(clocks.at_start(plain, made, SETTINGS, company).change)


def asks(on: TicketFacts, kind: TicketKind | None = TicketKind.PERMISSION) -> TicketFacts:
    """The ticket whose words ask for that."""
    return on.after(TicketChange(asks=kind))


def state(**fields: Any) -> TicketState:
    return TicketState(**fields)


def of(kind: type[Any], changes: Iterable[Change]) -> list[Any]:
    return [one for one in changes if isinstance(one, kind)]


def new_ticket(changes: Iterable[Change]) -> TicketFacts:
    """The one ticket that is opened."""
    (one,) = of(OpenTicket, changes)
    assert isinstance(one.ticket, TicketFacts)
    return one.ticket


def said(changes: Iterable[Change]) -> list[str]:
    """What the log says of it, to agents in brackets."""
    return [one.text if one.public else f"({one.text})" for one in of(AddEntry, changes)]


def refused(make: Callable[[], object], *words: str) -> None:
    """Refused, with a text that holds these words."""
    with pytest.raises(Refused) as why:
        make()
    assert all(one in str(why.value) for one in words), str(why.value)


def nonce() -> str:
    return "d" * 26


def at(on: TicketFacts, phase: Phase, **fields: Any) -> TicketFacts:
    return replace(on, phase=phase, **fields)
