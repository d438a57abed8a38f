"""One act of an agent at a time: what it does to the ticket, who is told, and what is refused with what to do instead."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from maild.app import acts
from maild.errors import Refused
from maild.model import AddEntry, Change, Plan, SendNotice, SetDeadline, TicketFacts, UpdateTicket
from maild.ticket.entries import ChangeDetails, PhaseDetails, ReplyDetails
from maild.ticket.moving import DESK, Actor
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import DeadlineType, EntryType, LastWord, TicketKind
from tests.cases import cases
from tests.unit.app.act_world import (
    ANNA,
    DAY,
    HOUR,
    MINUTE,
    SETTINGS,
    act,
    at,
    entry,
    of,
    promised,
    refused,
    said,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.factory import NOW

WAITS = replace(promised(), last_word=LastWord.CUSTOMER, waiting_since=NOW - HOUR)


def sent(plan: Plan) -> dict[str, Any]:
    (one,) = of(SendNotice, plan.changes)
    return {"name": one.notice.name, **one.notice.data}


def step(plan: Plan) -> AddEntry:
    (one,) = [c for c in of(AddEntry, plan.changes) if c.type is EntryType.PHASE]
    assert isinstance(one, AddEntry)
    return one


# ------------------------------------------------------------------------------------- steps


def test_a_step_answers_the_customer_and_says_who_made_it() -> None:
    plan = acts.phase(act(), WAITS, Phase.IN_PROGRESS, "We look.")
    now = WAITS.after_all(plan.changes)
    assert (now.phase, now.last_word, now.waiting_since, now.responded_at) == (
        Phase.IN_PROGRESS, LastWord.AGENT, None, NOW,
    )  # fmt: skip
    assert (sent(plan)["actor"], sent(plan)["message"]) == ("Kata Nagy", "We look.")
    assert (step(plan).author, step(plan).channel, step(plan).text) == ("kata", "cli", "We look.")
    by_mail = acts.phase(act(channel="email"), WAITS, Phase.IN_PROGRESS)
    assert step(by_mail).channel == "email"


def test_what_the_desk_does_answers_nobody() -> None:
    plan = Plan(tuple(acts.move(act(agent=""), WAITS, Phase.IN_PROGRESS)))
    assert WAITS.after_all(plan.changes).last_word is LastWord.CUSTOMER
    assert (step(plan).author, step(plan).channel) == (DESK.name, DESK.channel)
    assert act(agent="").actor == DESK
    assert act().actor == Actor("kata", "cli", agent=True)


def test_the_mail_of_a_step_says_who_made_it_and_goes_to_those_who_may_be_told() -> None:
    def told(on: TicketFacts, **more: Any) -> list[str]:
        return [one.notice.name for one in of(SendNotice, acts.move(act(), on, Phase.RESOLVED, **more))]

    assert told(WAITS) == ["resolved"]
    assert told(WAITS, notice=None) == []
    assert told(WAITS, notice="closed") == ["closed"]
    assert told(replace(WAITS, team="spam")) == []
    assert told(replace(WAITS, company=None)) == []
    wrote = entry(1, "kata", "Hello.", EntryType.REPLY, ReplyDetails())
    assert told(replace(WAITS, company=None, entries=(wrote,))) == ["resolved"]
    assert told(replace(WAITS, requester="", participants=())) == []
    plan = Plan(tuple(acts.move(act(), WAITS, Phase.RESOLVED, actor=Actor("lea", "web"))))
    assert (sent(plan)["actor"], step(plan).author, step(plan).channel) == ("Lea Kis", "lea", "web")


def test_the_closing_mail_asks_if_they_are_content_where_the_desk_wants_to_know() -> None:
    asking = replace(SETTINGS, survey=replace(SETTINGS.survey, ask="closed"))
    asks = replace(act(), settings=asking)
    assert sent(acts.close(asks, WAITS))["asks_rating"] is True
    assert not sent(acts.close(act(), WAITS)).get("asks_rating")
    assert not sent(acts.phase(asks, WAITS, Phase.RESOLVED)).get("asks_rating")
    assert not sent(acts.close(asks, replace(WAITS, kind=TicketKind.COMPLAINT))).get("asks_rating")


@cases(
    ("on", "new", "words"),
    [
        (WAITS, Phase.MERGED, ["`maild merge 15789 INTO`"]),
        (held(), Phase.IN_PROGRESS, ["#15789 is held"]),
        (held(), Phase.AWAITING_APPROVAL, ["#15789 is held"]),
        (WAITS, Phase.AWAITING_APPROVAL, ["`maild approval request 15789`"]),
        (WAITS, Phase.RECEIVED, ["#15789 is received already; `maild reply 15789`"]),
        (WAITS, Phase.SCHEDULED, ["say when: `maild phase 15789 scheduled --at TIME`"]),
        (at(WAITS, Phase.CLOSED), Phase.ACCEPTED, ["cannot go from closed to accepted"]),
    ],
)
def test_steps_that_are_refused(on: TicketFacts, new: Phase, words: list[str]) -> None:
    refused(lambda: acts.phase(act(), on, new), *words)


@pytest.mark.parametrize("phase", [Phase.CLOSED, Phase.REJECTED, Phase.RESOLVED])
def test_back_to_work_is_a_reopening(phase: Phase) -> None:
    plan = acts.phase(act(), at(WAITS, phase), Phase.IN_PROGRESS, "Again.")
    assert sent(plan)["name"] == ("in_progress" if phase is Phase.RESOLVED else "reopened")
    assert sent(plan)["message"] == "Again."


# ------------------------------------------------------------------------------------- an agreed date


def test_a_date_is_agreed_moved_and_told() -> None:
    later = NOW + 3 * HOUR
    plan = acts.phase(act(), WAITS, Phase.SCHEDULED, at=later)
    now = WAITS.after_all(plan.changes)
    assert now.state.scheduled_for == later
    assert step(plan).details == PhaseDetails(old=Phase.RECEIVED, new=Phase.SCHEDULED, scheduled_for=later)
    assert (sent(plan)["name"], sent(plan).get("moved"), sent(plan).get("promised_by")) == (
        "scheduled",
        None,
        None,
    )
    again = acts.phase(act(), now, Phase.SCHEDULED, at=later + HOUR)
    assert sent(again)["moved"] is True
    assert now.after_all(again.changes).state.scheduled_for == later + HOUR
    refused(lambda: acts.phase(act(), now, Phase.SCHEDULED), "say when")


def test_a_date_after_the_promise_is_told_as_such() -> None:
    assert WAITS.resolve_by == NOW + 16 * HOUR

    def promised_by(on: TicketFacts, when: Any, now: Any = NOW) -> bool:
        return bool(sent(acts.phase(act(at=now), on, Phase.SCHEDULED, at=when)).get("promised_by"))

    assert promised_by(WAITS, NOW + 17 * HOUR)
    assert not promised_by(WAITS, NOW + 16 * HOUR)
    assert not promised_by(WAITS, NOW + 20 * HOUR, NOW + 16 * HOUR)  # broken already
    assert not promised_by(replace(WAITS, resolve_by=None), NOW + 17 * HOUR)


def test_a_date_is_in_the_future_and_goes_with_one_phase() -> None:
    refused(lambda: acts.phase(act(), WAITS, Phase.SCHEDULED, at=NOW), "Mon 2 Nov 10:30 is in the past")
    assert acts.phase(act(), WAITS, Phase.SCHEDULED, at=NOW + MINUTE)
    refused(
        lambda: acts.phase(act(), WAITS, Phase.ACCEPTED, at=NOW + DAY), "--at goes with the phase `scheduled`"
    )
    assert all(
        "scheduled_for" not in c.change.of_state()
        for c in of(UpdateTicket, acts.phase(act(), WAITS, Phase.ACCEPTED).changes)
    )


# ------------------------------------------------------------------------------------- whose it is


def assigned(changes: tuple[Change, ...]) -> tuple[TicketChange, str, bool, ChangeDetails]:
    update, note = changes
    assert isinstance(update, UpdateTicket)
    assert isinstance(note, AddEntry)
    assert isinstance(note.details, ChangeDetails)
    assert note.type is EntryType.ASSIGN
    return update.change, note.text, note.public, note.details


def test_taking_a_new_ticket_accepts_it_and_leaves_its_customer_waiting() -> None:
    plan = acts.take(act(), WAITS)
    now = WAITS.after_all(plan.changes)
    assert (now.owner, now.phase, now.last_word) == ("kata", Phase.ACCEPTED, LastWord.CUSTOMER)
    assert sent(plan)["name"] == "accepted"
    assert acts.take(act(), replace(WAITS, owner="kata"))
    assert assigned(acts.take(act(), at(WAITS, Phase.IN_PROGRESS)).changes) == (
        TicketChange(owner="kata"), "taken by kata", False, ChangeDetails(owner="kata"),
    )  # fmt: skip


def test_what_is_not_taken() -> None:
    refused(
        lambda: acts.take(act(), replace(WAITS, owner="lea")), "belongs to lea; `maild assign 15789 kata`"
    )
    refused(lambda: acts.take(act(), at(WAITS, Phase.CLOSED)), "#15789 is closed; `maild reopen 15789`")
    merged = replace(at(WAITS, Phase.MERGED), merged_into=15790)
    refused(lambda: acts.take(act(), merged), "#15789 was merged; the work goes on in #15790")
    refused(lambda: acts.take(act(), at(WAITS, Phase.ACCEPTED, owner="kata")), "#15789 is yours already")


def test_a_ticket_is_given_to_an_agent_or_to_a_team() -> None:
    assert assigned(acts.assign(act(), WAITS, "lea").changes) == (
        TicketChange(owner="lea"), "assigned to lea", False, ChangeDetails(owner="lea"),
    )  # fmt: skip
    change, text, _, _ = assigned(acts.assign(act(), WAITS, "complaints", "theirs").changes)
    assert (change, text) == (TicketChange(team="complaints"), "assigned to complaints: theirs")
    refused(
        lambda: acts.assign(act(), at(WAITS, Phase.MERGED, merged_into=7), "lea"), "#15789 was merged into #7"
    )
    refused(lambda: acts.assign(act(), WAITS, "nobody"), "nobody")


# ------------------------------------------------------------------------------------- words, ends


def test_a_note_is_for_agents_and_has_words() -> None:
    assert said(acts.note(act(), WAITS, "Ask Bela.").changes) == ["(Ask Bela.)"]
    for nothing in ("", " \n", "\u200b"):
        refused(partial(acts.note, act(), WAITS, nothing), "a note needs words")


def test_a_ticket_closes_with_one_mail() -> None:
    assert short_of(acts.close(act(), WAITS, "Done.").changes) == ["phase closed", f"mail closed to {ANNA}"]
    refused(lambda: acts.close(act(), at(WAITS, Phase.CLOSED)), "#15789 is closed already")
    refused(lambda: acts.close(act(consent()), held()), "C12")


@pytest.mark.parametrize("phase", list(Phase))
def test_what_is_done_is_reopened_and_what_is_open_is_not(phase: Phase) -> None:
    on = at(WAITS, phase, merged_into=7 if phase is Phase.MERGED else None)
    if phase in (Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED):
        plan = acts.reopen(act(), on, "Sorry.")
        assert (on.after_all(plan.changes).phase, sent(plan)["name"]) == (Phase.IN_PROGRESS, "reopened")
    else:
        with pytest.raises(
            Refused, match="^#15789 is .*, not closed" + ("; work goes on in #7$" if on.merged_into else "$")
        ):
            acts.reopen(act(), on)


def test_alarms_of_a_closed_ticket_are_over() -> None:
    gone = {c.type for c in of(SetDeadline, acts.close(act(), WAITS).changes) if c.at is None}
    assert gone >= {DeadlineType.RESPOND_BREACH, DeadlineType.RESOLVE_BREACH}
