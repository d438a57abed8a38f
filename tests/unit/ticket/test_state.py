"""A ticket's state goes into the database and comes back whole, of whatever version it is."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model import TicketFacts, UpdateTicket
from maild.ticket import entries, state
from maild.ticket.codec import Codec
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET, AnnouncedCost, Pause, PromiseClock, TicketChange, TicketState
from maild.ticket.terms import CODEC, ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType, Severity, TicketKind
from tests.cases import cases

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1))
words = st.text(max_size=8)
numbers = st.integers(0, 10**6)
pairs = st.lists(st.tuples(words, words), max_size=3).map(tuple)
clocks = st.builds(
    PromiseClock, moments, words, words, st.none() | numbers, st.none() | numbers,
    st.lists(st.builds(Pause, moments, st.none() | moments), max_size=3).map(tuple), st.booleans(), numbers,
    st.none() | moments,
)  # fmt: skip
states = st.builds(
    TicketState, clock=st.none() | clocks, classified=pairs, unanswered=pairs, out_of_scope=st.booleans(),
    ambiguous_sender=st.booleans(), adoptable=st.booleans(), outages=st.lists(numbers, max_size=3).map(tuple),
    hinted=st.lists(words, max_size=3).map(tuple), site=words, authenticated=words, channel=words, opened_by=words,
    split_from=st.none() | numbers, project_of=st.none() | numbers, reviewed_by=words,
    consent_alert=st.none() | moments, asked_plainly=st.lists(words, max_size=3).map(tuple),
    cost=st.none() | st.builds(AnnouncedCost, numbers, moments),
)  # fmt: skip


@given(states)
def test_every_state_comes_back_as_it_went_in(known: TicketState) -> None:
    kept = json.loads(json.dumps(state.dump(known)))
    assert state.load(kept) == known
    assert state.load_clock(kept) == known.clock


def test_a_ticket_of_before_versions_may_have_no_clock() -> None:
    assert state.load({"site": "north"}) == TicketState(site="north")
    assert state.load({"site": "north", "clock": None}).clock is None


def test_nothing_is_written_but_the_version_for_a_state_that_says_nothing() -> None:
    assert state.dump(TicketState()) == {"version": state.VERSION}


def test_a_state_that_says_nothing_marks_and_promises_nothing() -> None:
    empty = TicketState()
    assert not any(getattr(empty, one.name) for one in dataclasses.fields(empty))
    clock = PromiseClock(NOW)
    assert not any(getattr(clock, one.name) for one in dataclasses.fields(clock) if one.name != "received_at")


def test_what_a_newer_maild_keeps_stays_with_its_version() -> None:
    newer = {"version": 9, "site": "north", "mood": {"since": ["a", 1]}}
    known = state.load(newer)
    assert known.site == "north"
    assert state.dump(dataclasses.replace(known, site="south")) == {**newer, "site": "south"}


def test_the_state_of_before_versions_is_read() -> None:
    old = {
        "clock": {
            "calendar": "office", "level": "standard", "received_at": "2026-11-02T08:00:00+00:00",
            "respond_minutes": 480, "resolve_minutes": None, "oncall": False, "warn_percent": 75, "call_back_by": None,
            "pauses": [["2026-11-02T09:00:00+00:00", "2026-11-02T10:00:00+00:00"], ["2026-11-02T11:00:00+00:00", None]],
        },
        "adopt": True, "unclear:C12:boss@acme.example": True,
        "unclear:C13:x:y@acme.example": True, "classified": [["kind-incident", '"broken"']],
        "cost": {"estimate_minutes": 90, "sent_at": "2026-11-02T08:00:00+00:00"},
    }  # fmt: skip
    known = state.load(old)
    hour = timedelta(hours=1)
    assert known.clock == PromiseClock(
        NOW, "office", "standard", 480, None, (Pause(NOW + hour, NOW + 2 * hour), Pause(NOW + 3 * hour)), False, 75
    )  # fmt: skip
    assert known.adoptable
    assert known.asked_plainly == ("C12 boss@acme.example", "C13 x:y@acme.example")
    assert known.classified == (("kind-incident", '"broken"'),)
    assert known.cost == AnnouncedCost(90, NOW)
    assert not known.more
    assert state.load_clock(old) == known.clock


def ticket() -> TicketFacts:
    return TicketFacts(
        number=7, subject="s", company="acme", requester="a@acme.example", requester_name="A", owner="", language="en",
        kind=TicketKind.INCIDENT, severity=Severity.USER, team="L1", phase=Phase.RECEIVED, created_at=NOW,
        root_message_id="", respond_by=NOW,
    )  # fmt: skip


def test_a_change_sets_columns_and_state_and_leaves_the_rest() -> None:
    change = TicketChange(phase=Phase.ACCEPTED, respond_by=None, outages=(3,))
    after = ticket().after(change)
    assert (after.phase, after.respond_by, after.state.outages) == (Phase.ACCEPTED, None, (3,))
    assert after == dataclasses.replace(
        ticket(), phase=Phase.ACCEPTED, respond_by=None, state=TicketState(outages=(3,))
    )


def test_a_change_laid_over_another_wins_where_both_set_a_field() -> None:
    both = TicketChange(owner="kata", team="L2").over(TicketChange(owner="peter", phase=Phase.ACCEPTED))
    assert both == TicketChange(owner="kata", team="L2", phase=Phase.ACCEPTED)
    assert TicketChange(owner=UNSET).over(both) == both


def test_of_a_change_only_what_is_new_counts() -> None:
    assert ticket().beyond(TicketChange(team="L1", subject="s", out_of_scope=False)) == TicketChange()
    assert not ticket().beyond(TicketChange(team="L1"))
    assert ticket().beyond(TicketChange(team="L1", subject="t")) == TicketChange(subject="t")


def test_every_field_of_a_change_is_one_of_the_ticket() -> None:
    columns = {one.name for one in dataclasses.fields(TicketFacts)}
    of_state = {one.name for one in dataclasses.fields(TicketState)}
    for one in dataclasses.fields(TicketChange):
        assert one.name in columns | of_state
    assert not columns & of_state


@dataclasses.dataclass(frozen=True)
class Odd:
    what: set[str] = dataclasses.field(default_factory=set)


def test_a_type_that_json_does_not_know_is_found_when_the_codec_is_made() -> None:
    with pytest.raises(TypeError, match="no JSON form"):
        Codec(Odd)


@cases("type_", list(EntryType))
def test_the_details_of_every_type_of_entry_come_back(type_: EntryType) -> None:
    shape = entries.DETAILS.get(type_, entries.Details)
    hints = get_type_hints(shape)
    values = {one.name: _sample(hints[one.name]) for one in dataclasses.fields(shape) if one.name != "more"}
    known = shape(**values, more={"newer": [1]})
    assert entries.load(type_, json.loads(json.dumps(entries.dump(known)))) == known


def _sample(hint: object) -> object:
    """A value of the type that is not the default of any field."""
    if isinstance(hint, UnionType):
        return _sample(next(one for one in get_args(hint) if one is not type(None)))
    if get_origin(hint) is tuple:
        inner, *more = get_args(hint)
        return (_sample(inner), *(_sample(one) for one in more if one is not ...))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return list(hint)[-1]
    if hint is entries.FileRow:
        return entries.FileRow(1, "a.png", "image/png", 5, True)
    return {str: "ű", int: 7, bool: True, datetime: NOW}[hint]  # type: ignore[index]


def test_an_entry_that_cannot_be_read_as_its_type_keeps_what_it_says() -> None:
    odd = {"from": "nowhere", "to": "accepted"}
    assert entries.load(EntryType.PHASE, odd) == entries.Details(more=odd)
    assert entries.dump(entries.load(EntryType.PHASE, odd)) == odd


def test_the_terms_of_a_consent_come_back() -> None:
    known = ConsentTerms(
        requester_verified=True, amount="450.00", currency="EUR", valid_until=date(2026, 12, 1), estimate_minutes=90,
        quantum_minutes=15, reason="outside", kind_after=ConsentKind.DEVICE, attach=("ab" * 32,), more={"x": None},
    )  # fmt: skip
    assert CODEC.load(json.loads(json.dumps(CODEC.dump(known)))) == known


_changes = st.lists(
    st.builds(
        UpdateTicket, st.sampled_from([7, 8]),
        st.builds(
            TicketChange, subject=st.just(UNSET) | words, owner=st.just(UNSET) | words, reviewed_by=st.just(UNSET) | words,
            reply_by=st.just(UNSET) | st.none() | moments, adoptable=st.just(UNSET) | st.booleans(),
        ),
    ),
    max_size=5,
)  # fmt: skip


@given(_changes)
def test_changes_taken_together_leave_what_one_after_the_other_leaves(changes: list[UpdateTicket]) -> None:
    before = ticket()
    stands = before
    for one in changes:
        stands = stands.after(one.change) if one.ticket == 7 else stands
    assert before.after_all([object(), *changes]) == stands


def test_a_change_that_sets_anything_is_one() -> None:
    assert TicketChange(team="L1")
    assert TicketChange(outages=(3,))
    assert TicketChange(respond_by=None)
    assert not TicketChange()
