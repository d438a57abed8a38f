"""Who of our own people a rule means for a ticket, and who stands in where nobody is there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from maild.model import TicketFacts
from maild.settings import Agent, DeskSettings, Settings, Team
from maild.ticket import alert_rules
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import AlertKind, Severity, TicketKind

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ROTA = Team("L1", lead="lead", oncall=({"from": "2026-11-01", "to": "2026-11-08", "agent": "kata"},))
SETTINGS = Settings(
    desk=DeskSettings(timezone="UTC"),
    teams={"L1": ROTA, "L2": Team("L2", address="l2@desk.example")},
    agents={n: Agent(n, f"{n}@desk.example", ("L3",)) for n in ("kata", "lead", "bela")}
    | {"mute": Agent("mute"), "off": Agent("off", "off@desk.example", notices=())},
)


def heard(kind: AlertKind, owner: str = "", team: str = "L1", **kw: str | bool) -> list[str]:
    ticket = TicketFacts(
        1, "s", None, "", "", TicketKind.INCIDENT, Severity.USER, team, owner, Phase.RECEIVED, "en", NOW, "",
    )  # fmt: skip
    found = alert_rules.heard((kind,), ticket, SETTINGS, NOW, **kw)  # type: ignore[arg-type]
    return [box.address.partition("@")[0] for box in found]


def test_a_warning_goes_to_the_owner_and_a_breach_to_the_lead_too() -> None:
    assert heard(AlertKind.DEADLINE, "bela") == ["bela"]
    assert heard(AlertKind.DEADLINE, "bela", breach=True) == ["bela", "lead"]
    assert heard(AlertKind.DEADLINE, "lead", breach=True) == ["lead"]
    assert heard(AlertKind.DEADLINE) == ["lead"], "a team without members is its lead"
    assert heard(AlertKind.DEADLINE, oncall=True) == ["lead", "kata"]
    assert heard(AlertKind.DEADLINE, "bela", oncall=True, breach=True) == ["bela", "lead", "kata"]


def test_what_arrives_reaches_somebody() -> None:
    assert heard(AlertKind.REPLY, "mute", "L2") == ["l2"]
    assert heard(AlertKind.REPLY, "gone", "L2") == ["l2"], "an owner who is no agent any more"
    assert heard(AlertKind.NEW, "", "L3") == ["kata", "lead", "bela"]
    assert heard(AlertKind.NEW, "", "nobody") == ["lead"], "the default team stands in"
    assert heard(AlertKind.NEW, "", "spam") == [], "spam is for its own team alone"


def test_who_does_not_want_to_hear_of_it_is_not_asked_and_the_team_hears() -> None:
    assert heard(AlertKind.REPLY, "off", "L3") == ["kata", "lead", "bela"]
    assert heard(AlertKind.CONSENT, "off", "L3") == ["off"], "not for an agent to choose"


@pytest.mark.parametrize("by", ["bela", "bela@desk.example", "Bela@Desk.example"])
def test_nobody_hears_of_what_they_did_themselves(by: str) -> None:
    assert heard(AlertKind.REPLY, "bela", by=by) == []
    assert heard(AlertKind.NEW, "", "L3", by=by) == ["kata", "lead"]
