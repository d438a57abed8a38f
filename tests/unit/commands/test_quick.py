"""The quick verbs say without typer what they say with it, or leave the words to typer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from maild.commands import quick
from maild.desk import filters
from maild.errors import MaildError, Refused
from maild.ticket.queue import Filter
from tests.cases import cases
from tests.unit.commands.conftest import TestDesk

ANNA, CARL = "anna@acme.example", "carl@globex.example"


@pytest.fixture
def queue(desk: TestDesk) -> TestDesk:
    """Three tickets and a mail on none."""
    first = desk.mail(ANNA, "Printer", "It prints nothing.")
    desk.mail(CARL, "Network", "The whole network is down, nobody can work.")
    desk.later(hours=2)
    desk.mail(ANNA, "Scanner", "It hums.")
    desk.run("take", str(first))
    desk.mail(ANNA, "Out of office", "I am away.", headers={"Auto-Submitted": "auto-replied"})
    desk.configure('[views]\nmorning = "--mine --sort new"\n')
    return desk


@cases(
    "words",
    [
        (), ("--all",), ("-a",), ("--mine",), ("-m", "--json"), ("--json",), ("-u", "--sort", "number"), ("-l",), ("-w",),
        ("--company", "acme"), ("--company=acme,globex", "--json"), ("--team", "review"), ("--limit", "1"),
        ("--changed-since", "1h", "--json"), ("--unread", "--json"), ("--owner", "me"), ("--as", "lead", "--owner=me"),
        ("morning",), ("morning", "--limit", "1"), ("--limit", "1", "morning"), ("--phase", "progress"),
    ],
)  # fmt: skip
def test_what_is_plain_is_answered_as_typer_does(
    queue: TestDesk, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    typed = queue.run("list", *words)
    capsys.readouterr()
    assert quick.answered(["--config", str(queue.config), "--as", "kata", "list", *words])
    said = capsys.readouterr()
    assert (said.out, said.err) == (typed.out, typed.err)


SAID = [
    ("show", "1001"), ("show", "#1001", "--json"), ("show", "--full", "1001"), ("show", "1001", "--as", "lead"), ("next",),
    ("next", "--json"), ("next", "--as=lead"), ("search", "prints"), ("search", "prints", "--json"), ("search", "nowhere"),
    ("search", "--limit", "1", "company:acme", "from:anna"), ("mail", "list"), ("mail", "list", "--json"),
    ("mail", "list", "--ticket", "#1001"), ("mail", "list", "--state=done", "--kind", "request", "--limit", "2", "--json"),
]  # fmt: skip


@cases("words", SAID)
def test_what_is_read_is_told_as_typer_does(
    queue: TestDesk, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    typed = queue.run(*words)
    capsys.readouterr()
    assert quick.answered(["--config", str(queue.config), "--as", "kata", *words])
    said = capsys.readouterr()
    assert (said.out, said.err) == (typed.out, typed.err)
    assert said.out


@cases(
    "words",
    [("show", "4242"), ("search", "form:anna"), ("mail", "list", "--state", "dnoe"), ("next", "--as", "kta")],
)
def test_what_is_not_there_is_refused_alike(queue: TestDesk, words: tuple[str, ...]) -> None:
    refused = queue.refused(*words)
    with pytest.raises(MaildError) as error:
        quick.answered(["--config", str(queue.config), "--as=kata", *words])
    assert refused == f"maild: {error.value}"


def test_who_looks_has_seen_the_ticket(queue: TestDesk) -> None:
    def unread() -> list[int]:
        return [row["number"] for row in queue.run("list", "--unread", "--json").rows]

    assert 1003 in unread()
    assert quick.answered(["--config", str(queue.config), "--as", "kata", "show", "1003"])
    assert 1003 not in unread()


def test_the_options_of_list_are_those_of_a_filter() -> None:
    verb = quick.VERBS["list"]
    assert not verb.flags & verb.valued
    assert verb.flags | verb.valued == {filters.option(one.name) for one in fields(Filter)}
    assert all(filters.of_words([name]).given() for name in verb.flags)


@cases(
    "words",
    [("--company", "acem"), ("--as", "kta"), ("morninng",), ("--sort", "deu"), ("--changed-since", "soon")],
)
def test_what_is_refused_is_refused_alike(queue: TestDesk, words: tuple[str, ...]) -> None:
    refused = queue.refused("list", *words)
    with pytest.raises(Refused) as error:
        quick.answered(["--config", str(queue.config), "--as=kata", "list", *words])
    assert refused == f"maild: {error.value}"


@cases(
    "words",
    [
        (), ("--help",), ("show",), ("show", "x"), ("show", "1", "2"), ("show", "0"), ("show", "1", "--attachment", "1"),
        ("mail",), ("mail", "show", "1"), ("mail", "list", "--as", "kata"), ("mail", "list", "x"), ("next", "x"),
        ("search",), ("search", "a", "--limit", "0"), ("search", "-x"), ("show", "9" * 30), ("search", "--", "a"),
        ("list", "--help"), ("list", "-h"), ("list", "--whatever"), ("list", "a", "b"),
        ("list", "--limit", "0"), ("list", "--limit", "ten"), ("list", "--limit"), ("list", "-mu"), ("list", "--"),
        ("--as",), ("--version",), ("list", "--mine=yes"), ("list", "--config", "x"), ("lsit",), ("list", "--as"),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_typer(words: tuple[str, ...]) -> None:
    assert not quick.answered(words)


def test_since_when_asks_for_what_changed_not_for_what_is_new(queue: TestDesk) -> None:
    queue.later(hours=3)
    queue.run("note", "1002", "-m", "The provider knows.")
    queue.later(minutes=10)
    rows = queue.run("list", "--changed-since", "1h", "--json").rows
    assert [row["number"] for row in rows] == [1002]
    rows = queue.run("list", "--sort", "changed", "--json").rows
    assert rows[0]["number"] == 1002


#: what costs a start more than these verbs have to do
HEAVY = {"sqlalchemy", "typer", "pydantic", "sqlmodel", "asyncio", "maild.model", "threading_rules", "rich"}


@cases("words", [("list", "--all"), *SAID[:1], *SAID[4:5], *SAID[7:8], *SAID[11:12]])
def test_a_quick_verb_imports_nothing_that_is_heavy(queue: TestDesk, words: tuple[str, ...]) -> None:
    """Its start is 0.1 to 0.2 s of processor time without them, and 0.7 s with."""
    program = (
        "import sys, atexit; from maild.commands import main;"
        "atexit.register(lambda: sys.stderr.write(' '.join(sys.modules)));"
        f"sys.argv = ['maild', '--config', {str(queue.config)!r}, *{words!r}]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True,
        env={**os.environ, "MAILD_AGENT": "kata"},
    )  # fmt: skip
    assert done.stdout
    loaded = set(done.stderr.split())
    assert "maild.store.sqlite_queue" in loaded
    assert not (HEAVY if words[0] == "list" else HEAVY - {"maild.model"}) & loaded


def test_a_shipped_configuration_needs_no_rules_looked_up(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[3] / "config.toml", tmp_path)
    program = (
        "import sys; from maild import config;"
        f"config.load({str(tmp_path / 'config.toml')!r}, words=False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not HEAVY & set(done.stdout.split())
