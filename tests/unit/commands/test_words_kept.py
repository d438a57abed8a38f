"""Words that were typed are never lost: whatever verb they are for, they stand in a draft when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maild.commands import words
from maild.commands.session import Session
from maild.errors import StoreBusy
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


@pytest.mark.parametrize(
    ("verb", "again"),
    [
        (("new", "--from", ANNA, "--subject", "Printer"), "maild new"),
        (("outage", "update", "1"), "maild outage update 1"),
        (("canned", "add", "hello"), "maild canned add hello --language en"),
        (("canned", "edit", "known", "-l", "hu"), "maild canned edit known --language hu"),
    ],
)
def test_words_from_a_pipe_are_kept_when_the_database_is_busy(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: tuple[str, ...], again: str
) -> None:
    desk.run("outage", "open", "Line down")
    desk.run("canned", "add", "known", "-m", "Hello.")

    def busy(*_: Any, **__: Any) -> None:
        raise StoreBusy("the database is locked")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(words, "standard_input", lambda: "From a pipe\n")
    with monkeypatch.context() as patch:
        patch.setattr(Session, "write", busy)
        said = desk.refused(*verb, "-m", "-")
    assert f"the database is locked; your text is kept, `{again}` goes on with it" in said
    (draft,) = (tmp_path / "state" / "maild" / "drafts").iterdir()
    assert draft.read_text() == "From a pipe"
    desk.run(*verb, "-m", "-")
    assert not draft.exists()


def test_a_kept_text_is_found_in_any_case(desk: TestDesk) -> None:
    number = str(desk.mail(ANNA, "Printer", "It prints blank pages."))
    desk.run("canned", "add", "hello", "-m", "Good day.")
    desk.run("reply", number, "--canned", "Hello")
    assert desk.show(int(number))["entries"][-1]["text"] == "Good day."
    assert "did you mean hello?" in desk.refused("reply", number, "--canned", "helo", "--again")
