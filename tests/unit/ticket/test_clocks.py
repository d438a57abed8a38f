"""Service clocks, each case with the minutes counted by hand; office hours are 08:00-17:00 in Budapest.

Over 300 lines: one clock through every pause and change of what was promised.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model import NEW, CompanyFacts, TicketFacts
from maild.settings import CalendarSettings, DeskSettings, ServiceLevel, Settings, Team
from maild.ticket import clocks, working_time
from maild.ticket.calendars import build
from maild.ticket.clocks import ClockChange, alert_time, at_start, on_change, on_phase
from maild.ticket.phases import PAUSED, Phase
from maild.ticket.state import UNSET, TicketChange, TicketState
from maild.ticket.vocabulary import DeadlineType, Severity, TicketKind
from tests.examples import at_most
from tests.unit.ticket.promised import promise

OFFICE = CalendarSettings("office", week=(((480, 1020),),) * 5 + ((), ()))
ALWAYS = CalendarSettings("always", timezone="UTC", week=(((0, 1440),),) * 7)
STANDARD = ServiceLevel(
    "standard",
    {"user": 8, "system": 4, "infrastructure": 2},
    {"user": 16, "system": 8, "infrastructure": 4},
    warn_percent=75,
    call_back_minutes=30,
    oncall_severities=("infrastructure",),
)
SETTINGS = Settings(
    desk=DeskSettings(timezone="Europe/Budapest"),
    calendars={"office": OFFICE, "always": ALWAYS},
    service_levels={"standard": STANDARD},
    teams={"night": Team("night", oncall_calendar="always")},
)
ACME = CompanyFacts("acme", "Acme", service_level="standard")
ONCALL = replace(ACME, oncall_calendar="always")


def at(text: str) -> datetime:
    """`02T09:00`: that moment in November 2026 in Budapest; the 2nd is a Monday."""
    return datetime.fromisoformat(f"2026-11-{text}+01:00").astimezone(UTC)


def opened(
    moment: datetime, company: CompanyFacts | None = ACME, **fields: Any
) -> tuple[TicketFacts, ClockChange]:
    known: dict[str, Any] = {
        "kind": "incident",
        "severity": "user",
        "phase": "received",
        "team": "L1",
        "topic": "",
    }
    known |= fields
    made = promise(company, known["severity"], known["topic"], moment, SETTINGS)
    ticket = TicketFacts(
        number=7, subject="s", company="acme", requester="a@acme.example", requester_name="A", owner="", language="en",
        created_at=moment, root_message_id="", respond_by=made.respond_by, resolve_by=made.resolve_by, **known,
    )  # fmt: skip
    change = at_start(ticket, made, SETTINGS, company)
    return ticket.after(change.change), change


def step(
    ticket: TicketFacts, phase: Phase, moment: datetime, company: CompanyFacts | None = ACME, **kw: Any
) -> TicketFacts:
    change = on_phase(ticket, phase, moment, SETTINGS, **kw)
    return applied(replace(ticket, phase=phase), change)


def applied(ticket: TicketFacts, change: ClockChange) -> TicketFacts:
    return ticket.after(change.change)


def alarms(change: ClockChange) -> dict[str, datetime]:
    return {d.type: d.at for d in change.deadlines if d.at is not None}


def test_new_ticket_is_warned_of_and_alarmed_for_answer_and_solution() -> None:
    _, change = opened(at("02T09:00"))
    assert alarms(change) == {
        "respond_warning": at("02T15:00"),
        "respond_breach": at("02T17:00"),
        "resolve_warning": at("03T12:00"),
        "resolve_breach": at("03T16:00"),
    }


def test_keys_of_a_new_tickets_deadlines_wait_for_its_number() -> None:
    ticket, _ = opened(at("02T09:00"))
    made = promise(ACME, Severity.USER, "", at("02T09:00"), SETTINGS)
    change = at_start(replace(ticket, number=NEW), made, SETTINGS, ACME)
    assert {d.type for d in change.deadlines} == set(alarms(change))


def test_waiting_stops_the_clock_and_what_was_left_goes_on() -> None:
    ticket, _ = opened(at("02T09:00"))
    waiting = step(ticket, Phase.WAITING_CUSTOMER, at("02T11:00"))
    back = step(waiting, Phase.RECEIVED, at("04T10:00"))
    assert back.respond_by == at("04T16:00")
    assert back.resolve_by == at("05T15:00")


def test_a_pause_removes_every_alarm_and_its_end_sets_them_again() -> None:
    ticket, _ = opened(at("02T09:00"))
    change = on_phase(ticket, Phase.AWAITING_APPROVAL, at("02T11:00"), SETTINGS)
    assert {d.type for d in change.deadlines if d.at is None} == set(clocks.TYPES)
    waiting = applied(replace(ticket, phase=Phase.AWAITING_APPROVAL), change)
    back = on_phase(waiting, Phase.RECEIVED, at("04T10:00"), SETTINGS)
    assert alarms(back)["respond_breach"] == at("04T16:00")
    assert back.explanations == (
        "the clock goes on after 1020 working minutes in awaiting_approval; respond by Wednesday 2026-11-04 16:00",
    )


def test_alarm_that_went_off_before_a_pause_does_not_go_off_again() -> None:
    ticket, _ = opened(at("02T09:00"))
    waiting = step(ticket, Phase.WAITING_CUSTOMER, at("02T16:00"))
    back = on_phase(waiting, Phase.RECEIVED, at("03T10:00"), SETTINGS)
    assert "respond_warning" not in alarms(back)
    assert alarms(back)["respond_breach"] == at("03T11:00")


def test_moving_between_waiting_phases_is_one_pause() -> None:
    ticket, _ = opened(at("02T09:00"))
    waiting = step(ticket, Phase.WAITING_CUSTOMER, at("02T11:00"))
    held = step(waiting, Phase.AWAITING_APPROVAL, at("03T09:00"))
    assert step(held, Phase.RECEIVED, at("04T10:00")).respond_by == at("04T16:00")


def test_an_answer_settles_respond_and_keeps_watching_the_solution() -> None:
    ticket, _ = opened(at("02T09:00"))
    change = on_phase(ticket, Phase.IN_PROGRESS, at("02T10:00"), SETTINGS, by_agent=True)
    assert change.change == TicketChange(responded_at=at("02T10:00"))
    assert {d.type for d in change.deadlines if d.at is None} == set(clocks.ANSWERED)
    answered = applied(replace(ticket, phase=Phase.IN_PROGRESS), change)
    resolved = step(answered, Phase.RESOLVED, at("02T12:00"))
    again = on_phase(resolved, Phase.IN_PROGRESS, at("04T08:00"), SETTINGS)
    assert set(alarms(again)) == {"resolve_warning", "resolve_breach"}
    assert again.change.respond_by is UNSET
    assert again.change.resolve_by == at("05T12:00")
    assert {(d.type, d.ticket, d.at) for d in clocks.answered(ticket)} == {
        (t, 7, None) for t in clocks.ANSWERED
    }


def test_ticket_that_opens_waiting_is_paused_from_the_start() -> None:
    ticket, change = opened(at("02T09:00"), phase="waiting_customer")
    assert change.deadlines == ()
    assert step(ticket, Phase.RECEIVED, at("03T09:00")).respond_by == at("03T17:00")


def test_more_severe_counts_from_the_reception_and_says_so() -> None:
    ticket, _ = opened(at("02T09:00"))
    changed = replace(ticket, severity=Severity.SYSTEM)
    change = on_change(changed, at("02T11:00"), SETTINGS, ACME)
    assert change.change.respond_by == at("02T13:00")
    assert change.explanations[0] == (
        "respond by Monday 2026-11-02 13:00 (was Monday 2026-11-02 17:00): answer in 4 working hours (system), "
        "solution in 8 working hours (system), calendar office; 120 working minutes have passed"
    )


def test_pause_survives_a_change_of_severity() -> None:
    ticket, _ = opened(at("02T09:00"))
    waiting = step(ticket, Phase.WAITING_CUSTOMER, at("02T10:00"))
    more = replace(waiting, severity=Severity.SYSTEM)
    more = applied(more, on_change(more, at("02T12:00"), SETTINGS, ACME))
    back = step(more, Phase.RECEIVED, at("03T09:00"))
    assert back.respond_by == at("03T12:00")


def test_change_while_waiting_sets_no_alarm() -> None:
    ticket, _ = opened(at("02T09:00"))
    waiting = replace(step(ticket, Phase.WAITING_CUSTOMER, at("02T10:00")), severity=Severity.SYSTEM)
    assert alarms(on_change(waiting, at("02T12:00"), SETTINGS, ACME)) == {}


def test_change_that_breaks_a_promise_at_once_alarms_once() -> None:
    ticket, _ = opened(at("02T09:00"))
    now = at("02T14:00")
    changed = replace(ticket, severity=Severity.SYSTEM)
    first = on_change(changed, now, SETTINGS, ACME)
    assert alarms(first)["respond_breach"] == at("02T13:00")
    changed = applied(changed, first)
    second = on_change(
        replace(changed, severity=Severity.INFRASTRUCTURE), now + timedelta(minutes=5), SETTINGS, ACME
    )
    assert "respond_breach" not in alarms(second)


def test_lost_and_new_contract() -> None:
    ticket, _ = opened(at("02T09:00"))
    lost = on_change(ticket, at("02T10:00"), SETTINGS, replace(ACME, service_level=""))
    assert lost.change.respond_by is None
    assert alarms(lost) == {}
    assert lost.explanations == ("no promise any more: no-contract",)
    without, _ = opened(at("02T09:00"), None)
    gained = on_change(without, at("02T10:00"), SETTINGS, ACME)
    assert gained.change.respond_by == at("02T17:00")


def test_no_change_of_terms_changes_nothing() -> None:
    ticket, _ = opened(at("02T09:00"))
    assert (
        on_change(replace(ticket, kind=TicketKind.QUESTION), at("02T10:00"), SETTINGS, ACME) == ClockChange()
    )


def test_answered_promise_is_not_rewritten_by_a_later_change() -> None:
    ticket, _ = opened(at("02T09:00"))
    ticket = replace(step(ticket, Phase.IN_PROGRESS, at("02T10:00"), by_agent=True), severity=Severity.SYSTEM)
    change = on_change(ticket, at("02T11:00"), SETTINGS, ACME)
    assert change.change.respond_by is UNSET
    assert change.change.resolve_by == at("02T17:00")


def test_call_back_is_watched_like_any_other_promise_at_night_too() -> None:
    _, change = opened(at("07T02:00"), ONCALL, severity="infrastructure")
    found = alarms(change)
    assert found["call_back_breach"] == at("07T02:30")
    assert found["call_back_warning"] == at("07T02:22") + timedelta(seconds=30)
    assert found["respond_breach"] == at("07T04:00")


def test_call_back_of_a_request_that_becomes_critical_counts_from_then() -> None:
    ticket, _ = opened(at("02T09:00"), ONCALL)
    change = on_change(replace(ticket, severity=Severity.INFRASTRUCTURE), at("02T20:00"), SETTINGS, ONCALL)
    assert alarms(change)["call_back_breach"] == at("02T20:30")
    calmed = applied(replace(ticket, severity=Severity.INFRASTRUCTURE), change)
    back = on_change(replace(calmed, severity=Severity.USER), at("02T20:10"), SETTINGS, ONCALL)
    assert "call_back_breach" not in alarms(back)


@pytest.mark.parametrize(
    ("due", "told"),
    [("02T23:00", "03T08:00"), ("07T12:00", "09T08:00"), ("02T17:00", "02T17:00"), ("02T17:01", "03T08:00")],
)
def test_nobody_is_alarmed_at_night_unless_on_call(due: str, told: str) -> None:
    assert alert_time(at(due), SETTINGS, team="L1") == at(told)
    assert alert_time(at(due), SETTINGS, oncall=True) == at(due)
    assert alert_time(at(due), SETTINGS, team="night") == at(due)


def test_alarm_moved_to_the_morning_comes_even_if_a_pause_began_in_the_night() -> None:
    around = replace(ACME, calendar="always")
    ticket, change = opened(at("02T15:00"), around)
    assert alarms(change)["respond_breach"] == at("03T08:00")
    waiting = step(ticket, Phase.WAITING_CUSTOMER, at("03T07:00"), around)
    back = on_phase(waiting, Phase.RECEIVED, at("03T07:30"), SETTINGS)
    assert alarms(back)["respond_breach"] == at("03T08:00")


def test_what_is_due_next_and_what_still_means_something() -> None:
    ticket, _ = opened(at("02T09:00"))
    assert clocks.next_due(ticket) == at("02T17:00")
    assert clocks.is_due(ticket, DeadlineType.RESPOND_BREACH)
    taken = step(ticket, Phase.IN_PROGRESS, at("02T10:00"), by_agent=True)
    assert clocks.next_due(taken) == at("03T16:00")
    assert not clocks.is_due(taken, DeadlineType.RESPOND_BREACH)
    assert clocks.is_due(taken, DeadlineType.RESOLVE_BREACH)
    waiting = step(taken, Phase.WAITING_CUSTOMER, at("02T11:00"))
    assert clocks.next_due(waiting) == waiting.resolve_by, "what waits for the customer has no other due time"
    assert not clocks.is_due(waiting, DeadlineType.RESOLVE_BREACH)


def test_ticket_without_a_clock_is_left_in_peace() -> None:
    ticket, _ = opened(at("02T09:00"), None)
    bare = replace(ticket, state=TicketState())
    assert (
        step(step(bare, Phase.WAITING_CUSTOMER, at("02T10:00")), Phase.RECEIVED, at("03T10:00")).respond_by
        is None
    )
    assert clocks.next_due(bare) is None


phases = st.sampled_from(["waiting_customer", "received", "awaiting_approval"])


@at_most(60)
@given(
    start=st.integers(0, 14 * 1440),
    gaps=st.lists(st.tuples(st.integers(1, 900), phases), max_size=7),
    severities=st.lists(st.sampled_from(list(Severity)), min_size=7, max_size=7),
)  # fmt: skip
def test_working_time_that_ran_until_the_promise_is_exactly_what_was_agreed(
    start: int, gaps: list[tuple[int, Phase]], severities: list[Severity]
) -> None:
    now = at("02T00:00") + timedelta(minutes=start)
    ticket, _ = opened(now)
    calendar = build(OFFICE)
    ran, last = 0, now
    for (minutes, phase), severity in zip(gaps, severities, strict=False):
        now += timedelta(minutes=minutes)
        if ticket.phase not in PAUSED:
            ran += calendar.minutes_between(last, now)
        ticket, last = step(ticket, phase, now), now
        ticket = replace(ticket, severity=severity)
        ticket = applied(ticket, on_change(ticket, now, SETTINGS, ACME))
    if ticket.phase in PAUSED:
        now += timedelta(minutes=1)
        ticket, last = step(ticket, Phase.RECEIVED, now), now
    agreed = int(STANDARD.resolve_hours[ticket.severity or ""] * 60)
    assert ticket.resolve_by is not None
    if ran < agreed:
        assert calendar.minutes_between(now, ticket.resolve_by) == agreed - ran
    else:
        assert ticket.resolve_by <= now


@given(
    st.none() | st.integers(-40, 200), st.none() | st.integers(-40, 200), st.booleans(), st.booleans(),
    st.sampled_from(sorted(Phase)),
)  # fmt: skip
def test_alarms_of_an_answer_are_those_among_all_alarms(
    reply: int | None, waits: int | None, answered: bool, promised: bool, phase: Phase
) -> None:
    now, hour = at("02T09:00"), timedelta(hours=1)
    known, _ = opened(now)
    known = replace(
        known, phase=phase, reply_by=None if reply is None else now + reply * hour,
        waiting_since=None if waits is None else now + waits * hour, responded_at=now if answered else None,
        respond_by=known.respond_by if promised else None,
    )  # fmt: skip
    every = clocks._moments(working_time.of(known), known, SETTINGS, now)
    silent = phase in PAUSED and known.waiting_since is not None
    assert {d.type: d.at for d in clocks.reply_alarms(known, SETTINGS, now)} == {
        type_: None if silent else every.get(type_) for type_ in clocks.REPLIED
    }
