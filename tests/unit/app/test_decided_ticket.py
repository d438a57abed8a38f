"""What a decision tells of the ticket that a mail joins is what all its changes leave."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from maild.app.decided_ticket import decided_ticket, with_ticket
from maild.model import Decision, Plan, UpdateTicket
from maild.ticket.phases import InboundState
from maild.ticket.state import PromiseClock, TicketChange
from tests.unit.factory import facts, ticket

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
#: another value of each field than the ticket's
_OTHER: dict[str, Any] = {
    **{one.name: f"other {one.name}" for one in dataclasses.fields(TicketChange)},
    "clock": PromiseClock(NOW, "gold", "nights", 1, 2, (), False, 80, None), "out_of_scope": True, "respond_by": NOW,
    "resolve_by": NOW,
}  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from([7, 8]), st.sets(st.sampled_from(sorted(_OTHER)), max_size=2)), max_size=4
    )
)
def test_a_decision_tells_what_all_changes_leave(sets: list[tuple[int, set[str]]]) -> None:
    before = ticket(7)
    changes = tuple(
        UpdateTicket(number, TicketChange(**{name: _OTHER[name] for name in names})) for number, names in sets
    )
    plan = Plan(changes, Decision("reply", (), None, None), InboundState.DONE, 7)  # type: ignore[arg-type]
    decision = with_ticket(plan, facts(before)).decision
    assert decision is not None
    assert decision.ticket == decided_ticket(before.after_all(changes))


def test_each_field_alone_is_told_where_it_shows() -> None:
    before = ticket(7)
    told = set()
    for name, other in _OTHER.items():
        plan = Plan(
            (UpdateTicket(7, TicketChange(**{name: other})),), Decision("reply", (), None, None),  # type: ignore[arg-type]
            InboundState.DONE, 7,
        )  # fmt: skip
        decision = with_ticket(plan, facts(before)).decision
        if decision is not None and decision.ticket != decided_ticket(before):
            told.add(name)
    assert told == {
        "kind", "severity", "team", "topic", "company", "language", "phase", "respond_by", "resolve_by", "clock",
        "out_of_scope",
    }  # fmt: skip
