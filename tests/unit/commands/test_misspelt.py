"""A typing mistake in what narrows a list down is no empty list."""

from __future__ import annotations

import pytest

from tests.unit.commands.conftest import TestDesk


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("approval", "list", "--state", "granded"), "no state 'granded'; there are: waiting, granted"),
        (("contact", "list", "--company", "amce"), "amce"),
        (("report", "volume", "--by", "year"), "'year': volume is counted by day, week or month"),
        (("mail", "list", "--state", "dnoe"), "no state 'dnoe'"),
        (("outbox", "list", "--state", "snet"), "no state 'snet'"),
    ],
)
def test_a_misspelt_filter_is_refused(desk: TestDesk, words: tuple[str, ...], said: str) -> None:
    assert said in desk.refused(*words)
