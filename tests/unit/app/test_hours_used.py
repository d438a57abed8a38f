"""Who is told when prepaid hours are nearly or wholly used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from maild.app import hours_used
from maild.model import Membership, Notice, SendNotice
from maild.settings import Team
from maild.ticket.prepaid import AccountPeriod, Balance
from tests.unit.app.act_world import ACME, PEOPLE, SETTINGS, of, person
from tests.unit.factory import NOW

BALANCE = Balance(AccountPeriod(date(2026, 11, 1), date(2026, 12, 1)), 600, 60, 540)
PAYS = person("pay@acme.example", "acme", "billing")
PAYS_TOO = person("two@acme.example", "acme", "billing", "approver")
FIZET = person("fizet@acme.example", "acme", "billing", language="hu")
ELSEWHERE = replace(person("else@acme.example", "globex", "billing"), memberships=(
    Membership("globex", ("billing",)), Membership("acme"),
))  # fmt: skip


def told(settings: Any = SETTINGS) -> list[Notice]:
    people = (PAYS, *PEOPLE.values(), FIZET, PAYS_TOO, ELSEWHERE)
    plan = hours_used.tell(ACME, people, BALANCE, settings, NOW)
    return [one.notice for one in of(SendNotice, plan.changes)]


def readers(settings: Any = SETTINGS) -> list[tuple[str, list[str]]]:
    return [(one.language, [box.address for box in one.to]) for one in told(settings)]


def test_those_who_pay_read_it_in_their_language_and_the_lead_as_well() -> None:
    assert readers() == [
        ("en", ["pay@acme.example", "two@acme.example"]), ("hu", ["fizet@acme.example"]), ("en", ["lea@desk.example"]),
    ]  # fmt: skip
    theirs, _, ours = told()
    assert (theirs.data.get("customer"), ours.data.get("customer")) == (None, "Acme")
    account = theirs.data["account"]
    assert (account["allowed"], account["used"], account["left"], account["percent"], account["until"]) == (
        660, 540, 120, 81, "2026-11-30",
    )  # fmt: skip


def test_where_the_team_has_no_lead_all_of_it_read_it() -> None:
    everybody = [("en", ["kata@desk.example"]), ("en", ["lea@desk.example"])]
    assert readers(replace(SETTINGS, teams={}))[2:] == everybody
    assert readers(replace(SETTINGS, teams={"L1": Team("L1", lead="gone")}))[2:] == everybody
    lea = replace(SETTINGS.agents["lea"], teams=("L2",), language="hu")
    kata = replace(SETTINGS.agents["kata"], address="")
    assert readers(replace(SETTINGS, teams={}, agents={"kata": kata, "lea": lea}))[2:] == []
    led = replace(SETTINGS, agents={"kata": kata, "lea": lea})
    assert readers(led)[2:] == [("hu", ["lea@desk.example"])]
