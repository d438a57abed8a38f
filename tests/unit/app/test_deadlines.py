"""What the desk does by itself when a moment comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.app import deadlines
from maild.model import AddEntry, Plan, SendNotice, SetDeadline, TicketFacts
from maild.settings import Team
from maild.ticket.entries import AlertDetails, CallDetails, MailDetails, PhaseDetails, ReplyDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import DeadlineType, EntryType, TicketKind
from tests.cases import cases
from tests.unit.app.act_world import (
    ACME,
    ANNA,
    BOSS,
    DAY,
    HOUR,
    MINUTE,
    SETTINGS,
    act,
    asking,
    asks,
    at,
    entry,
    nonce,
    of,
    promised,
    said,
)
from tests.unit.app.approval_world import consent, held, short_of
from tests.unit.factory import NOW

D = DeadlineType
ON = replace(promised(), owner="kata")
DUE = NOW + 8 * HOUR


def promise(type_: DeadlineType, now: Any, on: TicketFacts = ON, **more: Any) -> Plan:
    return deadlines.promise(on, type_, SETTINGS, now, company=ACME, **more)


def told(plan: Plan) -> list[str]:
    return [one.notice.to[0].address for one in of(SendNotice, plan.changes)]


# ------------------------------------------------------------------------------------- promises


def test_before_the_end_its_owner_is_warned_and_at_the_end_its_lead_as_well() -> None:
    warned = promise(D.RESPOND_WARNING, DUE - HOUR)
    assert said(warned.changes) == [
        "(the first answer promised by Monday 2026-11-02 18:30 is due soon; told kata)"
    ]  # fmt: skip
    assert told(warned) == ["kata@desk.example"]
    (note,) = of(AddEntry, warned.changes)
    assert (note.details, note.author) == (AlertDetails(promise="respond", breach=False), "maild")
    broken = promise(D.RESPOND_BREACH, DUE)
    assert said(broken.changes)[0].endswith("is overdue; told kata, lea)")
    assert told(broken) == ["kata@desk.example", "lea@desk.example"]
    assert of(AddEntry, broken.changes)[0].details == AlertDetails(promise="respond", breach=True)


def test_the_mail_names_the_promise_and_the_number_to_call() -> None:
    plan = promise(D.RESOLVE_BREACH, NOW + 16 * HOUR, phone="+36 1 234")
    data = of(SendNotice, plan.changes)[0].notice.data
    assert data["events"][0]["facts"][0]["code"] == "overdue_resolve"
    assert (data["phone"], data["about"]["company_name"]) == ("+36 1 234", "Acme")
    warned = promise(D.RESOLVE_WARNING, NOW + 15 * HOUR)
    assert of(SendNotice, warned.changes)[0].notice.data["events"][0]["facts"][0]["code"] == "due_resolve"


def test_a_call_back_of_which_no_moment_is_known_is_told_without_one() -> None:
    assert said(promise(D.CALL_BACK_BREACH, DUE).changes) == [
        "(the call-back promised is overdue; told kata, lea)"
    ]


@cases("type_", [D.RESPOND_WARNING, D.RESPOND_BREACH])
def test_what_was_answered_is_told_to_nobody(type_: DeadlineType) -> None:
    assert promise(type_, DUE, replace(ON, responded_at=NOW)) == Plan()


def test_a_warning_that_comes_after_the_end_is_none() -> None:
    assert promise(D.RESPOND_WARNING, DUE - MINUTE) != Plan()
    assert promise(D.RESPOND_WARNING, DUE) == Plan()
    assert promise(D.RESPOND_WARNING, DUE + HOUR) == Plan()


def test_where_nobody_can_be_told_the_log_says_so() -> None:
    alone = replace(SETTINGS, agents={}, teams={})
    plan = deadlines.promise(ON, D.RESPOND_BREACH, alone, DUE)
    assert said(plan.changes)[0].endswith("told nobody: no agent with an address)")


def test_at_night_only_an_on_call_ticket_wakes_who_is_on_call() -> None:
    rota = ({"from": "2026-11-01", "to": "2026-11-30", "agent": "lea"},)
    hours = replace(SETTINGS.calendars["office"], week=(((480, 1020),),) * 7)
    day = replace(
        SETTINGS, teams={"L1": Team("L1", oncall=rota, oncall_calendar="office")}, calendars={"office": hours}
    )
    clock = ON.state.clock
    assert clock is not None
    oncall = ON.after(TicketChange(clock=replace(clock, oncall=True)))
    assert told(deadlines.promise(ON, D.RESPOND_BREACH, day, DUE)) == ["kata@desk.example"]
    assert told(deadlines.promise(oncall, D.RESPOND_BREACH, day, DUE)) == [
        "kata@desk.example",
        "lea@desk.example",
    ]


# ------------------------------------------------------------------------------------- closing by itself

DONE = at(ON, Phase.RESOLVED, resolved_at=NOW)
THANKS = entry(2, text="It works, thanks.", details=MailDetails(thanks=True))


def closed(on: TicketFacts) -> dict[str, Any]:
    plan = deadlines.auto_close(act(agent="", at=NOW + 5 * DAY), on)
    assert on.after_all(plan.changes).phase is Phase.CLOSED
    step = next(one for one in of(AddEntry, plan.changes) if one.type is EntryType.PHASE)
    assert (step.author, step.channel, step.details.auto) == ("maild", "system", True)
    (sent,) = of(SendNotice, plan.changes)
    assert isinstance(sent.notice.data, dict)
    return dict(sent.notice.data)


def test_what_was_resolved_and_nobody_answered_closes_and_its_mail_says_why() -> None:
    assert closed(DONE)["auto"] is True
    assert not closed(replace(DONE, entries=(entry(1), THANKS))).get("auto")
    # what stands between is no word of theirs; a step of ours after it asks anew
    after = entry(3, "maild", "", EntryType.CLOCK)
    assert not closed(replace(DONE, entries=(THANKS, after))).get("auto")
    resolved = entry(3, "kata", "", EntryType.PHASE, PhaseDetails())
    assert closed(replace(DONE, entries=(THANKS, resolved)))["auto"] is True
    assert closed(replace(DONE, entries=(THANKS, entry(3, text="Hm."))))["auto"] is True


@pytest.mark.parametrize("phase", [one for one in Phase if one is not Phase.RESOLVED])
def test_what_is_not_resolved_does_not_close_by_itself(phase: Phase) -> None:
    assert deadlines.auto_close(act(agent=""), at(ON, phase)) == Plan()


def test_a_complaint_waits_for_its_review() -> None:
    led = replace(SETTINGS, teams={"complaints": Team("complaints", lead="lea")})
    by = replace(act(agent=""), settings=led)
    plan = deadlines.auto_close(by, replace(DONE, kind=TicketKind.COMPLAINT))
    assert DONE.after_all(plan.changes).phase is Phase.RESOLVED
    assert of(SetDeadline, plan.changes) == [SetDeadline(D.AUTO_CLOSE, 15789, NOW + DAY)]


# ------------------------------------------------------------------------------------- an outage is over


def over(on: TicketFacts, since: Any = NOW - HOUR) -> bool:
    plan = deadlines.outage_close(act(agent=""), on, since)
    if plan == Plan():
        return False
    (sent,) = of(SendNotice, plan.changes)
    assert sent.notice.data["auto"] is True
    step = next(one for one in of(AddEntry, plan.changes) if one.type is EntryType.PHASE)
    assert (step.author, step.details.auto) == ("maild", True)
    return on.after_all(plan.changes).phase is Phase.CLOSED


def test_a_ticket_of_an_outage_that_is_over_closes_unless_something_is_open() -> None:
    assert over(ON)
    assert over(DONE)
    assert not over(at(ON, Phase.CLOSED))
    assert not over(at(ON, Phase.MERGED))
    assert not over(held())
    assert not over(asks(ON))


@cases(
    ("one", "closes"),
    [
        (entry(1), False),
        (entry(1, "kata", "Hm.", EntryType.REPLY, ReplyDetails()), False),
        (entry(1, "kata", "Hm.", EntryType.CALL, CallDetails(by=ANNA)), False),
        (entry(1, "kata", "Hm.", EntryType.NOTE), True),
        (entry(1, details=MailDetails(thanks=True)), True),
        (entry(1, at=NOW - HOUR), True),
        (entry(1, at=NOW - HOUR - MINUTE), True),
    ],
)
def test_who_wrote_since_then_keeps_it_open(one: Any, closes: bool) -> None:
    assert over(replace(ON, entries=(one,))) is closes
    assert over(replace(ON, entries=(one,)), None)


# ------------------------------------------------------------------------------------- consents

HELD = asks(held(entries=(asking(1),)))


def remind(one: Any) -> list[str]:
    return short_of(deadlines.consent_remind(act(agent=""), HELD, one, nonce).changes)


def test_who_has_not_answered_is_reminded() -> None:
    assert remind(consent()) == [
        f"token of C12 for {BOSS}",
        "log reminded",
        f"mail approval_reminder to {BOSS}",
    ]
    assert remind(None) == []
    assert remind(consent(state=ConsentState.EXPIRED)) == []
    assert remind(consent(approvers=())) == []


def test_what_nobody_answered_expires_at_its_moment_and_not_before() -> None:
    def expire(one: Any) -> Plan:
        return deadlines.consent_expire(act(agent=""), HELD, one)

    assert short_of(expire(consent(expires_at=NOW)).changes)[0] == "C12 expired maild"
    later = NOW + timedelta(seconds=1)
    assert expire(consent(expires_at=later)).changes == (SetDeadline(D.CONSENT_EXPIRE, 15789, later),)
    assert expire(None) == Plan()
    assert expire(consent(state=ConsentState.GRANTED, expires_at=NOW)) == Plan()
