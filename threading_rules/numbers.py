"""Ticket numbers written in a subject: tags after the configured format, and bare `#15789`.

Only ASCII digits, 1 to 18 of them, count (`\\d` would take Arabic and full-width digits too), and 0 is no
number. The format is literal text around `{number}`; it is never taken as a pattern.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BARE = re.compile(r"(?<![0-9A-Za-z&/#_])#([0-9]{1,18})(?![0-9A-Za-z_]|[.,/-][0-9])")
_MAX_SUBJECT = 2000
_MAX_NESTED = 20


@lru_cache(maxsize=8)
def tag_pattern(tag: str) -> re.Pattern[str]:
    """The matcher for a format such as `[#{number}]`; one blank beside the number (refolding) is forgiven."""
    before, _, after = tag.partition("{number}")
    front = r"(?<![0-9A-Za-z])" if before[:1].isalnum() or not before else ""
    back = r"(?![0-9A-Za-z])" if after[-1:].isalnum() or not after else ""
    return re.compile(
        f"{front}{re.escape(before)} ?([0-9]{{1,18}})(?![0-9]) ?{re.escape(after)}{back}", re.IGNORECASE
    )


def tag_numbers(subject: str, tag: str) -> tuple[int, ...]:
    """Different numbers in tags, in order of appearance."""
    return _numbers(tag_pattern(tag), subject)


def bare_numbers(subject: str, tag: str) -> tuple[int, ...]:
    """Different numbers after a bare `#`, outside of tags. Body text is never looked at: there a number
    is mostly an order, an invoice or a quoted thread."""
    return _numbers(_BARE, without_tags(subject, tag))


def without_tags(subject: str, tag: str) -> str:
    """The subject with each of our tags taken out, also those that appear when one inside is gone."""
    text = subject[:_MAX_SUBJECT]
    for _ in range(_MAX_NESTED):
        rest = tag_pattern(tag).sub(" ", text)
        if rest == text:
            break
        text = rest
    return text


def _numbers(pattern: re.Pattern[str], subject: str) -> tuple[int, ...]:
    found = (int(match[1]) for match in pattern.finditer(subject[:_MAX_SUBJECT]))
    return tuple(dict.fromkeys(number for number in found if number))
