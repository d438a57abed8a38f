"""Values that are frozen for the type checker: equal, hashed and replaced as frozen dataclasses are."""

from __future__ import annotations

import dataclasses
import pickle
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.model import Envelope, Mailbox, Reason
from maild.ticket.state import TicketChange, TicketState
from maild.values import dataclass, replace

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lonely:
    """A value of one field."""

    name: str = "x"


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that looks at what it is given, and has a field that nobody gives."""

    size: int
    name: str = ""
    twice: int = dataclasses.field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("no size is below 0")


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (Reason("code", "evidence"), {"evidence": "other"}),
        (Mailbox("anna@acme.example", "Anna"), {}),
        (TicketState(site="Győr"), {"site": "Pécs", "outages": (1,)}),
        (TicketChange(team="network"), {"owner": "peter"}),  # made by names alone
        (Lonely(), {"name": "y"}),
        (Checked(1), {"name": "z"}),
    ],
)
def test_replace_is_that_of_dataclasses(value: object, changes: dict[str, object]) -> None:
    made = replace(value, **changes)  # type: ignore[type-var]
    assert made == dataclasses.replace(value, **changes)  # type: ignore[type-var]
    assert made is not value
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301


def test_replace_checks_as_making_does() -> None:
    with pytest.raises(ValueError, match="below 0"):
        replace(Checked(1), size=-1)
    with pytest.raises(TypeError, match="nothing"):
        replace(Reason("code", ""), nothing=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="nothing"):
        replace(TicketChange(), nothing=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="twice"):
        replace(Checked(1), twice=2)


def test_values_hold_no_other_fields_and_can_be_keys() -> None:
    with pytest.raises(AttributeError):
        Reason("code", "").other = 1  # type: ignore[attr-defined]
    assert len({Reason("a", ""), Reason("a", ""), Reason("b", "")}) == 2
    assert hash(Envelope("smtp", NOW, "a@x", (), "")) == hash(Envelope("smtp", NOW, "a@x", (), ""))


def test_all_values_are_made_alike() -> None:
    """One frozen by the run time cannot stand below one that is not, and costs each start of a verb more."""
    ours = re.compile(r"from dataclasses import .*\b(dataclass|replace)\b|dataclasses\.(dataclass|replace)\(")
    files = [*(ROOT / "maild").rglob("*.py"), *(ROOT / "threading_rules").rglob("*.py")]
    others = [str(file) for file in files if ours.search(file.read_text(encoding="utf-8"))]
    assert others == [str(ROOT / "maild" / "values.py")]
