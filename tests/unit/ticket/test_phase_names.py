from __future__ import annotations

import pytest

from maild.errors import Refused
from maild.ticket.phase_names import SHORT, named, short
from maild.ticket.phases import Phase
from tests.cases import cases


@cases("phase", Phase)
def test_every_phase_is_known_by_its_name_and_its_short_name(phase: Phase) -> None:
    assert named(phase) is phase
    assert named(short(phase)) is phase
    assert named(phase.upper().replace("_", " ")) is phase


@cases(
    ("typed", "phase"),
    [("waiting", Phase.WAITING_CUSTOMER), ("progress", Phase.IN_PROGRESS), ("approval", Phase.AWAITING_APPROVAL),
     ("in-progress", Phase.IN_PROGRESS), ("acc", Phase.ACCEPTED), ("sched", Phase.SCHEDULED), ("Closed", Phase.CLOSED),
     ("done", Phase.CLOSED)],
)  # fmt: skip
def test_phase_as_people_type_it(typed: str, phase: Phase) -> None:
    assert named(typed) is phase


@pytest.mark.parametrize(
    ("typed", "says"),
    [("wating", "did you mean waiting?"), ("re", "there are received, accepted, progress, waiting, approval"),
     ("", "no phase ''"), ("xyz", "there are received")],
)  # fmt: skip
def test_unknown_phase_names_the_nearest_or_all(typed: str, says: str) -> None:
    with pytest.raises(Refused) as error:
        named(typed)
    assert says in str(error.value)


def test_what_is_no_phase_is_shown_as_it_is() -> None:
    assert short("all") == "all"


def test_short_names_are_no_other_phases_names() -> None:
    assert not set(SHORT.values()) & set(Phase)
