"""What `--help` says: nothing that a command says of itself is taken for markup and left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rich.text import Text

from maild.demo.verbs import command as whole_command


def _said(command: Any, name: str) -> Iterator[tuple[str, str]]:
    yield name, command.help or ""
    for param in command.params:
        yield f"{name} {param.name}", getattr(param, "help", None) or ""
    for verb, below in getattr(command, "commands", {}).items():
        yield from _said(below, f"{name} {verb}")


def _shown(text: str) -> str:
    return Text.from_markup(text).plain


def test_help_shows_each_word_that_is_written() -> None:
    lost = {
        name: text
        for name, text in _said(whole_command(), "maild")
        if _shown(text) != text.replace("\\[", "[")
    }
    assert not lost, r"write \[ for a bracket in a help text"


@pytest.mark.parametrize("text", ["older than `[retention]` says", "A [[report]]", "[views] VIEW"])
def test_a_bracket_that_is_not_escaped_is_lost(text: str) -> None:
    assert _shown(text) != text
    assert _shown(text.replace("[", r"\[")) == text
