"""Who acts: a configured agent, or nobody."""

from __future__ import annotations

import getpass

import pytest
import typer
from typer.testing import CliRunner

from maild.commands.session import Session
from maild.errors import Refused
from maild.party import agents
from maild.settings import Agent, Settings
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


def test_typo_owns_no_ticket_and_names_those_there_are(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It prints blank pages."))
    said = desk.refused("take", number, "--as", "kat")
    assert "no agent 'kat': did you mean kata? the agents are kata, lead" in said
    assert desk.show(int(number))["owner"] is None


def test_name_is_known_without_regard_to_case(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It prints blank pages."))
    assert desk.run("take", number, "--as", "KATA", "--json").json["owner"] == "kata"


@pytest.mark.parametrize(
    "words",
    [
        ("take", "1001"), ("assign", "1001", "lead"), ("phase", "1001", "in_progress"), ("reply", "1001", "-m", "x"),
        ("note", "1001", "-m", "x"), ("close", "1001"), ("log", "1001", "20m"), ("set", "1001", "--kind", "change"),
        ("new", "--from", ANNA, "--subject", "s", "-m", "x"), ("outage", "open", "Line"), ("merge", "1001", "1002"),
        ("split", "1001", "-m", "blank", "-s", "x"), ("project", "1001"), ("move", "1001", "globex"),
    ],
    ids=lambda w: w[0],
)  # fmt: skip
def test_no_act_is_done_in_the_name_of_nobody(desk: TestDesk, words: tuple[str, ...]) -> None:
    desk.mail(ANNA, "Printer", "It prints blank pages.")
    desk.mail(ANNA, "Scanner", "It is silent.")
    before = desk.show(1001), desk.show(1002)
    assert "no agent 'nobody'" in desk.refused(*words, "--as", "nobody")
    assert (desk.show(1001), desk.show(1002)) == before


def test_login_name_and_environment_must_name_an_agent_too(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_AGENT", raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    here = Session(str(desk.config))
    with pytest.raises(Refused, match=r"logged in under another name: no agent 'root'.*--as NAME"):
        here.agent()
    assert here.viewer() == ""
    monkeypatch.setenv("MAILD_AGENT", "lead")
    assert here.agent() == "lead"
    assert here.viewer() == "lead"
    monkeypatch.setenv("MAILD_AGENT", "laed")
    with pytest.raises(Refused, match="MAILD_AGENT: no agent 'laed': did you mean lead"):
        here.agent()


def test_whoever_is_logged_in_may_read_and_administrate(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_AGENT", raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    number = str(desk.mail(ANNA, "Printer", "It prints blank pages."))
    for words in (("list",), ("show", number), ("search", "blank"), ("company", "list"), ("check",)):
        done = CliRunner().invoke(typer.Typer(), ["--config", str(desk.config), *words], prog_name="maild")
        assert done.exit_code == 0, (words, done.output)


def test_without_a_configured_agent_any_name_acts() -> None:
    assert agents.named("root", Settings()) == "root"
    configured = Settings(agents={"kata": Agent("kata")})
    with pytest.raises(Refused, match="the agents are kata"):
        agents.named("root", configured)


#: without an [[agent]] any login name may own a ticket
@pytest.mark.parametrize(
    ("typed", "meant"),
    [("L2", "L2"), ("l2", "L2"), ("SALES", "sales"), ("bela", "bela"), ("l12345", "l12345"), ("salas", "salas")],
)  # fmt: skip
def test_whom_a_name_means_where_no_agent_is_configured(typed: str, meant: str) -> None:
    assert agents.agent_or_team(typed, Settings(), agents.teams(Settings())) == meant


@pytest.mark.parametrize("typed", ["L9", "l0", "L12"])
def test_a_level_that_there_is_not_is_no_agent_but_a_slip(typed: str) -> None:
    with pytest.raises(Refused, match=f"no team {typed!r}: .*L1.*any other name is an agent's"):
        agents.agent_or_team(typed, Settings(), agents.teams(Settings()))
