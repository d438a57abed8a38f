"""format=flowed: joined as RFC 3676 says, in steps that a large mail can afford."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.parse import flowed
from tests.timing import grows_as_its_size

#: megabytes
pytestmark = pytest.mark.slow

PIECES = st.sampled_from(["a", " ", "\n", " \n", "-- ", "--", "-- \n", "\n-- \n", "-- \n ", "word "])


@given(st.lists(PIECES, max_size=14).map("".join), st.booleans())
def test_a_text_without_quotes_is_joined_as_line_by_line(text: str, delsp: bool) -> None:
    assert flowed.unflow(text, delsp=delsp) == flowed._with_quotes(text, delsp)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a \nb", "a b"),
        ("a \n> b \n> c\nd", "a \n> b c\nd"),
        ("a \n-- \nAnna \nB", "a \n-- \nAnna B"),
        (">> a \n> b", ">> a \n> b"),
        ("  stuffed", " stuffed"),
        (" From \nhere", "From here"),
        (" >no quote", ">no quote"),
        ("a ", "a "),
        ("", ""),
    ],
)
def test_flowed_lines(text: str, joined: str) -> None:
    assert flowed.unflow(text, delsp=False) == joined


@pytest.mark.parametrize("line", ["a \n", "-- \n", "> a \n", ">\n> \n", " \n"])
@pytest.mark.parametrize("delsp", [True, False])
def test_four_times_the_lines_take_about_four_times_as_long(line: str, delsp: bool) -> None:
    def joining(count: int) -> Callable[[], object]:
        text = line * count
        return lambda: flowed.unflow(text, delsp=delsp)

    grows_as_its_size(joining, 10_000)
