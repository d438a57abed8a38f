"""A ticket gets the same team, promise, severity and notes however it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.model import (
    NEW,
    AddEntry,
    Classification,
    CompanyFacts,
    LinkOutage,
    Mailbox,
    OpenTicket,
    OutageFacts,
    SetDeadline,
)
from maild.settings import CalendarSettings, ServiceLevel, Settings
from maild.ticket import routing
from maild.ticket.opening import Opened, Request, open_ticket
from maild.ticket.phases import Phase
from maild.ticket.routing import Standing
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import EntryType, LastWord, Severity, TicketKind
from tests.cases import cases

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SETTINGS = Settings(
    calendars={"office": CalendarSettings("office", timezone="UTC", week=(((480, 1020),),) * 7)},
    service_levels={
        "standard": ServiceLevel("standard", {"user": 8, "system": 4}, {"user": 16}, warn_percent=75)
    },
)
ACME = CompanyFacts("acme", "Acme", service_level="standard")
NO_CONTRACT = replace(ACME, service_level="")
SUSPENDED = replace(ACME, standing="suspended")
SUSPENDED_WITHOUT = replace(NO_CONTRACT, standing="suspended")
BROKEN = Classification(TicketKind.INCIDENT, Severity.SYSTEM, "L2")


def request(company: CompanyFacts | None = ACME, what: Classification = BROKEN, **more: object) -> Request:
    plain = Request(
        subject="Printer", requester=Mailbox("anna@acme.example", "Anna"), company=company, what=what, language="hu",
        received_at=NOW,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def opened(company: CompanyFacts | None = ACME, what: Classification = BROKEN, **more: object) -> Opened:
    return open_ticket(request(company, what, **more), SETTINGS)


@cases(
    ("company", "team", "standing"),
    [
        (ACME, "L2", Standing.ACTIVE),
        (NO_CONTRACT, "sales", Standing.NO_CONTRACT),
        (None, "sales", Standing.UNKNOWN),
        (SUSPENDED, "billing", Standing.SUSPENDED),
        (SUSPENDED_WITHOUT, "billing", Standing.SUSPENDED),
    ],
)
@cases("kind", list(TicketKind))
def test_standing_decides_the_team_before_any_word(
    company: CompanyFacts | None, team: str, standing: Standing, kind: TicketKind
) -> None:
    made = opened(company, replace(BROKEN, kind=kind))
    assert (made.ticket.team, made.standing) == (team, standing)
    assert routing.standing(company) is standing


@pytest.mark.parametrize("company", [None, NO_CONTRACT])
def test_who_has_no_contract_has_no_severity_and_no_promise(company: CompanyFacts | None) -> None:
    made = opened(company)
    assert made.ticket.severity is None
    assert (made.ticket.respond_by, made.ticket.resolve_by) == (None, None)
    assert not [c for c in made.changes if isinstance(c, SetDeadline)]
    assert opened(company, severity_said=True).ticket.severity is Severity.SYSTEM


def test_severity_comes_with_a_contract_and_goes_with_it() -> None:
    what = replace(BROKEN, reasons=())
    without = opened(NO_CONTRACT, what).ticket
    assert routing.severity_under(without, ACME) is Severity.USER
    said = replace(without, state=replace(without.state, classified=(("severity-infrastructure", '"fire"'),)))
    assert routing.severity_under(said, ACME) is Severity.INFRASTRUCTURE
    assert routing.severity_under(opened(ACME).ticket, ACME) is Severity.SYSTEM
    assert routing.severity_under(opened(ACME).ticket, NO_CONTRACT) is None
    assert routing.severity_under(opened(ACME).ticket, SUSPENDED) is Severity.SYSTEM


def test_the_ticket_and_its_changes_say_the_same() -> None:
    known = OutageFacts(3, "Mail", (), (), None, NOW)
    note = AddEntry(NEW, EntryType.CALL, "kata", "phone", "Blank pages.", public=True)
    state = TicketState(channel="phone", opened_by="kata")
    made = open_ticket(
        request(outages=(known,), site="north", state=state, owner="kata"), SETTINGS, lambda _: (note,)
    )
    first, second, *rest = made.changes
    assert first == OpenTicket(made.ticket)
    assert second is note
    assert LinkOutage(NEW, 3) in rest
    assert made.ticket.state.outages == (3,)
    assert (made.ticket.state.site, made.ticket.state.channel, made.ticket.owner) == (
        "north",
        "phone",
        "kata",
    )
    assert made.ticket.state.clock is not None
    assert made.ticket.respond_by == made.promise.respond_by == datetime(2026, 11, 2, 13, tzinfo=UTC)
    assert {c.type for c in rest if isinstance(c, SetDeadline)} >= {"respond_breach", "resolve_breach"}


def test_a_ticket_that_waits_from_the_start_has_no_alarms_and_its_clock_stands() -> None:
    made = opened(phase=Phase.WAITING_CUSTOMER)
    assert not [c for c in made.changes if isinstance(c, SetDeadline)]
    assert made.ticket.state.clock is not None
    assert made.ticket.state.clock.pauses[-1].ended is None


def test_a_ticket_without_a_promise_of_its_own_has_no_clock() -> None:
    made = opened(promised=False, team="review")
    assert made.ticket.team == "review"
    assert (made.ticket.state.clock, made.ticket.respond_by) == (None, None)


def test_a_contract_that_is_over_is_told_to_the_agents_on_every_way() -> None:
    made = opened(replace(ACME, valid_until="2026-10-31"))
    (note,) = (c for c in made.changes if isinstance(c, AddEntry))
    assert (note.type, note.public) == (EntryType.SYSTEM, False)
    assert "2026-10-31" in note.text


def test_a_reserved_number_is_meant_by_every_change() -> None:
    made = opened(number=1005)
    assert {c.ticket for c in made.changes if isinstance(c, SetDeadline)} == {1005}


@cases(
    ("team", "kind", "company", "after"),
    [
        ("L2", TicketKind.INCIDENT, ACME, "L2"),
        ("complaints", TicketKind.INCIDENT, ACME, "L1"),
        ("L2", TicketKind.COMPLAINT, ACME, "complaints"),
        ("L2", TicketKind.QUOTE, ACME, "sales"),
        ("sales", TicketKind.INCIDENT, ACME, "L1"),
        ("sales", TicketKind.INCIDENT, NO_CONTRACT, "sales"),
        ("sales", TicketKind.COMPLAINT, None, "sales"),
        ("L2", TicketKind.INCIDENT, None, "L2"),
        ("billing", TicketKind.COMPLAINT, SUSPENDED, "billing"),
        ("review", TicketKind.COMPLAINT, ACME, "review"),
    ],
)
def test_another_kind_brings_its_team_unless_the_ticket_stands_elsewhere_for_a_reason(
    team: str, kind: TicketKind, company: CompanyFacts | None, after: str
) -> None:
    ticket = replace(opened().ticket, team=team)
    assert routing.after_change(ticket, kind, company, SETTINGS) == after


@cases(
    ("team", "kind", "company", "after"),
    [
        ("sales", TicketKind.INCIDENT, ACME, "L1"),
        ("billing", TicketKind.INCIDENT, ACME, "L1"),
        ("L2", TicketKind.INCIDENT, ACME, "L2"),
        ("sales", TicketKind.COMPLAINT, ACME, "complaints"),
        ("L2", TicketKind.QUOTE, ACME, "sales"),
        ("L2", TicketKind.INCIDENT, None, "sales"),
        ("L2", TicketKind.COMPLAINT, NO_CONTRACT, "sales"),
        ("L2", TicketKind.INCIDENT, SUSPENDED_WITHOUT, "billing"),
    ],
)
def test_another_company_brings_its_team(
    team: str, kind: TicketKind, company: CompanyFacts | None, after: str
) -> None:
    ticket = replace(opened().ticket, team=team, kind=kind)
    assert routing.after_move(ticket, company, SETTINGS) == after


@cases(
    ("waits", "phase", "since", "last"),
    [
        (True, Phase.RECEIVED, NOW, LastWord.CUSTOMER),
        (False, Phase.RECEIVED, None, LastWord.AGENT),
        (True, Phase.WAITING_CUSTOMER, None, LastWord.AGENT),
        (False, Phase.WAITING_CUSTOMER, None, LastWord.AGENT),
    ],
)
def test_a_customer_who_wrote_waits_from_the_start(
    waits: bool, phase: Phase, since: datetime | None, last: LastWord
) -> None:
    ticket = opened(waits=waits, phase=phase).ticket
    assert (ticket.waiting_since, ticket.last_word) == (since, last)


def test_a_request_waits_for_an_answer_unless_it_says_otherwise() -> None:
    made = request()
    assert (made.waits, made.promised, made.severity_said) == (True, True, False)


def test_a_kind_that_an_agent_sets_asks_for_a_consent_where_that_kind_needs_one() -> None:
    plain = Classification(TicketKind.INCIDENT, Severity.USER, "L1")
    asks = {kind: routing.with_kind(plain, kind, SETTINGS).asks for kind in TicketKind}
    assert {kind: one for kind, one in asks.items() if one} == {
        TicketKind.PERMISSION: TicketKind.PERMISSION,
        TicketKind.DEVICE: TicketKind.DEVICE,
    }
    words = replace(plain, asks=TicketKind.DEVICE)
    for kind in TicketKind:
        assert routing.with_kind(words, kind, SETTINGS).asks is TicketKind.DEVICE
    assert routing.with_kind(words, None, SETTINGS) is words


def test_a_ticket_is_its_requesters_companys_and_of_none_that_is_not_known() -> None:
    assert opened().ticket.company == "acme"
    assert opened(None).ticket.company is None
