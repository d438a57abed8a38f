"""Narrow locales and text in another encoding: escaped or refused, never a traceback, never mangled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.commands.conftest import TestDesk

#: a process a verb
pytestmark = pytest.mark.slow

CLI = str(Path(__file__).parents[3] / "cli.py")
ANNA = "anna@acme.example"
NARROW = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
UTF8 = {"LC_ALL": "C.UTF-8"}


def maild(
    desk: TestDesk, *words: str | bytes, env: dict[str, str], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run(
        [sys.executable, CLI, "--config", str(desk.config), "--as", "kata", *words],
        input=stdin, env=kept | env, capture_output=True, check=False,
    )  # fmt: skip


def test_narrow_locale_escapes_what_it_cannot_show(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Nem megy a nyomtató, főnök", "Üres lapok – mindig."))
    shown = maild(desk, "show", number, env=NARROW)
    assert shown.returncode == 0, shown.stderr
    assert b"nyomtat\\xf3, f\\u0151n\\xf6k" in shown.stdout
    shown.stdout.decode("ascii")
    listed = maild(desk, "list", env=NARROW)
    assert listed.returncode == 0
    assert b"nyomtat\\xf3" in listed.stdout
    row = json.loads(maild(desk, "list", "--json", env=NARROW).stdout)
    assert row["subject"] == "Nem megy a nyomtató, főnök"
    error = maild(desk, "take", "1999", env=NARROW)
    assert (error.returncode, error.stderr.count(b"\n")) == (1, 1)


@pytest.mark.parametrize("env", [UTF8, {"LC_ALL": "C"}], ids=["utf-8", "C"])
def test_latin_2_on_standard_input_is_refused_and_nothing_is_done(
    desk: TestDesk, env: dict[str, str]
) -> None:
    number = str(desk.mail(ANNA, "Printer", "It prints blank pages."))
    for verb in ("reply", "note"):
        done = maild(
            desk, verb, number, "-m", "-", env=env, stdin="Első sor\nA főnök kérte.".encode("iso8859-2")
        )
        assert done.returncode == 1
        assert done.stderr.startswith(b"maild: standard input is not UTF-8 text (line 1); nothing was done")
        assert done.stderr.count(b"\n") == 1
    assert [e["type"] for e in desk.show(int(number))["entries"]] == ["mail"]
    assert maild(desk, "note", number, env=env, stdin="A főnök kérte.".encode()).returncode == 0
    assert desk.show(int(number))["entries"][-1]["text"] == "A főnök kérte."


def test_words_of_the_command_line_in_another_encoding_are_refused(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It prints blank pages."))
    for env in (UTF8, NARROW):
        done = maild(desk, "note", number, "-m", "főnök".encode("iso8859-2"), env=env)
        assert done.returncode == 1
        assert b"text, which your locale says it is" in done.stderr
        assert done.stderr.count(b"\n") == 1
    assert [e["type"] for e in desk.show(int(number))["entries"]] == ["mail"]
