"""Lines of a signature by themselves: what only says who wrote, what says more, and whose name it is."""

from __future__ import annotations

from maild.consent.signatures import instructs, is_title, signed_by_another
from tests.cases import cases


@cases(
    ("line", "says"),
    [
        ("for me", True), ("from Monday on", True), ("from my iPhone", False), ("for and on behalf of Acme", False),
        ("please confirm", True), ("call first", True), ("first call", False), ("read only", True), ("nothing", False),
        ("", False), ("-", False),
        # one day or one hour is a date; the hours of an office name two
        ("Monday", True), ("Monday 9:00", True), ("9:00", True), ("Monday to Friday", False), ("9:00 17:00", False),
        ("Monday 9:00 17:00", False), ("Monday Friday 9:00", False), ("Monday Friday 9:00 17:00", False),
    ],
)  # fmt: skip
def test_a_line_that_says_what_is_to_be_done_or_when_or_for_whom(line: str, says: bool) -> None:
    assert instructs(line, line.lower().split()) is says


@cases(
    ("line", "title"),
    [("CEO", True), ("Managing Director", True), ("head of IT operations", True),
     ("head of IT operations manager", False), ("", False), ("Bela", False), ("CEO Bela", False)],
)  # fmt: skip
def test_a_title_says_what_somebody_is_in_four_words_at_most(line: str, title: bool) -> None:
    assert is_title(line) is title


ROBERT = ("Robert Smith", "robert.smith")


@cases(
    ("lines", "own", "another"),
    [
        (["Anna Kovacs"], ROBERT, "Anna Kovacs"),
        (["", "  ", "Anna Kovacs"], ROBERT, "Anna Kovacs"),
        (["* Anna Kovacs -"], ROBERT, "Anna Kovacs"),
        (["Anna Kovacs"], (), ""),
        (["Anna Kovacs"], ("R", "S"), ""),
        (["Anna Kovacs", "Robert Smith"], ROBERT, "Anna Kovacs"),
        (["Robert Smith", "Anna Kovacs"], ROBERT, ""),
        # short forms and initials
        (["Rob"], ROBERT, ""), (["Bob"], ROBERT, "Bob"), (["Ro"], ROBERT, "Ro"), (["Robertson"], ROBERT, ""),
        (["R. S."], ROBERT, ""), (["R."], ROBERT, ""), (["RS"], ROBERT, ""), (["R. T."], ROBERT, "R. T."),
        (["Rss"], ROBERT, "Rss"), (["Bobby"], ("Bob Smith",), ""), (["Anna Kovacs"], ("Al",), "Anna Kovacs"),
        (["Al"], ("Al Smith",), ""), (["Alan"], ("Al Smith",), "Alan"),
        # what is no name of a person
        (["anna@acme.example", "Anna Kovacs"], ROBERT, "Anna Kovacs"),
        (["+36 1 555 0100", "Anna Kovacs"], ROBERT, "Anna Kovacs"),
        (["Acme Kft", "Anna Kovacs"], ROBERT, "Anna Kovacs"),
        (["Acme Kft"], ROBERT, ""),
        (["Kind regards", "Anna Kovacs"], ROBERT, "Anna Kovacs"),
        (["Kind regards"], ROBERT, ""),
    ],
)  # fmt: skip
def test_whose_name_stands_in_a_signature(lines: list[str], own: tuple[str, ...], another: str) -> None:
    assert signed_by_another(lines, own, lambda line: line == "Kind regards") == another
