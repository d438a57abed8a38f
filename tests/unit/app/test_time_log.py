"""What is logged of work: raw and billed minutes, corrections, and the ceiling that the customer agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maild.app.acts import ActContext
from maild.app.time_log import LoggedTime, log
from maild.consent import costs
from maild.errors import Refused
from maild.model import AddEntry, AddTime, CompanyFacts, Plan, SendNotice
from maild.settings import Agent, Settings, Time
from maild.ticket.phases import ConsentState
from maild.ticket.state import AnnouncedCost
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType
from tests.unit.app.approval_world import consent
from tests.unit.factory import NOW, ticket

SETTINGS = Settings(
    agents={
        "kata": Agent("kata", "kata@desk.example", ("L1",)),
        "lea": Agent("lea", "l@desk.example", ("L1",)),
    }
)
ACT = ActContext(SETTINGS, NOW, "kata")
DAY = timedelta(days=1)


def times(plan: Plan) -> list[AddTime]:
    return [one for one in plan.changes if isinstance(one, AddTime)]


def entries(plan: Plan) -> list[AddEntry]:
    return [one for one in plan.changes if isinstance(one, AddEntry)]


@pytest.mark.parametrize(
    ("fields", "billed", "text"),
    [
        ({}, 30, "20 min, billed 30 min"),
        ({"message": "cable"}, 30, "20 min, billed 30 min: cable"),
        ({"message": "sorry", "courtesy": True}, 0, "20 min, billed 0 min (courtesy): sorry"),
        ({"message": "ours", "own_fault": True}, 0, "20 min, billed 0 min (our own fault): ours"),
    ],
)
def test_an_entry_keeps_the_minutes_and_bills_whole_quanta(
    fields: dict[str, Any], billed: int, text: str
) -> None:
    plan = log(ACT, ticket(), 20, **fields)
    (made,) = times(plan)
    assert (made.raw_minutes, made.billed_minutes, made.agent, made.outside, made.corrects) == (
        20,
        billed,
        "kata",
        False,
        None,
    )
    assert (made.courtesy, made.own_fault) == (fields.get("courtesy", False), fields.get("own_fault", False))
    (entry,) = entries(plan)
    assert (entry.type, entry.text, entry.public) == (EntryType.TIME, text, False)
    assert entry.details.corrects is None  # type: ignore[attr-defined]


def test_a_correction_takes_back_the_whole_entry_and_logs_another() -> None:
    for marks in ({}, {"courtesy": True}, {"own_fault": True}, {"outside": True}):
        old = LoggedTime(7, 60, 60, **marks)
        plan = log(ACT, ticket(), 20, "too much", correct=old, at=NOW - DAY)
        back, made = times(plan)
        assert (back.raw_minutes, back.billed_minutes, back.corrects, back.at) == (-60, -60, 7, NOW - DAY)
        assert {name for name in ("courtesy", "own_fault", "outside") if getattr(back, name)} == set(marks)
        assert (made.raw_minutes, made.billed_minutes, made.corrects, made.at) == (20, 30, 7, NOW - DAY)
        assert entries(plan)[0].details.corrects == 7  # type: ignore[attr-defined]


def test_what_is_not_billed_or_corrected_says_why_and_nothing_was_done_tomorrow() -> None:
    for fields in ({"courtesy": True}, {"own_fault": True}, {"correct": LoggedTime(7, 60, 60)}):
        for message in ("", "  "):
            with pytest.raises(Refused, match="say why: -m REASON"):
                log(ACT, ticket(), 20, message, **fields)
    with pytest.raises(Refused, match="2026-11-03 is in the future"):
        log(ACT, ticket(), 20, at=NOW + DAY)
    assert times(log(ACT, ticket(), 20, at=NOW))[0].at == NOW


def told(minutes: int) -> Any:
    """A ticket outside of the contract whose customer was told of so many minutes."""
    plain = ticket()
    return replace(plain, state=replace(plain.state, out_of_scope=True, cost=AnnouncedCost(minutes, NOW)))


def test_near_the_ceiling_the_log_and_the_other_agents_hear_of_it() -> None:
    plan = log(ACT, told(60), 50)
    assert times(plan)[0].outside
    assert [entry.type for entry in entries(plan)] == [EntryType.TIME, EntryType.ALERT]
    assert entries(plan)[1].text.startswith("#15789: 60 of the 60 min that the customer was told")
    assert not entries(plan)[1].public
    assert [one.notice.to[0].address for one in plan.changes if isinstance(one, SendNotice)] == [
        "l@desk.example"
    ]
    # a correction counts what it takes back
    corrected = log(ACT, told(60), 20, "less", correct=LoggedTime(7, 60, 60), already=60)
    assert [entry.type for entry in entries(corrected)] == [EntryType.TIME]
    assert len(entries(log(ACT, told(60), 20, already=60))) == 2


def test_the_ceiling_is_near_from_eighty_percent_and_passed_above_it() -> None:
    def warned(already: int, billed: int, ceiling: int = 100, quantum: int = 1) -> str:
        found = costs.check(told(ceiling), None, (), Time(quantum_minutes=quantum), billed, already)
        return found.fact.code if found else ""

    assert [warned(0, billed) for billed in (79, 80, 100, 101)] == [
        "",
        "cost_near_told",
        "cost_near_told",
        "cost_over_told",
    ]
    assert [warned(already, 5) for already in (79, 80, 95, 96)] == [
        "cost_near_told",
        "",
        "",
        "cost_over_told",
    ]
    assert [warned(0, billed, 1000) for billed in (795, 799, 800)] == ["", "", "cost_near_told"]
    assert [warned(already, 100, 1000) for already in (795, 799, 800)] == [
        "cost_near_told",
        "cost_near_told",
        "",
    ]
    assert [costs.units(minutes, Time(quantum_minutes=1)) for minutes in (0, 1, 3)] == [0, 1, 3]
    assert [costs.units(minutes, Time(quantum_minutes=15)) for minutes in (0, 1, 15, 16)] == [0, 1, 1, 2]


def test_outside_of_the_contract_each_billed_minute_is_told_or_asked_first() -> None:
    plain = ticket()
    outside = replace(plain, state=replace(plain.state, out_of_scope=True))
    by_minute = Time(quantum_minutes=1)
    for needs, says in ((False, "tells the customer first"), (True, "asks the customer first")):
        company = CompanyFacts("acme", "Acme", cost_needs_consent=needs)
        with pytest.raises(Refused, match=says):
            costs.check(outside, company, (), by_minute, 1, 0)
        assert costs.check(outside, company, (), by_minute, 0, 0) is None
    granted = consent(
        kind=ConsentKind.COST, state=ConsentState.GRANTED, terms=ConsentTerms(estimate_minutes=60)
    )
    over = costs.check(outside, CompanyFacts("acme", "Acme"), (granted,), by_minute, 61, 0)
    assert over is not None
    assert (over.fact.code, over.fact.consent) == ("cost_over_accepted", "C12")
    near = costs.check(told(60), None, (), by_minute, 50, 0)
    assert near is not None
    assert near.fact.consent == ""


def test_an_accepted_cost_without_an_estimate_allows_nothing() -> None:
    granted = consent(kind=ConsentKind.COST, state=ConsentState.GRANTED)
    assert costs.accepted((granted,), Time()) == (granted, 0)
    newer = replace(granted, id=13, terms=ConsentTerms(estimate_minutes=20))
    assert costs.accepted((newer, granted), Time(quantum_minutes=15)) == (newer, 30)
    assert costs.accepted((replace(granted, state=ConsentState.WAITING),), Time()) is None
    assert costs.accepted((replace(granted, kind=ConsentKind.QUOTE),), Time()) is None
