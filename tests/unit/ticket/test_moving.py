"""Every step of a ticket, whoever makes it, keeps the same laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.errors import Refused
from maild.model import AddEntry, CompanyFacts, ConsentFacts, SetDeadline, TicketFacts, UpdateTicket
from maild.settings import CalendarSettings, ServiceLevel, Settings
from maild.ticket import moving
from maild.ticket.clocks import at_start
from maild.ticket.entries import PhaseDetails
from maild.ticket.moving import DESK, Actor, Moved
from maild.ticket.phases import PAUSED, TICKET, ConsentState, Phase
from maild.ticket.state import UNSET, TicketChange
from maild.ticket.vocabulary import ConsentKind, DeadlineType, EntryType, LastWord, Severity, TicketKind
from tests.cases import cases
from tests.unit.ticket.promised import promise

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SETTINGS = Settings(
    calendars={"office": CalendarSettings("office", timezone="UTC", week=(((480, 1020),),) * 7)},
    service_levels={"standard": ServiceLevel("standard", {"user": 8}, {"user": 16}, warn_percent=75)},
)
ACME = CompanyFacts("acme", "Acme", service_level="standard")
KATA = Actor("kata", "cli", agent=True)
ANNA = Actor("Anna", "email")
ARROWS = [(old, new) for old, following in TICKET.items() for new in following]


def opened() -> TicketFacts:
    made = promise(ACME, Severity.USER, "", NOW, SETTINGS)
    ticket = TicketFacts(
        number=7, subject="s", company="acme", requester="a@acme.example", requester_name="A", kind=TicketKind.INCIDENT,
        severity=Severity.USER, team="L1", owner="", phase=Phase.RECEIVED, language="en", created_at=NOW,
        root_message_id="", respond_by=made.respond_by, resolve_by=made.resolve_by,
    )  # fmt: skip
    return ticket.after(at_start(ticket, made, SETTINGS, ACME).change)


def step(ticket: TicketFacts, new: Phase, by: Actor = KATA, hours: int = 1) -> Moved:
    return moving.move(ticket, new, by, NOW + timedelta(hours=hours), SETTINGS, decided=True)


def standing(phase: Phase) -> TicketFacts:
    """A ticket in that phase, brought there by steps."""
    return opened() if phase is Phase.RECEIVED else step(opened(), phase).ticket


def deadlines(moved: Moved) -> dict[DeadlineType, datetime | None]:
    return {c.type: c.at for c in moved.changes if isinstance(c, SetDeadline)}


@cases(("old", "new"), ARROWS, ids=str)
@cases("by", [KATA, ANNA, DESK], ids=lambda by: by.name)
def test_every_step_of_everybody_keeps_clock_stamps_and_alarms(old: Phase, new: Phase, by: Actor) -> None:
    before = standing(old)
    moved = step(before, new, by, hours=3)
    after, at = moved.ticket, NOW + timedelta(hours=3)
    assert after.phase is new
    assert after.state.clock is not None
    runs = not after.state.clock.pauses or after.state.clock.pauses[-1].ended is not None
    assert runs is (new not in PAUSED)
    if new is not Phase.MERGED:
        assert (after.resolved_at is not None) is (new in (Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED)) or (
            new in (Phase.CLOSED, Phase.REJECTED) and after.resolved_at == before.resolved_at
        )
        assert (after.closed_at is not None) is (new in (Phase.CLOSED, Phase.REJECTED))
    else:
        assert (after.resolved_at, after.closed_at) == (before.resolved_at, before.closed_at)
    alarms = deadlines(moved)
    assert alarms.get(DeadlineType.AUTO_CLOSE) == (
        at + timedelta(days=SETTINGS.tickets.auto_close_days) if new is Phase.RESOLVED else None
    )
    assert (DeadlineType.AUTO_CLOSE in alarms) is (Phase.RESOLVED in (old, new))
    answers = by.agent and new in moving.RESPONDS
    assert (after.responded_at == at) is (answers and before.responded_at is None)
    (update,) = (c for c in moved.changes if isinstance(c, UpdateTicket))
    assert (update.change.adoptable, update.change.scheduled_for) == (UNSET, UNSET), "nothing else is set"
    (entry,) = (c for c in moved.changes if isinstance(c, AddEntry))
    assert (entry.type, entry.author, entry.channel) == (EntryType.PHASE, by.name, by.channel)
    assert entry.details == PhaseDetails(old=old, new=new)


@cases("old", list(Phase))
@cases("new", list(Phase))
def test_there_is_no_step_but_those_of_the_table(old: Phase, new: Phase) -> None:
    if new in TICKET[old]:
        return
    with pytest.raises(Refused, match=f"cannot go from {old} to {new}"):
        step(replace(opened(), phase=old), new)


def consent(state: ConsentState) -> ConsentFacts:
    return ConsentFacts(
        12, 7, ConsentKind.PERMISSION, state, NOW, NOW, ("boss@acme.example",), "a@acme.example", "", "", "dmarc",
        Phase.RECEIVED,
    )  # fmt: skip


@cases("new", TICKET[Phase.AWAITING_APPROVAL])
@cases("state", [None, *ConsentState])
def test_nobody_but_a_consents_outcome_leads_a_held_ticket_on(new: Phase, state: ConsentState | None) -> None:
    held = standing(Phase.AWAITING_APPROVAL)
    known = () if state is None else (consent(state),)
    if (new, state) == (Phase.REJECTED, ConsentState.EXPIRED):
        assert moving.move(held, new, KATA, NOW, SETTINGS, consents=known).ticket.phase is new
        return
    with pytest.raises(Refused, match="held"):
        moving.move(held, new, KATA, NOW, SETTINGS, consents=known)


def test_a_ticket_that_goes_on_waits_for_nobodys_ok_any_more() -> None:
    waiting = standing(Phase.WAITING_CUSTOMER)
    unadopted = replace(waiting, state=replace(waiting.state, adoptable=True))
    assert not step(unadopted, Phase.RECEIVED).ticket.state.adoptable
    assert not step(unadopted, Phase.AWAITING_APPROVAL, DESK).ticket.state.adoptable


@cases(
    ("phase", "before", "to"),
    [
        (Phase.WAITING_CUSTOMER, Phase.RECEIVED, Phase.RECEIVED),
        (Phase.WAITING_CUSTOMER, Phase.ACCEPTED, Phase.ACCEPTED),
        (Phase.WAITING_CUSTOMER, Phase.SCHEDULED, Phase.SCHEDULED),
        (Phase.WAITING_CUSTOMER, Phase.IN_PROGRESS, Phase.IN_PROGRESS),
        (Phase.WAITING_CUSTOMER, Phase.AWAITING_APPROVAL, Phase.IN_PROGRESS),
        (Phase.WAITING_CUSTOMER, None, Phase.IN_PROGRESS),
        (Phase.RESOLVED, Phase.ACCEPTED, Phase.IN_PROGRESS),
        (Phase.CLOSED, Phase.RESOLVED, Phase.IN_PROGRESS),
        (Phase.REJECTED, Phase.RECEIVED, Phase.IN_PROGRESS),
    ],
)
def test_a_customers_word_wakes_a_ticket_where_it_waited(
    phase: Phase, before: Phase | None, to: Phase
) -> None:
    assert moving.woken(replace(opened(), phase=phase, phase_before=before)) is to


def test_a_step_is_told_and_answers_unless_it_says_otherwise() -> None:
    waits = replace(opened(), waiting_since=NOW, last_word=LastWord.CUSTOMER)
    moved = moving.move(waits, Phase.IN_PROGRESS, KATA, NOW, SETTINGS)
    assert [one.public for one in moved.changes if isinstance(one, AddEntry)] == [True]
    assert (moved.ticket.waiting_since, moved.ticket.last_word) == (None, LastWord.AGENT)


def test_what_is_resolved_may_be_closed_whatever_its_words_ask_for() -> None:
    for phase, new, may in (
        (Phase.RESOLVED, Phase.CLOSED, True),
        (Phase.RESOLVED, Phase.IN_PROGRESS, False),
        (Phase.IN_PROGRESS, Phase.CLOSED, False),
    ):
        stands = standing(phase)
        asks = replace(stands, state=replace(stands.state, asks=TicketKind.PERMISSION))
        if may:
            assert step(asks, new).ticket.phase is new
        else:
            with pytest.raises(Refused, match="asks for a permission"):
                step(asks, new)


def test_words_that_ask_for_what_nobody_consented_to_are_not_worked_on() -> None:
    waits = standing(Phase.WAITING_CUSTOMER)
    asks = replace(waits, state=replace(waits.state, asks=TicketKind.PERMISSION))
    with pytest.raises(Refused, match="#7 asks for a permission in words that nobody consented to"):
        step(asks, Phase.IN_PROGRESS)
    assert step(asks, Phase.AWAITING_APPROVAL).ticket.phase is Phase.AWAITING_APPROVAL
    also = TicketChange(asks=None)
    freed = moving.move(asks, Phase.IN_PROGRESS, KATA, NOW, SETTINGS, also=also, decided=True).ticket
    assert (freed.phase, freed.state.asks) == (Phase.IN_PROGRESS, None)
    with pytest.raises(Refused, match="asks for a device"):
        moving.move(waits, Phase.IN_PROGRESS, KATA, NOW, SETTINGS, also=TicketChange(asks=TicketKind.DEVICE))


@cases(
    ("by", "new", "answers", "ends"),
    [
        (KATA, Phase.IN_PROGRESS, True, True),
        (KATA, Phase.IN_PROGRESS, False, False),
        (ANNA, Phase.IN_PROGRESS, True, False),
        (DESK, Phase.IN_PROGRESS, True, False),
        (DESK, Phase.RESOLVED, True, True),
        (DESK, Phase.REJECTED, True, True),
        (KATA, Phase.CLOSED, False, True),
        (DESK, Phase.MERGED, True, True),
    ],
)
def test_who_waited_waits_until_an_agents_word_or_the_end(
    by: Actor, new: Phase, *, answers: bool, ends: bool
) -> None:
    waits = replace(standing(Phase.ACCEPTED), waiting_since=NOW, last_word=LastWord.CUSTOMER)
    after = moving.move(waits, new, by, NOW, SETTINGS, answers=answers).ticket
    assert (after.waiting_since is None) is ends
    assert after.last_word == (LastWord.AGENT if ends and by.agent else LastWord.CUSTOMER)


def test_a_date_is_kept_while_the_ticket_is_scheduled_and_not_longer() -> None:
    planned = standing(Phase.SCHEDULED)
    planned = replace(planned, state=replace(planned.state, scheduled_for=NOW))
    assert step(planned, Phase.SCHEDULED).ticket.state.scheduled_for == NOW
    assert step(planned, Phase.IN_PROGRESS).ticket.state.scheduled_for is None


def test_a_refusal_says_what_holds_the_ticket_and_what_to_type() -> None:
    held = standing(Phase.AWAITING_APPROVAL)
    with pytest.raises(Refused, match="#7 is held for approval; `maild approval request 7` asks again"):
        moving.refuse_while_held(held, ())
    with pytest.raises(
        Refused, match=r"decided: C12 \(waiting, asked boss@acme.example\); `maild approval remind 7`"
    ):
        moving.refuse_while_held(held, [consent(ConsentState.WAITING)])
    with pytest.raises(Refused, match="asked nobody: no approver is known"):
        moving.refuse_while_held(held, [replace(consent(ConsentState.WAITING), approvers=())])
    moving.refuse_while_held(opened(), [consent(ConsentState.WAITING)])
    both = [consent(ConsentState.EXPIRED), consent(ConsentState.WAITING)]
    with pytest.raises(Refused, match="held until"):
        moving.refuse_while_held(held, both, Phase.REJECTED)


@cases(
    ("asks", "phase", "in_writing", "stands"),
    [
        (None, Phase.RECEIVED, False, Phase.RECEIVED),
        (None, Phase.WAITING_CUSTOMER, True, Phase.WAITING_CUSTOMER),
        (TicketKind.PERMISSION, Phase.RECEIVED, False, Phase.AWAITING_APPROVAL),
        (TicketKind.PERMISSION, Phase.WAITING_CUSTOMER, False, Phase.WAITING_CUSTOMER),
        (TicketKind.PERMISSION, Phase.WAITING_CUSTOMER, True, Phase.AWAITING_APPROVAL),
        (TicketKind.PERMISSION, Phase.REJECTED, True, Phase.REJECTED),
    ],
)
def test_where_a_ticket_stands_whose_words_ask_for_a_consent(
    asks: TicketKind | None, phase: Phase, *, in_writing: bool, stands: Phase
) -> None:
    assert moving.lawful(phase, asks, in_writing=in_writing) is stands


def test_who_writes_the_entry_of_a_step_themselves_gets_none_besides() -> None:
    made = moving.move(opened(), Phase.ACCEPTED, KATA, NOW, SETTINGS, details=None)
    assert [one for one in made.changes if isinstance(one, AddEntry)] == []
    assert made.ticket.phase is Phase.ACCEPTED
