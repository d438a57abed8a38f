"""Every regular expression that sees a stranger's text is linear, or sees no more of it than is said here.

The list is not kept by hand: `patterns` finds them, and texts that make each work hard are made of its own parts. A
new one that is worse than linear fails here until it is mended, or its text is cut before it and that is said.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from tests.bounds.limit import TooLong, limit
from tests.bounds.patterns import Found, hidden, patterns, texts
from tests.timing import least

pytestmark = pytest.mark.slow

#: what a step on a megabyte may take, seconds of the processor
MOST_SECONDS, MEGABYTE = 2.0, 1_000_000
#: short enough to be quick, long enough to tell a square from a line
SHORT = 8_192
#: patterns that are worse than linear by themselves, and how many characters they see at most, and why no more
SHORT_TEXTS = {
    "maild.mail.guard.mailing_list._LIST_SENDER": (1_000, "_LONGEST of an address field"),
    "maild.mail.guard.mailing_list._LIST_PATH": (1_000, "_LONGEST of an address field"),
    "maild.mail.guard.mailing_list._WEAK_PATH": (1_000, "_LONGEST of an address field"),
    "maild.mail.parse.structure._FIRST_PART": (4_000, "the beginning of a body"),
    "maild.mail.parse.structure._SNIFF": (20_000, "the beginning of a body"),
    "maild.receive.smtp_path._ROUTE": (2_048, "COMMAND_LIMIT"),
    "maild.ticket.thanks._REFERENCE": (400, "MOST_CHARACTERS of a thank-you"),
}
SCANS = frozenset(("search", "sub", "subn", "split", "findall", "finditer"))
#: the patterns are found when a test asks, not when tests are collected: that takes seconds
GROUPS = 8


def seconds(one: Found, text: Any, most: float) -> float:
    """Of the processor, for the dearest way in which the code uses the pattern; `most` when it was stopped."""
    worst = 0.0
    ways = [one.pattern.match, one.pattern.fullmatch] if not one.used & SCANS else []
    ways += [getattr(one.pattern, name) for name in ("match", "fullmatch") if name in one.used]
    for way in ways:
        worst = max(worst, _timed(lambda way=way: way(text), most))
    if one.used & SCANS:
        worst = max(worst, _timed(lambda: sum(1 for _ in one.pattern.finditer(text)), most))
    return worst


def _timed(work: Any, most: float) -> float:
    """The best of some runs; `most` when it was stopped."""

    def limited() -> None:
        with limit(most):
            work()

    try:
        return min(most, least(limited, 0.01))
    except TooLong:
        return most


@cache
def found() -> list[Found]:
    return patterns()


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_megabyte_of_its_worst_text_stays_within_the_limit(group: int) -> None:
    for one in found()[group::GROUPS]:
        _stays_within_the_limit(one)


def _stays_within_the_limit(one: Found) -> None:
    size, _ = SHORT_TEXTS.get(one.where, (MEGABYTE, ""))
    short = min(size, SHORT)
    allowed = MOST_SECONDS * short / MEGABYTE
    worst, text = max(
        ((seconds(one, text, 1.0), text) for text in texts(one.pattern, short)), key=lambda pair: pair[0]
    )
    assert worst < max(allowed, 0.02), (
        f"{one.where} {one.pattern.pattern!r} takes {worst:.3f} s for {text[:80]!r}..."
    )
    if size > SHORT:
        whole = text * (size // max(len(text), 1) + 1)
        long = next(
            (t for t in texts(one.pattern, size) if t[:40] == text[:40] and t[-3:] == text[-3:]), whole
        )
        assert seconds(one, long, MOST_SECONDS + 1.0) < MOST_SECONDS, (
            f"{one.where} {one.pattern.pattern!r}: {text[:80]!r}..."
        )


def test_what_is_said_to_see_short_texts_only_is_still_there() -> None:
    assert SHORT_TEXTS.keys() <= {one.where for one in found()}


def test_no_pattern_stands_where_it_cannot_be_found() -> None:
    """A pattern in a function has no name; a module's constant is found, and compiled once."""
    assert hidden() == []


def test_a_planted_square_is_found() -> None:
    """The texts are good enough to catch the kinds that there were."""
    planted = [
        '["‘][^"]{6,}["’]', r"[ \t]+\r\n", r"(?:a|b|ab)*c", r"\s*(?:x|y)", r"<[^>]*(?:\s[^>]*)?>", r"[^\s@]+@[^\s@]+",
        r"(?:\s|&nbsp;)+$", r"^(?:.*,)+x",
    ]  # fmt: skip
    for pattern in planted:
        one = Found("planted", re.compile(pattern), SCANS)
        assert any(seconds(one, text, 0.2) > 0.1 for text in texts(one.pattern, 4 * SHORT)), pattern
