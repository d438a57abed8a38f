"""Disclaimers: the closing paragraphs that lawyers, virus scanners and friends of the trees add.

A beginning alone proves nothing: "This message contains confidential drawings, please store it ..." and "Please
consider the environment variable PATH" are people's. Two words more that disclaimers are made of, a scanner's
name, or a place below a signature do.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from maild.mail.newtext.lines import Scan, is_rule
from maild.mail.newtext.phrasebook import (
    DISCLAIMER_WORDS,
    DISCLAIMERS,
    SCANNERS_AND_PAPER,
    begins,
    is_strong_disclaimer,
)
from maild.mail.newtext.signature import is_closing, is_contact, is_prose

_LOOK = 1_500  # characters below an opener that are searched for a disclaimer's words
_WINDOW = 40  # filled lines
_LONG = 160  # characters of a line that may be a disclaimer without an opener
_ENOUGH_ALONE = 4  # words of disclaimers that prove one without an opener


def disclaimer_start(scan: Scan, filled: list[int], cut: int) -> int:
    """Where the disclaimer at the end begins among the filled lines before `cut`, or `cut`."""
    first = max(0, cut - _WINDOW)
    said: tuple[str, ...] | None = None  # the words of disclaimers that stand anywhere in the window
    for k in range(first, cut):
        bare = scan.bare[filled[k]]
        if len(bare) <= 8:
            continue
        low = bare.strip("*_-–—•[(|<>\"'„“ ").lower()
        opener = begins(low, DISCLAIMERS)
        if opener is None and low[:2] == "p ":
            opener = begins(low[2:], DISCLAIMERS)  # Webdings has a tree there
        if opener is None and len(low) <= _LONG:
            continue
        if said is None:
            said = _said(" ".join(scan.bare[i] for i in filled[first:cut]).lower())
        if opener is None and len(said) < _ENOUGH_ALONE:
            continue
        if _opens(scan, filled, k, cut, low, opener, said) and _reaches_end(scan, filled, k, cut, said):
            return k
    return cut


def _said(low: str) -> tuple[str, ...]:
    likely: set[str] = set()
    for word in set(low.split()) - _SAY_NOTHING:
        likely.update(_within(word))
    return tuple([phrase for phrase in likely if phrase in low])


def _by_letters() -> dict[str, tuple[str, ...]]:
    """Phrases under the first four letters of their longest word, which each of them has."""
    table: dict[str, list[str]] = defaultdict(list)
    for phrase in DISCLAIMER_WORDS:
        table[max(phrase.split(), key=len)[:_GRAM]].append(phrase)
    return {letters: tuple(phrases) for letters, phrases in table.items()}


_GRAM = 4
_BY_LETTERS = _by_letters()


#: words that none of the phrases has, learnt as they come: most are, and are left out in one step
_SAY_NOTHING: set[str] = set()
_MOST_REMEMBERED = 8_192


def _within(word: str) -> tuple[str, ...]:
    """The phrases that may stand in a text with this word in it: hardly ever one."""
    found = _likely(word)
    if not found:
        if len(_SAY_NOTHING) >= _MOST_REMEMBERED:
            _SAY_NOTHING.clear()
        _SAY_NOTHING.add(word)
    return found


@lru_cache(maxsize=1_024)
def _likely(word: str) -> tuple[str, ...]:
    return tuple(
        [
            phrase
            for at in range(len(word) - _GRAM + 1)
            for phrase in _BY_LETTERS.get(word[at : at + _GRAM], ())
        ]
    )


def _opens(
    scan: Scan, filled: list[int], k: int, cut: int, low: str, opener: str | None, said: tuple[str, ...]
) -> bool:
    if opener is None:
        return len(low) > _LONG and _count(low, said) >= _ENOUGH_ALONE
    below = " ".join(scan.bare[i] for i in filled[k:cut])[:_LOOK].lower()
    if _count(below, said) >= 2:
        return True
    if not is_strong_disclaimer(opener):
        return False
    return any(name in below for name in SCANNERS_AND_PAPER) or _is_below_signature(scan, filled, k)


def _is_below_signature(scan: Scan, filled: list[int], k: int) -> bool:
    """Whether a name, a closing formula, contact data or a rule stands just above."""
    if not k:
        return False
    above = scan.bare[filled[k - 1]]
    if is_rule(above) or is_closing(above) or is_contact(above) or scan.setting.signs(above):
        return True
    return filled[k] > filled[k - 1] + 1 and any(
        is_closing(scan.bare[i]) or is_contact(scan.bare[i]) for i in filled[max(0, k - 4) : k]
    )


def _count(low: str, said: tuple[str, ...]) -> int:
    return len([word for word in said if word in low])


def _reaches_end(scan: Scan, filled: list[int], k: int, cut: int, said: tuple[str, ...]) -> bool:
    """Whether nothing that a person says follows: no closing formula, no question, no short paragraph."""
    paragraph = True
    for previous, i in zip(filled[k : cut - 1], filled[k + 1 : cut], strict=True):
        bare = scan.bare[i]
        if i > previous + 1:
            paragraph = False
        if paragraph or is_rule(bare) or is_contact(bare):
            continue
        if is_closing(bare) or bare[-1] == "?":
            return False
        if i > previous + 1 and is_prose(bare) and len(bare) < 60 and not _count(bare.lower(), said):
            low = bare.strip("*_-– ").lower()
            if begins(low, DISCLAIMERS) is None:
                return False
    return True
