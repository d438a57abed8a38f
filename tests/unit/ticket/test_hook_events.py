"""Which events a plan is: the law is one event of a kind and ticket, with the entry that made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from maild.model import NEW, AddEntry, Change, OpenTicket, Plan, TicketFacts, UpdateTicket
from maild.ticket.entries import NOTHING, AlertDetails, Details, PhaseDetails
from maild.ticket.hook_events import news_of
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType, HookEvent, Severity, TicketKind
from tests.cases import cases

TICKET = TicketFacts(
    NEW, "Printer", "acme", "anna@acme.example", "Anna", TicketKind.INCIDENT, Severity.USER, "L1", "", Phase.RECEIVED,
    "en", datetime(2026, 11, 2, tzinfo=UTC), "",
)  # fmt: skip


def entry(type_: EntryType, details: Details = NOTHING, ticket: int = 1001) -> AddEntry:
    return AddEntry(ticket, type_, "kata", "cli", "words", public=True, details=details)


def step(old: Phase, new: Phase) -> AddEntry:
    return entry(EntryType.PHASE, PhaseDetails(old=old, new=new))


@cases(
    ("changes", "events"),
    [
        ([OpenTicket(TICKET), entry(EntryType.MAIL, ticket=NEW)], ["new"]),
        ([OpenTicket(replace(TICKET, severity=Severity.INFRASTRUCTURE))], ["new", "urgent"]),
        ([OpenTicket(replace(TICKET, kind=TicketKind.COMPLAINT))], ["new", "complaint"]),
        ([entry(EntryType.MAIL)], ["reply"]),
        ([entry(EntryType.REPLY)], ["answer"]),
        ([entry(EntryType.NOTE)], []),
        ([entry(EntryType.AUTO_REPLY)], []),
        ([step(Phase.RECEIVED, Phase.ACCEPTED)], ["phase"]),
        ([step(Phase.ACCEPTED, Phase.RESOLVED)], ["phase", "resolved"]),
        ([step(Phase.RESOLVED, Phase.CLOSED)], ["phase", "closed"]),
        ([step(Phase.CLOSED, Phase.IN_PROGRESS)], ["phase", "reopened"]),
        ([UpdateTicket(1001, TicketChange(owner="kata"))], ["assigned"]),
        ([UpdateTicket(1001, TicketChange(owner=""))], []),
        ([UpdateTicket(1001, TicketChange(severity=Severity.INFRASTRUCTURE))], ["urgent"]),
        ([UpdateTicket(1001, TicketChange(kind=TicketKind.COMPLAINT))], ["complaint"]),
        ([entry(EntryType.CONSENT)], ["consent"]),
        ([entry(EntryType.ALERT, AlertDetails(promise="respond"))], ["deadline"]),
        ([entry(EntryType.ALERT)], []),
        ([entry(EntryType.MAIL), entry(EntryType.MAIL)], ["reply"]),
    ],
)  # fmt: skip
def test_plan_is_these_events(changes: list[Change], events: list[str]) -> None:
    found = news_of(Plan(tuple(changes)))
    assert [one.event for one in found] == [HookEvent(event) for event in events]


def test_event_of_a_new_ticket_has_the_mail_that_opened_it() -> None:
    mail = entry(EntryType.MAIL, ticket=NEW)
    (news,) = news_of(Plan((OpenTicket(TICKET), mail)))
    assert news.change is mail
