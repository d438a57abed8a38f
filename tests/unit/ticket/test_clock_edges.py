"""Clocks at the very moment at which something is due, begins or ends, and where our words did not arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.model import NEW, TicketFacts
from maild.ticket import clocks, waiting, working_time
from maild.ticket.clocks import ClockChange, at_start, on_change, on_phase, reply_alarms
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET, PromiseClock
from maild.ticket.vocabulary import DeadlineType, Severity
from tests.unit.ticket.promised import promise
from tests.unit.ticket.test_clocks import ACME, ONCALL, SETTINGS, STANDARD, alarms, applied, at, opened, step

D = DeadlineType
MINUTE = timedelta(minutes=1)


def set_to(change: ClockChange) -> dict[str, Any]:
    return {str(one.type): one.at for one in change.deadlines}


def test_a_clock_runs_from_the_reception_not_from_when_the_ticket_was_made() -> None:
    ticket, _ = opened(at("02T09:00"))
    made = replace(promise(ACME, Severity.USER, "", at("02T09:00"), SETTINGS), received_at=at("02T08:30"))
    for received, began in ((at("02T08:30"), at("02T08:30")), (None, at("02T09:00"))):
        change = at_start(ticket, replace(made, received_at=received), SETTINGS, ACME)
        assert isinstance(change.change.clock, PromiseClock)
        assert change.change.clock.received_at == began


def test_only_a_clock_that_promises_something_is_said_to_wait() -> None:
    ticket, _ = opened(at("02T09:00"))
    bare, _ = opened(at("02T09:00"), None)
    for one, why in ((ticket, ("the clock waits in waiting_customer",)), (bare, ())):
        assert on_phase(one, Phase.WAITING_CUSTOMER, at("02T10:00"), SETTINGS).explanations == why


def test_an_arrow_that_is_no_answer_of_ours_leaves_every_alarm() -> None:
    ticket, _ = opened(at("02T09:00"))
    assert on_phase(ticket, Phase.IN_PROGRESS, at("02T10:00"), SETTINGS) == ClockChange()
    answer = on_phase(ticket, Phase.IN_PROGRESS, at("02T10:00"), SETTINGS, by_agent=True)
    assert {one.type for one in answer.deadlines} == set(clocks.ANSWERED)


def test_who_still_waits_for_words_is_watched_from_our_first_step_on() -> None:
    ticket, _ = opened(at("02T09:00"))
    asked = replace(ticket, waiting_since=at("02T09:00"), reply_by=at("02T15:00"))
    step = on_phase(asked, Phase.IN_PROGRESS, at("02T10:00"), SETTINGS, by_agent=True)
    assert set_to(step)[D.REPLY_BREACH] == at("02T15:00")
    told = on_phase(replace(asked, reply_by=None), Phase.IN_PROGRESS, at("02T10:00"), SETTINGS, by_agent=True)
    assert D.REPLY_BREACH not in set_to(told)


@pytest.mark.parametrize("answered", [True, False])
def test_what_was_answered_is_not_watched_again_after_a_pause_or_a_change(*, answered: bool) -> None:
    ticket, _ = opened(at("02T09:00"), ONCALL)
    if answered:
        ticket = replace(ticket, responded_at=at("02T09:30"))
    held = step(ticket, Phase.AWAITING_APPROVAL, at("02T10:00"))
    went_on = on_phase(held, Phase.IN_PROGRESS, at("02T11:00"), SETTINGS)
    critical = replace(ticket, severity=Severity.INFRASTRUCTURE)
    for change in (went_on, on_change(critical, at("02T10:00"), SETTINGS, ONCALL)):
        watched = set(alarms(change)) & set(clocks.ANSWERED)
        assert bool(watched) is not answered
        assert "resolve_breach" in alarms(change)


def test_an_agents_first_answer_that_ends_a_pause_is_watched_no_more() -> None:
    held = step(opened(at("02T09:00"))[0], Phase.AWAITING_APPROVAL, at("02T10:00"))
    change = on_phase(held, Phase.IN_PROGRESS, at("02T11:00"), SETTINGS, by_agent=True)
    assert not set(alarms(change)) & set(clocks.ANSWERED)
    assert change.explanations == (
        "the clock goes on after 60 working minutes in awaiting_approval; resolve by Tuesday 2026-11-03 17:00",
    )


def test_where_no_answer_is_promised_none_is_named_after_a_pause() -> None:
    level = replace(STANDARD, respond_hours={})
    bare = replace(SETTINGS, service_levels={"standard": level})
    made = promise(ACME, Severity.USER, "", at("02T09:00"), bare)
    ticket, _ = opened(at("02T09:00"))
    ticket = applied(replace(ticket, respond_by=None), at_start(ticket, made, bare, ACME))
    held = applied(
        replace(ticket, phase=Phase.AWAITING_APPROVAL),
        on_phase(ticket, Phase.AWAITING_APPROVAL, at("02T10:00"), bare),
    )
    change = on_phase(held, Phase.IN_PROGRESS, at("02T11:00"), bare)
    assert change.explanations == ("the clock goes on after 60 working minutes in awaiting_approval",)


def test_what_was_due_when_a_pause_began_went_off_then() -> None:
    ticket, _ = opened(at("02T09:00"))  # an answer within 8 hours: at 17:00
    for began, off in ((at("02T16:59"), False), (at("02T17:00"), True)):
        held = step(ticket, Phase.AWAITING_APPROVAL, began)
        change = on_phase(held, Phase.IN_PROGRESS, at("03T09:00"), SETTINGS)
        assert (set_to(change)["respond_breach"] is None) is off
        assert working_time.due(working_time.of(held), 480, SETTINGS, at("03T09:00")) == (
            at("02T17:00") if off else at("03T09:00") + MINUTE
        )


def test_a_change_that_leaves_a_promise_due_now_alarms_no_second_time() -> None:
    ticket, _ = opened(at("02T09:00"))
    sooner = replace(SETTINGS, service_levels={"standard": replace(STANDARD, warn_percent=50)})
    for now, off in ((at("02T17:00"), True), (at("02T17:00") - MINUTE, False)):
        change = on_change(ticket, now, sooner, ACME)
        assert (set_to(change)["respond_breach"] is None) is off


def test_a_call_back_is_kept_once_it_is_due_and_else_counts_from_now() -> None:
    ticket, _ = opened(at("02T20:00"), ONCALL)
    critical = replace(ticket, severity=Severity.INFRASTRUCTURE)
    change = on_change(critical, at("02T21:00"), SETTINGS, ONCALL)
    assert isinstance(clock := change.change.clock, PromiseClock)
    assert clock.call_back_by == at("02T21:30")
    again = replace(STANDARD, respond_hours={"infrastructure": 1})
    later = on_change(
        applied(critical, change),
        at("02T21:10"),
        replace(SETTINGS, service_levels={"standard": again}),
        ONCALL,
    )
    assert isinstance(clock := later.change.clock, PromiseClock)
    assert clock.call_back_by == at("02T21:30")
    none = replace(SETTINGS, service_levels={"standard": replace(STANDARD, call_back_minutes=0)})
    bare = on_change(critical, at("02T21:00"), none, ONCALL)
    assert isinstance(clock := bare.change.clock, PromiseClock)
    assert clock.call_back_by is None


# ------------------------------------------------------------------------------------- the next answer


def waits(moment: str = "02T14:00", *, answered: bool = True) -> TicketFacts:
    """A customer who waits since then for words of ours, after a first answer or before any."""
    ticket, _ = opened(at("02T09:00"))
    if answered:
        ticket = replace(ticket, responded_at=at("02T10:00"), phase=Phase.IN_PROGRESS)
    return applied(ticket, waiting.customer_wrote(ticket, at(moment), SETTINGS))


def test_a_change_counts_the_next_answer_anew_from_when_the_customer_wrote() -> None:
    change = on_change(replace(waits(), severity=Severity.SYSTEM), at("02T15:00"), SETTINGS, ACME)
    assert change.change.reply_by == at("03T09:00")  # four hours from 14:00, three of them today
    first = on_change(
        replace(waits(answered=False), severity=Severity.SYSTEM), at("02T15:00"), SETTINGS, ACME
    )
    assert first.change.reply_by == first.change.respond_by == at("02T13:00")
    later_only = replace(STANDARD, respond_hours={}, reply_hours={"user": 8, "system": 4})
    bare = replace(SETTINGS, service_levels={"standard": later_only})
    unpromised = on_change(
        replace(waits(answered=False), severity=Severity.SYSTEM), at("02T15:00"), bare, ACME
    )
    assert (unpromised.change.respond_by, unpromised.change.reply_by) == (None, at("03T09:00"))
    lost = on_change(waits(), at("02T15:00"), SETTINGS, None)
    assert lost.change.reply_by is None


def unheard() -> TicketFacts:
    """Our last words did not reach them: due as if they had asked, though they did not write."""
    ticket, _ = opened(at("02T09:00"))
    ticket = replace(ticket, responded_at=at("02T10:00"), phase=Phase.IN_PROGRESS)
    return applied(ticket, waiting.undelivered(ticket, ("a@acme.example",), at("02T14:00"), SETTINGS))


def test_words_that_did_not_arrive_stay_due_through_changes_and_pauses() -> None:
    ticket = unheard()
    assert (ticket.waiting_since, ticket.reply_by) == (None, at("03T13:00"))
    changed = on_change(replace(ticket, severity=Severity.SYSTEM), at("02T15:00"), SETTINGS, ACME)
    assert changed.change.reply_by == at("03T13:00")
    held = step(ticket, Phase.AWAITING_APPROVAL, at("02T15:00"))
    went_on = on_phase(held, Phase.IN_PROGRESS, at("02T16:00"), SETTINGS)
    assert went_on.change.reply_by is UNSET
    assert alarms(went_on)["reply_breach"] == at("03T13:00")


def test_until_the_first_answer_its_promise_is_watched_and_else_the_next_answer() -> None:
    first = waits(answered=False)
    no_promise = replace(first, respond_by=None)
    for one, watched in (
        (waits(), True),
        (first, False),
        (no_promise, True),
        (replace(waits(), respond_by=None), True),
    ):
        assert any(deadline.at for deadline in reply_alarms(one, SETTINGS, at("02T15:00"))) is watched
    silent = replace(waits(), reply_by=None)
    assert not any(deadline.at for deadline in reply_alarms(silent, SETTINGS, at("02T15:00")))


def test_a_warning_that_comes_no_sooner_than_the_promise_is_none() -> None:
    ticket = waits()  # due 03T13:00, warned of after six of eight hours: 03T11:00
    for due, warned in (("03T13:00", True), ("03T11:00", False), ("03T10:00", False)):
        found = {
            one.type: one.at
            for one in reply_alarms(replace(ticket, reply_by=at(due)), SETTINGS, at("02T15:00"))
        }
        assert (found[D.REPLY_WARNING] is not None) is warned
        assert found[D.REPLY_BREACH] == at(due)
    bare = replace(ticket, state=replace(ticket.state, clock=replace(working_time.of(ticket), level="")))
    found = {one.type: one.at for one in reply_alarms(bare, SETTINGS, at("02T15:00"))}
    assert found == {D.REPLY_WARNING: None, D.REPLY_BREACH: at("03T13:00")}
    assert working_time.calendar_of(working_time.of(bare), SETTINGS) is None


def test_a_new_ticket_has_the_alarms_that_it_needs_and_removes_none() -> None:
    new = replace(waits(), number=NEW)
    assert {one.type for one in reply_alarms(new, SETTINGS, at("02T15:00"))} == set(clocks.REPLIED)
    assert reply_alarms(replace(new, reply_by=None), SETTINGS, at("02T15:00")) == ()
