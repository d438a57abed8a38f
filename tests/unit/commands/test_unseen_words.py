"""Words that nobody would see are none."""

from __future__ import annotations

import pytest

from tests.unit.commands.conftest import TestDesk


@pytest.mark.parametrize("verb", ["reply", "note"])
@pytest.mark.parametrize("words", ["\u202e", "\u200b \u2060", "\x1b", "\ufeff\n\u00ad"])
def test_words_without_anything_to_see_are_refused(desk: TestDesk, verb: str, words: str) -> None:
    number = desk.mail("anna@acme.example", "Printer", "It is broken.")
    assert "words" in desk.refused(verb, str(number), "-m", words)
    assert [entry["type"] for entry in desk.show(number)["entries"]].count("note") == 0
    assert ("reply", "anna@acme.example") not in desk.sent(number)
