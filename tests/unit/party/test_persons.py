from __future__ import annotations

from datetime import UTC, datetime

import pytest

from maild.model import Membership, PersonFacts
from maild.party.persons import REMOVED, identity_of, on_call, scrub, scrub_json
from maild.settings import Team
from tests.cases import cases

NOW = datetime(2026, 11, 8, 12, tzinfo=UTC)
ANNA = PersonFacts(
    1, "anna@acme.example", "Kovács Anna", phone="+36 1 555-0100",
    memberships=(Membership("acme", ("approver",), ("quote",), "north", "help@desk.example"),),
    addresses=("anna@acme.example", "a.kovacs@home.example"),
)  # fmt: skip
IDENTITY = identity_of(ANNA.address, ANNA)


@cases(
    ("text", "left"),
    [
        ("Write to Anna@ACME.example now", f"Write to {REMOVED} now"),
        ("<a.kovacs@home.example>", f"<{REMOVED}>"),
        ("Kovács Anna called", f"{REMOVED} called"),
        ("ANNA KOVÁCS called", f"{REMOVED} called"),
        ("Dear Anna,", f"Dear {REMOVED},"),
        ("tel. +36 (1) 555 0100.", f"tel. {REMOVED}."),
        ("Joanna and hanna@acme.example stay", "Joanna and hanna@acme.example stay"),
        ("anna@acme.example.org stays whole", "anna@acme.example.org stays whole"),
    ],
)
def test_person_is_scrubbed_from_a_text_and_nobody_else(text: str, left: str) -> None:
    assert scrub(text, IDENTITY) == left


def test_frozen_data_is_scrubbed_through() -> None:
    data = {"requester": {"name": "Kovács Anna"}, "history": [{"text": "Anna wrote"}, 7, None]}
    assert scrub_json(data, IDENTITY) == {
        "requester": {"name": REMOVED}, "history": [{"text": f"{REMOVED} wrote"}, 7, None],
    }  # fmt: skip


def test_somebody_unknown_by_name_takes_nothing_with_them() -> None:
    assert scrub("all stays", identity_of("b@acme.example", None)) == "all stays"


ROTA = Team(
    "L1",
    lead="lead",
    oncall=(
        {"from": "2026-11-02", "to": "2026-11-08", "agent": "kata"},
        {"from": "2026-11-09", "to": "2026-11-15", "agent": "bela"},
        {"from": "2026-11-11", "to": "2026-11-11", "agent": "swap"},
    ),
)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-11-08T22:59", "kata"), ("2026-11-08T23:00", "bela"), ("2026-11-01T12:00", None),
        ("2026-11-11T12:00", "swap"), ("2026-11-16T12:00", None),
    ],
)  # fmt: skip
def test_rota_turns_at_local_midnight(at: str, who: str | None) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert on_call(ROTA, moment, "Europe/Budapest") == who
