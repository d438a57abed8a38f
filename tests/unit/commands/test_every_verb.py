"""Every verb starts; every verb that prints data prints JSON, also of nothing."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from maild.commands.app import app, load
from tests.unit.commands.conftest import TestDesk

#: each verb of the command line, a second and more together
pytestmark = pytest.mark.slow

ANNA = "anna@acme.example"


def _verbs(group: typer.Typer, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for command in group.registered_commands:
        assert command.callback is not None
        found.append((*prefix, command.name or command.callback.__name__.rstrip("_").replace("_", "-")))
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        assert sub.name is not None
        found += _verbs(sub.typer_instance, (*prefix, sub.name))
    return found


load()
VERBS = _verbs(app)


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_verb_has_help(verb: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*verb, "--help"], prog_name="maild")
    assert done.exit_code == 0, done.output
    assert "Usage" in done.stdout


def test_the_contracts_verbs_are_all_there() -> None:
    promised = (
        "serve init check demo list show search new take assign phase reply note close reopen merge link split "
        "move log explain why backup restore copy"
    )
    names = {v[0] for v in VERBS if len(v) == 1}
    assert set(promised.split()) <= names
    groups = {
        "approval": "list show request remind withdraw explain export", "quote": "send", "cost": "send",
        "company": "list show add edit remove import", "contact": "list show add edit remove",
        "contract": "list show add edit remove", "calendar": "list show add edit remove",
        "outage": "open update resolve list show", "template": "list preview check",
        "report": "time sla volume backlog", "mail": "list show quarantine retry export resync", "outbox": "list show retry",
    }  # fmt: skip
    for group, verbs in groups.items():
        assert {(group, v) for v in verbs.split()} <= set(VERBS)


@pytest.mark.parametrize(
    "words",
    [
        ("list",), ("list", "--all"), ("list", "--team", "review"), ("search", "printer"), ("approval", "list"),
        ("company", "list"), ("company", "show", "acme"), ("contact", "list"), ("contact", "show", ANNA),
        ("contract", "list"), ("contract", "show", "acme"), ("calendar", "list"), ("calendar", "show", "office"),
        ("outage", "list"), ("template", "list"), ("report", "time"), ("report", "sla"), ("report", "sla", "--missed"),
        ("report", "volume"), ("report", "time", "--items"), ("report", "time", "--by", "agent"),
        ("report", "backlog"), ("mail", "list"), ("mail", "quarantine"), ("outbox", "list"), ("check",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_verb_that_prints_data_prints_json(desk: TestDesk, words: tuple[str, ...]) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    assert number is not None
    for line in desk.run(*words, "--json").out.splitlines():
        json.loads(line)
    desk.run(*words)


def test_contract_is_given_changed_and_taken_away(desk: TestDesk) -> None:
    desk.run("contract", "remove", "acme")
    assert "has no contract" in desk.refused("contract", "show", "acme")
    desk.run("contract", "add", "acme", "standard", "--from", "2026-01-01")
    assert "has a contract" in desk.refused("contract", "add", "acme", "standard")
    assert "'gold' is unknown" in desk.refused("contract", "edit", "acme", "--level", "gold")
    (row,) = desk.run("contract", "show", "acme", "--json").rows
    assert (row["service_level"], row["valid_from"]) == ("standard", "2026-01-01")


@pytest.mark.parametrize("verb", ["add", "edit", "remove"])
def test_calendars_stand_in_the_configuration(desk: TestDesk, verb: str) -> None:
    assert "[calendars.office]" in desk.refused("calendar", verb, "office")


def test_contracts_companies_and_calendars_are_shown_in_words(desk: TestDesk) -> None:
    desk.run("contract", "edit", "acme", "--topic", "network=always")
    for verb in ("contract", "company"):
        shown = desk.run(verb, "show", "acme").out
        assert "calendars  network always" in shown
        assert "{" not in shown
    assert "respond_hours  user 8, system 4, infrastructure 2" in desk.run("contract", "show", "acme").out
    listed = desk.run("calendar", "list").out
    assert "mon-fri 08:00-17:00" in listed
    assert "mon-sun 00:00-24:00" in listed


def test_hours_past_midnight_are_shown_as_written_and_promises_count_in_them(desk: TestDesk) -> None:
    desk.configure("[calendars.night]\nmonday = ['22:00-02:00']\ntuesday = ['22:00-02:00']\n")
    desk.run("company", "edit", "acme", "--calendar", "night")
    rows = desk.run("calendar", "show", "night", "--from", "2026-11-02", "--days", "3", "--json").rows
    assert [one["hours"] for one in rows] == [["22:00-02:00"], ["22:00-02:00"], []]
    assert "Mon 2026-11-02  22:00-02:00" in desk.run("calendar", "show", "night", "--from", "2026-11-02").out
    desk.later(
        hours=13
    )  # Monday, 23:00: eight hours are three of this night, four of the next, one of the next Monday's
    number = desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")
    assert desk.show(number)["respond_by"] == "2026-11-09T22:00:00+00:00"
