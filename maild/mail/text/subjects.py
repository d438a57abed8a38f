"""Subjects: our tags and numbers in them, the prefixes that mail programs of any language put in front, and what
is left when both are gone. The one reading that threading, new text, guards and outgoing mail share.

Only ASCII digits, 1 to 18 of them, are a number (`\\d` would take Arabic and full-width digits too), and 0 is
none. The format of `[threading] subject_tag` is literal text around `{number}`; it is never taken as a pattern.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import punctuation
from typing import Literal

from maild.mail.languages import forward_prefixes, reply_prefixes
from maild.mail.text.clean import shown_line

_BARE = re.compile(r"(?<![0-9A-Za-z&/#_])#([0-9]{1,18})(?![0-9A-Za-z_]|[.,/-][0-9])")
#: `Re[2]:`, `AW(3):`, `Re*2:`, `Re^2:`, `Re2:`
_COUNTER = re.compile(r"\s?(?:[\[(][0-9]{1,3}[\])]|[*^]?[0-9]{1,2})$")
#: what gateways and filters put in front: `[EXT]`, `{Spam?}`, `***UNCHECKED***`
_MARK = re.compile(r"(?:\[[^\]\[]{1,40}\]|\{[^{}]{1,40}\}|\*{2,5}[^*]{1,40}\*{2,5})")
#: ... and the same as a word with a colon, only where a prefix follows
_MARK_WORDS = frozenset(
    ("ext", "extern", "external", "externe", "extérieur", "külső", "spam", "suspected spam")
)
_WORD = re.compile(r"\w{3,}")
_MAX_SUBJECT = 2_000
_MAX_NESTED = 20
_MAX_PREFIXES = 30
_LONGEST_PREFIX = 24


# ------------------------------------------------------------------------------------------ tags and numbers


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
    return _tag_numbers(subject[:_MAX_SUBJECT], tag)


@lru_cache(maxsize=256)
def _tag_numbers(subject: str, tag: str) -> tuple[int, ...]:
    """A mail's are asked for before its look-up, by the rules, and for what they contradict."""
    return _numbers(tag_pattern(tag), subject)


def bare_numbers(subject: str, tag: str) -> tuple[int, ...]:
    """Different numbers after a bare `#`, outside of tags. Body text is never looked at: there a number
    is mostly an order, an invoice or a quoted thread."""
    return _bare_numbers(subject[:_MAX_SUBJECT], tag) if "#" in subject else ()


@lru_cache(maxsize=256)
def _bare_numbers(subject: str, tag: str) -> tuple[int, ...]:
    return _numbers(_BARE, without_tags(subject, tag))


def without_tags(subject: str, tag: str) -> str:
    """The subject with each of our tags taken out, also those that appear when one inside is gone."""
    text = subject[:_MAX_SUBJECT]
    if "{number}" not in tag:
        return text
    pattern, mark = tag_pattern(tag), _mark_of(tag)
    for _ in range(_MAX_NESTED):
        if mark not in text:
            break
        rest = pattern.sub(" ", text)
        if rest == text:
            break
        text = rest
    return text


@lru_cache(maxsize=8)
def _mark_of(tag: str) -> str:
    """A sign that stands in each tag of this format: a text without it has none. "" where there are only letters."""
    return next((sign for sign in tag.replace("{number}", "") if sign in punctuation), "")


def _numbers(pattern: re.Pattern[str], subject: str) -> tuple[int, ...]:
    numbers = pattern.findall(subject[:_MAX_SUBJECT])
    return tuple(dict.fromkeys(number for one in numbers if (number := int(one)))) if numbers else ()


# -------------------------------------------------------------------------------------------------- prefixes


def base_subject(subject: str, tag: str) -> str:
    """`Re: VÁ: [#15789] Printer` -> `Printer`, as one line fit to be shown. "" when nothing else is there.

    `tag`: the format of `[threading] subject_tag`. Tags go wherever they stand: a mail that bore two would thread
    by neither. Marks of other systems (`[EXT]`) stay, but for those before a prefix.
    """
    return _base_subject(subject[:_MAX_SUBJECT], tag)


@lru_cache(maxsize=256)
def _base_subject(subject: str, tag: str) -> str:
    """Remembered: a mail's and its ticket's are compared more than once."""
    text = shown_line(without_tags(shown_line(subject), tag))
    for _ in range(_MAX_PREFIXES):
        prefix = _prefix(text)
        if prefix is None:
            break
        text = prefix[1]
    return text


def read_subject(subject: str) -> tuple[Literal["", "reply", "forward"], str]:
    """What the first prefix says (see `is_reply` and `is_forward`), and the subject without prefixes, its tags left."""
    text = shown_line(subject[:_MAX_SUBJECT])
    first = _prefix(text)
    if first is None:
        return "", text
    says: Literal["reply", "forward"] = "reply" if first[0] in reply_prefixes() else "forward"
    text = first[1]
    for _ in range(_MAX_PREFIXES):
        prefix = _prefix(text)
        if prefix is None:
            break
        text = prefix[1]
    return says, text


def is_reply_or_forward(subject: str) -> bool:
    """Whether the subject begins with a reply or forward prefix of any language."""
    return _prefix(_head(subject)) is not None


def is_reply(subject: str) -> bool:
    """Whether the first prefix is one of answers. `VS:` is a Finn's answer and a Dane's forward: an answer."""
    prefix = _prefix(_head(subject))
    return prefix is not None and prefix[0] in reply_prefixes()


def is_forward(subject: str) -> bool:
    """Whether the first prefix says that the mail is a forward, and nothing else: `[#1] WG: x`, `Doorst: x`."""
    prefix = _prefix(_head(subject))
    return prefix is not None and prefix[0] not in reply_prefixes()


def unrelated(one: str, other: str, tag: str) -> bool:
    """Whether two subjects have no word of three letters or more in common. An empty one is related to all:
    phones and some clients answer without a subject."""
    first, second = _words(one, tag), _words(other, tag)
    return bool(first) and bool(second) and first.isdisjoint(second)


def _head(subject: str) -> str:
    return shown_line(subject[:200])


@lru_cache(maxsize=256)
def _prefix(text: str) -> tuple[str, str] | None:
    """(the first prefix in lower case, the text behind it). Marks before the prefix go with it. Remembered: one mail's
    guards, rules and reader all ask for its subject's."""
    for _ in range(4):
        colon = _colon(text)
        if colon > 0:
            word = _COUNTER.sub("", text[:colon].strip().lower()).strip()
            if word in reply_prefixes() or word in forward_prefixes():
                return word, text[colon + 1 :].strip()
            if word in _MARK_WORDS:
                text = text[colon + 1 :].lstrip()
                continue
        mark = _MARK.match(text)
        if mark is None:
            return None
        text = text[mark.end() :].lstrip()
    return None


def _colon(text: str) -> int:
    """Where the first colon stands, ASCII or full-width, if near enough for a prefix; else -1."""
    ascii_colon = text.find(":", 0, _LONGEST_PREFIX)
    if text.isascii():
        return ascii_colon
    wide = text.find("：", 0, _LONGEST_PREFIX if ascii_colon < 0 else ascii_colon)
    return ascii_colon if wide < 0 else wide


def _words(subject: str, tag: str) -> set[str]:
    base = base_subject(subject, tag).lstrip()
    while (mark := _MARK.match(base)) and (behind := base[mark.end() :].lstrip()):
        base = behind
    return set(_WORD.findall(base.casefold()))
