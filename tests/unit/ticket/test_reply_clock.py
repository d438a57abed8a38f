"""How long a customer's mail may wait for words of ours, each case with the minutes counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from maild.model import CompanyFacts, TicketFacts
from maild.ticket import clocks, due, waiting, working_time
from maild.ticket.clocks import at_start, on_change, on_phase, reply_alarms
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET, Pause, PromiseClock, TicketState
from maild.ticket.vocabulary import DeadlineType, LastWord, Severity
from tests.unit.ticket.promised import promise
from tests.unit.ticket.test_clocks import ACME, ONCALL, SETTINGS, STANDARD, alarms, applied, at, opened, step

#: an answer to the first mail within 8 hours of work, to each later one within 4
LATER = replace(
    SETTINGS,
    service_levels={"standard": replace(STANDARD, reply_hours={"user": 4}, resolve_hours={})},
)


def asked_again(
    moment: datetime, settings: Any = SETTINGS, company: CompanyFacts | None = ACME
) -> TicketFacts:
    """Opened on Monday at nine, answered at ten, and the customer wrote again."""
    first = at("02T09:00")
    made = promise(company, Severity.USER, "", first, settings)
    ticket, _ = opened(first, company)
    ticket = applied(ticket, at_start(ticket, made, settings, company))
    ticket = replace(ticket, responded_at=at("02T10:00"), phase=Phase.IN_PROGRESS)
    return applied(ticket, waiting.customer_wrote(ticket, moment, settings))


def test_the_first_mail_waits_for_its_promise() -> None:
    made = promise(ACME, Severity.USER, "", at("02T09:00"), SETTINGS)
    ticket, _ = opened(at("02T09:00"))
    waits = applied(ticket, at_start(replace(ticket, waiting_since=at("02T09:00")), made, SETTINGS, ACME))
    assert waits.reply_by == waits.respond_by == at("02T17:00")
    assert ticket.reply_by is None
    # until it is answered the promise of an answer is all that is watched
    change = at_start(replace(ticket, waiting_since=at("02T09:00")), made, SETTINGS, ACME)
    assert not set(alarms(change)) & set(clocks.REPLIED)


@pytest.mark.parametrize(("settings", "until"), [(SETTINGS, "03T13:00"), (LATER, "03T09:00")])
def test_a_later_mail_waits_as_the_contract_says_of_later_mails_or_of_the_first(
    settings: Any, until: str
) -> None:
    waits = asked_again(at("02T14:00"), settings)
    # 14:00 to 17:00, and what is left of 8 hours or of 4 on the next day
    assert waits.reply_by == at(until)
    assert (waits.last_word, waits.waiting_since) == (LastWord.CUSTOMER, at("02T14:00"))


def test_the_second_mail_of_a_waiting_customer_moves_nothing() -> None:
    waits = asked_again(at("02T14:00"))
    again = applied(waits, waiting.customer_wrote(waits, at("03T09:00"), SETTINGS))
    assert (again.waiting_since, again.reply_by) == (at("02T14:00"), at("03T13:00"))
    moved = replace(waits, reply_by=at("05T09:00"))  # by a decision of others, meanwhile
    assert applied(moved, waiting.customer_wrote(moved, at("04T09:00"), SETTINGS)).reply_by == at("05T09:00")


def test_who_writes_while_our_answer_is_due_again_waits_from_then() -> None:
    unheard = replace(asked_again(at("02T14:00")), waiting_since=None, reply_by=at("02T15:00"))
    assert applied(unheard, waiting.customer_wrote(unheard, at("03T09:00"), SETTINGS)).reply_by == at(
        "03T17:00"
    )


def test_a_contract_that_promises_no_answer_makes_none_due() -> None:
    level = replace(STANDARD, respond_hours={}, reply_hours={})
    bare = replace(SETTINGS, service_levels={"standard": level})
    made = promise(ACME, Severity.USER, "", at("02T09:00"), bare)
    ticket, _ = opened(at("02T09:00"))
    ticket = applied(ticket, at_start(ticket, made, bare, ACME))
    assert waiting.customer_wrote(ticket, at("02T14:00"), bare).change.reply_by is None
    waits = replace(
        ticket, waiting_since=at("02T14:00"), responded_at=at("02T10:00"), phase=Phase.IN_PROGRESS
    )
    held = step(waits, Phase.AWAITING_APPROVAL, at("02T16:00"))
    assert on_phase(held, Phase.IN_PROGRESS, at("04T08:00"), bare).change.reply_by is None
    assert on_change(
        replace(waits, severity=Severity.SYSTEM), at("02T15:00"), bare, ACME
    ).change.reply_by in (
        None,
        UNSET,
    )
    assert {one.at for one in reply_alarms(replace(waits, reply_by=None), bare, at("02T15:00"))} == {None}


def test_while_others_decide_nobody_is_alarmed_of_an_answer() -> None:
    waits = asked_again(at("02T14:00"))
    for phase, silent in (
        (Phase.IN_PROGRESS, False),
        (Phase.AWAITING_APPROVAL, True),
        (Phase.WAITING_CUSTOMER, True),
    ):
        found = {one.at for one in reply_alarms(replace(waits, phase=phase), SETTINGS, at("02T15:00"))}
        assert (found == {None}) is silent, phase
    unheard = replace(waits, phase=Phase.WAITING_CUSTOMER, waiting_since=None)
    assert at("03T13:00") in {one.at for one in reply_alarms(unheard, SETTINGS, at("02T15:00"))}


@pytest.mark.parametrize(
    ("type_", "fields", "means"),
    [
        (DeadlineType.REPLY_BREACH, {}, True),
        (DeadlineType.REPLY_BREACH, {"reply_by": None}, False),
        (DeadlineType.REPLY_BREACH, {"phase": Phase.AWAITING_APPROVAL}, False),
        (DeadlineType.RESOLVE_BREACH, {}, True),
        (DeadlineType.RESOLVE_BREACH, {"phase": Phase.WAITING_CUSTOMER}, False),
        (DeadlineType.RESPOND_BREACH, {}, False),
        (DeadlineType.RESPOND_BREACH, {"responded_at": None}, True),
        (DeadlineType.AUTO_CLOSE, {}, False),
    ],
)
def test_what_goes_off_and_still_means_something(type_: DeadlineType, fields: Any, *, means: bool) -> None:
    assert clocks.is_due(replace(asked_again(at("02T14:00")), **fields), type_) is means


def test_without_a_contract_nothing_is_due() -> None:
    waits = asked_again(at("02T14:00"), company=None)
    assert (waits.waiting_since, waits.reply_by) == (at("02T14:00"), None)
    assert waiting.customer_wrote(waits, at("02T15:00"), SETTINGS).change.reply_by is None


def test_the_owner_is_warned_before_the_answer_is_due() -> None:
    waits = asked_again(at("02T14:00"))
    found = {one.type: one.at for one in reply_alarms(waits, SETTINGS, at("02T14:00"))}
    # 75 % of 8 hours: 3 on Monday, 3 on Tuesday
    assert found == {DeadlineType.REPLY_WARNING: at("03T11:00"), DeadlineType.REPLY_BREACH: at("03T13:00")}


def test_no_warning_comes_after_what_it_warns_of() -> None:
    waits = replace(asked_again(at("02T14:00")), reply_by=at("03T09:00"))
    found = {one.type: one.at for one in reply_alarms(waits, SETTINGS, at("02T14:00"))}
    assert found == {DeadlineType.REPLY_WARNING: None, DeadlineType.REPLY_BREACH: at("03T09:00")}


def test_an_answer_ends_the_wait_and_its_alarms() -> None:
    waits = asked_again(at("02T14:00"))
    change = waiting.answered(waits)
    assert {one.type for one in change.deadlines if one.at is None} == set(clocks.REPLIED)
    told = applied(waits, change)
    assert (told.waiting_since, told.reply_by, told.last_word) == (None, None, LastWord.AGENT)
    assert waiting.answered(told).deadlines == ()


def test_what_others_decide_meanwhile_takes_nothing_of_the_time_that_was_left() -> None:
    waits = asked_again(at("02T14:00"))
    held = step(waits, Phase.AWAITING_APPROVAL, at("02T16:00"))  # 2 of 8 hours are used
    back = step(held, Phase.IN_PROGRESS, at("04T08:00"))
    assert back.reply_by == at("04T14:00")
    late = step(replace(held, waiting_since=at("02T16:00")), Phase.IN_PROGRESS, at("04T08:00"))
    assert late.reply_by == at("04T16:00")


def test_what_was_overdue_before_a_decision_is_due_when_it_came() -> None:
    waits = asked_again(at("02T10:00"))
    held = step(waits, Phase.AWAITING_APPROVAL, at("04T08:00"))
    assert step(held, Phase.IN_PROGRESS, at("05T08:00")).reply_by == at("05T08:00")


def test_after_a_decision_nobody_waits_who_did_not_wait_before() -> None:
    ticket, _ = opened(at("02T09:00"))
    held = step(ticket, Phase.AWAITING_APPROVAL, at("02T10:00"))
    assert step(held, Phase.RECEIVED, at("03T10:00")).reply_by is None


def test_a_clock_that_goes_on_says_until_when_what_is_not_answered_or_not_solved() -> None:
    ticket, _ = opened(at("02T09:00"))
    held = step(ticket, Phase.AWAITING_APPROVAL, at("02T10:00"))
    (why,) = on_phase(held, Phase.RECEIVED, at("02T11:00"), SETTINGS).explanations
    assert "after 60 working minutes in awaiting_approval; respond by Tuesday 2026-11-03 09:00" in why
    answered = replace(held, responded_at=at("02T09:30"))
    (why,) = on_phase(answered, Phase.RECEIVED, at("02T11:00"), SETTINGS).explanations
    assert "resolve by Tuesday 2026-11-03 17:00" in why


def test_another_severity_gives_the_waiting_mail_another_time() -> None:
    waits = asked_again(at("02T14:00"))
    change = on_change(replace(waits, severity=Severity.SYSTEM), at("02T15:00"), SETTINGS, ACME)
    assert change.change.reply_by == at("03T09:00")  # 4 hours from 14:00
    calm = replace(waits, waiting_since=None, reply_by=None, severity=Severity.SYSTEM)
    assert on_change(calm, at("02T15:00"), SETTINGS, ACME).change.reply_by is None
    lost = on_change(waits, at("02T15:00"), SETTINGS, None)
    assert lost.change.reply_by is None


def test_answer_that_did_not_arrive_is_due_again() -> None:
    ticket = replace(asked_again(at("02T14:00")), waiting_since=None, reply_by=None)
    change = waiting.undelivered(ticket, ("a@acme.example", "a@acme.example"), at("02T16:00"), SETTINGS)
    assert change.change.undelivered == ("a@acme.example",)
    assert change.change.reply_by == at("03T15:00")
    waits = replace(ticket, waiting_since=at("02T14:00"), reply_by=at("03T13:00"))
    again = applied(waits, waiting.undelivered(waits, ("b@acme.example",), at("02T16:00"), SETTINGS))
    assert (again.reply_by, again.state.undelivered) == (at("03T13:00"), ("b@acme.example",))


def test_who_waited_on_a_merged_ticket_waits_on_the_other_since_then() -> None:
    waits, calm = asked_again(at("02T14:00")), replace(asked_again(at("02T15:00")), number=8)
    now = at("02T16:00")
    change = waiting.merged(waits, calm, SETTINGS, now).change
    assert (change.waiting_since, change.reply_by) == (at("02T14:00"), at("03T13:00"))
    nobody = replace(calm, waiting_since=None, reply_by=None)
    assert waiting.merged(nobody, waits, SETTINGS, now) == clocks.ClockChange()
    assert waiting.merged(waits, nobody, SETTINGS, now).change.waiting_since == at("02T14:00")
    for phase, goes in (
        (Phase.AWAITING_APPROVAL, True),
        (Phase.WAITING_CUSTOMER, True),
        (Phase.CLOSED, False),
    ):
        assert bool(waiting.merged(waits, replace(calm, phase=phase), SETTINGS, now).deadlines) is goes


def test_until_when_each_promise_runs() -> None:
    ticket, _ = opened(at("02T09:00"), ONCALL, severity="infrastructure")
    ticket = replace(ticket, reply_by=at("02T09:45"))
    assert {what: clocks.promised(ticket, what) for what in ("respond", "resolve", "reply", "call_back")} == {
        "respond": at("02T11:00"),
        "resolve": at("02T13:00"),
        "reply": at("02T09:45"),
        "call_back": at("02T09:30"),
    }
    assert clocks.promised(replace(ticket, state=TicketState()), "call_back") is None


def test_what_is_due_next_in_each_phase() -> None:
    hour = timedelta(hours=1)
    now = at("02T09:00")
    given: dict[str, Any] = {
        "call_back_by": now + hour, "respond_by": now + 2 * hour, "scheduled_for": now + 3 * hour,
        "reply_by": now + 4 * hour, "resolve_by": now + 5 * hour, "responded_at": None,
    }  # fmt: skip

    def next_due(phase: Phase, **fields: Any) -> float | None:
        found = due.next_due(phase, **given | fields)
        return None if found is None else (found - now) / hour

    assert next_due(Phase.RECEIVED) == 1
    assert next_due(Phase.RECEIVED, call_back_by=None) == 2
    assert next_due(Phase.RECEIVED, responded_at=now) == 4
    assert next_due(Phase.SCHEDULED, responded_at=now) == 3
    assert next_due(Phase.WAITING_CUSTOMER) == 4
    assert next_due(Phase.WAITING_CUSTOMER, reply_by=None) == 5
    assert next_due(Phase.WAITING_CUSTOMER, reply_by=None, resolve_by=None) is None
    assert {phase for phase in Phase if next_due(phase) is None} == {
        Phase.AWAITING_APPROVAL, Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED, Phase.MERGED,
    }  # fmt: skip
    ticket, _ = opened(now, ONCALL, severity="infrastructure")
    assert due.of(ticket, ticket.state) == at("02T09:30")
    assert due.of(ticket, TicketState()) == at("02T11:00")


def test_pauses_are_told_with_the_phase_and_the_working_minutes() -> None:
    ticket, _ = opened(at("02T09:00"))
    waits = step(ticket, Phase.WAITING_CUSTOMER, at("02T16:00"))
    clock = working_time.of(step(waits, Phase.RECEIVED, at("03T09:00")))
    held = working_time.paused(clock, at("03T10:00"), Phase.AWAITING_APPROVAL)
    assert working_time.waits(held, SETTINGS, at("03T10:30")) == (
        ("waiting_customer", 120),
        ("awaiting_approval", 30),
    )
    nobodys = PromiseClock(at("02T09:00"), pauses=(Pause(at("02T10:00"), at("02T11:00")),))
    assert working_time.waits(nobodys, SETTINGS, at("03T10:30")) == ()


def test_a_ticket_without_a_clock_that_waits_has_waited_since_it_was_changed() -> None:
    ticket, _ = opened(at("02T09:00"), None)
    bare = replace(ticket, state=TicketState(), phase=Phase.WAITING_CUSTOMER, updated_at=at("02T10:00"))
    (pause,) = working_time.of(bare).pauses
    assert (pause.began, pause.ended, pause.phase) == (at("02T10:00"), None, Phase.WAITING_CUSTOMER)
    assert working_time.of(replace(bare, phase=Phase.RECEIVED)).pauses == ()
    assert alarms(on_phase(bare, Phase.RECEIVED, at("02T11:00"), SETTINGS)) == {}


def test_the_clock_ran_between_its_pauses_and_not_in_an_open_one() -> None:
    ticket, _ = opened(at("02T09:00"))
    waits = step(step(ticket, Phase.WAITING_CUSTOMER, at("02T10:00")), Phase.RECEIVED, at("02T12:00"))
    clock = working_time.of(waits)
    ran = [(at("02T09:00"), at("02T10:00")), (at("02T12:00"), at("02T15:00"))]
    assert list(working_time.spans(clock, at("02T15:00"))) == ran
    held = working_time.paused(clock, at("02T14:00"), Phase.AWAITING_APPROVAL)
    assert list(working_time.spans(held, at("02T15:00"))) == [ran[0], (at("02T12:00"), at("02T14:00"))]


def test_an_alarm_that_goes_off_this_moment_goes_off_once() -> None:
    ticket, _ = opened(at("02T09:00"))
    now = at("02T13:00")  # the answer to a system's fault is due now
    first = applied(ticket, on_change(replace(ticket, severity=Severity.SYSTEM), now, SETTINGS, ACME))
    worse = replace(first, severity=Severity.INFRASTRUCTURE)
    assert "respond_breach" not in alarms(on_change(worse, now, SETTINGS, ACME))
