"""The tables of states: complete, consistent, and asked by everything that moves something."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

import maild.store
from maild.errors import Refused
from maild.ticket import phases, vocabulary
from maild.ticket.phases import TICKET, OutboundState, Phase, arrow, leading_to

TABLES = {
    "ticket": (phases.TICKET, phases.Phase),
    "inbound": (phases.INBOUND, phases.InboundState),
    "outbound": (phases.OUTBOUND, phases.OutboundState),
    "recipient": (phases.RECIPIENT, phases.RecipientState),
    "consent": (phases.CONSENT, phases.ConsentState),
}
STATES = {state.value for _, states in TABLES.values() for state in states}


@pytest.mark.parametrize(("table", "states"), TABLES.values(), ids=TABLES)
def test_every_state_stands_in_its_table_and_no_arrow_leads_elsewhere(
    table: Mapping[StrEnum, tuple[StrEnum, ...]], states: type[StrEnum]
) -> None:
    assert set(table) == set(states)
    for old, following in table.items():
        assert all(isinstance(new, states) for new in following)
        assert len(set(following)) == len(following)
        assert old not in following or old is Phase.SCHEDULED  # a date may be moved


def test_open_and_ended_phases_are_all_phases() -> None:
    assert frozenset(Phase) == phases.OPEN | phases.ENDED
    assert not phases.OPEN & phases.ENDED


def test_a_move_that_is_not_in_the_table_names_those_that_are() -> None:
    with pytest.raises(Refused, match=r"cannot go from closed to scheduled; possible from here: in_progress"):
        phases.check_move(phases.TICKET, Phase.CLOSED, Phase.SCHEDULED)
    with pytest.raises(Refused, match=r"nothing follows it"):
        phases.check_move(phases.TICKET, Phase.MERGED, Phase.IN_PROGRESS)


def test_a_statement_that_moves_rows_cannot_be_written_without_its_arrow() -> None:
    with pytest.raises(AssertionError):
        phases.arrow(phases.OUTBOUND, OutboundState.SENT, OutboundState.QUEUED)


def test_an_unknown_phase_or_word_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match="there is no severity 'high'; choose one of user, system"):
        vocabulary.chosen(vocabulary.Severity, "severity", "high")


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_the_store_names_states_by_their_enums_alone() -> None:
    """A state that is written as text is one that no table checks."""
    folder = Path(maild.store.__file__).parent
    said = re.compile(rf"({'|'.join(STATES)})['\"]")
    #: keys of JSON and of answers of a server that happen to be a state's name
    other = {("outbound.py", "sent"), ("outbound.py", "failed")}
    found = [
        f"{path.name}:{line} {value!r}"
        for path in sorted(folder.glob("*.py"))
        if path.name != "models.py" and said.search(path.read_text(encoding="utf-8"))
        for line, value in _strings(ast.parse(path.read_text(encoding="utf-8")))
        if value.strip("'") in STATES and (path.name, value) not in other
    ]
    assert found == []


def test_a_move_that_statements_make_is_one_of_the_table() -> None:
    assert arrow(TICKET, Phase.RECEIVED, Phase.ACCEPTED) == (Phase.RECEIVED, Phase.ACCEPTED)
    with pytest.raises(AssertionError, match="no arrow merged -> received"):
        arrow(TICKET, Phase.MERGED, Phase.RECEIVED)


def test_work_leads_from_each_phase_of_work_to_each_other() -> None:
    work = {Phase.ACCEPTED, Phase.IN_PROGRESS, Phase.WAITING_CUSTOMER, Phase.SCHEDULED}
    for phase in work:
        assert work - set(TICKET[phase]) <= {phase}, phase
        assert set(TICKET[phase]) >= {Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED, Phase.MERGED}
    assert {phase for phase in Phase if phase in TICKET[phase]} == {
        Phase.SCHEDULED
    }  # again, for another date


def test_states_that_lead_to_another() -> None:
    assert leading_to(TICKET, Phase.RECEIVED) == (Phase.WAITING_CUSTOMER, Phase.AWAITING_APPROVAL)
    assert leading_to(phases.CONSENT, phases.ConsentState.WAITING) == ()
