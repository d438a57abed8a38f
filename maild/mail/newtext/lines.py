"""A mail's text as lines with their kinds: what the scanners of this folder look at."""

from __future__ import annotations

import re
from dataclasses import field

from maild.mail.newtext.phrasebook import LABELS, TO
from maild.mail.newtext.setting import NOTHING_KNOWN, Setting
from maild.mail.text.characters import INVISIBLE
from maild.mail.text.marks import (
    HEAD_OPEN,
    QUOTE_CLOSE,
    QUOTE_OPEN,
    SIGN_CLOSE,
    SIGN_OPEN,
    TINT,
    UNSEEN_ABOVE,
)
from maild.mail.text.subjects import base_subject
from maild.values import dataclass

TEXT, BLANK, QUOTED, OPENS, CLOSES, SIGN = 0, 1, 2, 3, 4, 5
#: what a line that is gone was: somebody's words, or what programs and lawyers add
SAID, BOILERPLATE = 1, 2
NOBODYS = bytes((BLANK, OPENS, CLOSES, SIGN))  # kinds of lines without words

MAX_LINE = 600  # what is looked at of one line; longer lines are text
_MAX_GAP = 120
_SHORTEST_SUBJECT = 3
_LONE = 12  # characters of a label that stands in a line alone
MAX_CANDIDATES = 2_000  # lines that may be separators, labels, attributions; the rest is text

_INVISIBLE = "".join(map(chr, sorted(INVISIBLE)))
_BARS = "-‐‑‒–—―_=*#"
#: what follows the ">" of a line that may introduce a quote
_HEADED = frozenset((">>", " M"))
_INITIALS = re.compile(r"(?m)^[ \t]{0,6}([A-Z]{2,3})>(?= |$)")
_PROMPTS = frozenset(("SQL", "CLI", "DOS", "PS"))


@dataclass(slots=True)
class Scan:
    """The lines of one text and what is known of them."""

    lines: list[str]
    bare: list[str] = field(default_factory=list)  # stripped, cut at MAX_LINE
    kinds: bytearray = field(default_factory=bytearray)
    candidates: list[int] = field(default_factory=list)  # lines that may begin history, in order
    gone: bytearray = field(default_factory=bytearray)  # 0: kept, else SAID or BOILERPLATE
    forward_from: int | None = None  # from here all is a forwarded mail, which is content
    confidence: float = 1.0
    quotes: int = 0
    barred: bool = False  # some line begins with a bar
    signatures: list[tuple[int, int]] = field(default_factory=list)  # as the HTML client marked them
    setting: Setting = NOTHING_KNOWN
    unsure: frozenset[int] = frozenset()  # opening markers that may begin a forward as well
    tinted: frozenset[int] = frozenset()  # quoted lines in a colour of their own
    unseen: int = 0  # lines before this one are shown to nobody
    bracketed: tuple[int, ...] = ()  # lines that begin with "[", not many
    _first_kept: int = 0
    foreign_lines: dict[int, int] = field(default_factory=dict)  # what `headerblock` found on a line
    _labels: dict[int, tuple[int, str] | None] = field(default_factory=dict)
    _on_the_subject: dict[int, bool] = field(default_factory=dict)
    _quoted_run: tuple[int, int] = (0, 0)

    def drop(self, start: int, stop: int, what: int = SAID) -> None:
        self.gone[start:stop] = bytes((what,)) * (stop - start)

    def doubt(self, confidence: float) -> None:
        self.confidence = min(self.confidence, confidence)

    def label(self, index: int) -> tuple[int, str] | None:
        """`label_of` a line, worked out once: every line above it may be the beginning of its block."""
        if index not in self._labels:
            self._labels[index] = label_of(self.bare[index])
        return self._labels[index]

    def repeats_subject(self, index: int) -> bool:
        """Whether the line is a label with the subject of this mail, worked out once."""
        if index not in self._on_the_subject:
            wanted, label = self.setting.subject, self.label(index)
            self._on_the_subject[index] = (
                len(wanted) >= _SHORTEST_SUBJECT
                and label is not None
                and base_subject(label[1], "").casefold() == wanted
            )
        return self._on_the_subject[index]

    def next_filled(self, index: int) -> int:
        """Index of the first line from `index` on that is neither blank nor a marker, or the end.

        A gap of hundreds of lines counts as the end, so that the time stays linear.
        """
        kinds = self.kinds
        stop = min(len(kinds), index + _MAX_GAP)
        while index < stop:
            if kinds[index] in (TEXT, QUOTED):
                return index
            index += 1
        return len(kinds)

    def quoted_run(self, index: int) -> int:
        """Index of the first line from `index` on that is no quoted one. A run is walked once, whoever asks."""
        first, stop = self._quoted_run
        if not first <= index < stop:
            first = stop = index
        while stop < len(self.lines) and self.kinds[stop] == QUOTED:
            stop += 1
        self._quoted_run = (first, stop)
        return stop

    def first_kept(self) -> int:
        """Index of the first line with words that is not elided, or the end."""
        kinds, gone = self.kinds, self.gone
        index = self._first_kept
        end = len(kinds)
        while index < end and (gone[index] or kinds[index] not in (TEXT, QUOTED)):
            index += 1
        self._first_kept = index  # what is elided stays so while history is looked for
        return index

    def filled(self, start: int, stop: int) -> list[int]:
        """Indices of the lines with words between start and stop that are not elided."""
        kinds, gone = self.kinds, self.gone
        return [i for i in range(start, stop) if kinds[i] in (TEXT, QUOTED) and not gone[i]]


def is_rule(bare: str) -> bool:
    """Whether a line is nothing but dashes, underscores, stars or equal signs, three or more."""
    return len(bare) >= 3 and not bare.strip(_BARS + " ")


def is_barred(bare: str) -> bool:
    """Whether a line begins with two or more dashes or the like: "----- Original Message -----"."""
    return len(bare) > 4 and bare[0] in _BARS and bare[1] in _BARS


def is_heading(bare: str) -> bool:
    """Whether a ">" line is itself what introduces the quote: GroupWise's and French web mailers' custom.

    ">>> Ann <ann@example.com> 11/2/2026 10:11 AM >>>", ">>> On 11/2/2026 at 10:11 AM, in message",
    "> Message du 02/11/26 10:11"; Supercite's '>>>>> "AM" == Ann Miller writes:'.
    """
    if bare.startswith(">>> "):
        return bare.endswith(" >>>") or (bare.startswith(">>> On ") and " in message" in bare)
    return bare.startswith("> Message du ") or (bare.startswith('>>>>> "') and bare.endswith(":"))


def inner(bare: str) -> str:
    """The lower-case words of a separator line, without its dashes and colon."""
    return " ".join(bare.strip(_BARS + " \t:|><[]").lower().split())


def label_of(bare: str) -> tuple[int, str] | None:
    """(role bits, value) of a header line "*From:* Ann" in any language, or None.

    Role bits are 0 for a label that no table knows ("Message-ID: ...").
    """
    colon = bare.find(":", 0, 36)
    if colon < 1:
        colon = bare.find("：", 0, 36)
        if colon < 1:
            return None
    label = bare[:colon].strip(" *_\t\xa0|").lower()
    if not label:
        return None
    return LABELS.get(label, 0), bare[colon + 1 :].strip(" *_\t\xa0|")


def _initials(text: str) -> tuple[str, ...]:
    """Initials that mark quoted lines ("HD> text": The Bat!, Supercite), each on three lines or more.

    A conversation has few writers; a text with many such beginnings is something else.
    """
    counts: dict[str, int] = {}
    for match in _INITIALS.finditer(text):
        counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    often = [f"{name}>" for name, times in counts.items() if times >= 3 and name not in _PROMPTS]
    return tuple(often) if len(often) <= 6 else ()


def scan(text: str, *, html_marks: bool, setting: Setting = NOTHING_KNOWN) -> Scan:
    """Split and classify; about 0.5 microseconds a line, whatever is in it."""
    lines = text.split("\n")
    initials = _initials(text) if ">" in text and _INITIALS.search(text) else ()
    bare: list[str] = []
    kinds = bytearray(len(lines))
    candidates: list[int] = []
    signatures: list[tuple[int, int]] = []
    unsure: list[int] = []
    quotes = 0
    barred = False
    tinted: list[int] = []
    bracketed: list[int] = []
    unseen = 0
    has_tint = html_marks and TINT in text
    for index, line in enumerate(lines):
        if has_tint and TINT in line:
            tinted.append(index)
            line = line.replace(TINT, "")
        if not line:
            bare.append("")
            kinds[index] = BLANK
            continue
        if line[0] == ">" and len(line) <= MAX_LINE:
            s = line.rstrip()
            bare.append(s)
            kinds[index] = QUOTED
            quotes += 1
            if s[1:3] in _HEADED and is_heading(s) and len(candidates) < MAX_CANDIDATES:
                candidates.append(index)
            continue
        s = line.strip()
        if len(s) > MAX_LINE:
            s = s[:MAX_LINE]
        if s and s[0] in _INVISIBLE:
            s = s.strip(_INVISIBLE + " \t\xa0")
        bare.append(s)
        if not s:
            kinds[index] = BLANK
            continue
        first = s[0]
        if first == "|":
            barred = True
        elif first == "[" and len(bracketed) < MAX_CANDIDATES:
            bracketed.append(index)
        if first == ">" or (initials and s.startswith(initials)):
            kinds[index] = QUOTED
            quotes += 1
        elif html_marks and first == "\ue000" and s in (QUOTE_OPEN, HEAD_OPEN):
            kinds[index] = OPENS
            if s == HEAD_OPEN:
                unsure.append(index)
            if len(candidates) < MAX_CANDIDATES:
                candidates.append(index)
        elif html_marks and first == "\ue001" and s == QUOTE_CLOSE:
            kinds[index] = CLOSES
        elif html_marks and s == UNSEEN_ABOVE:
            kinds[index] = SIGN
            unseen = unseen or index
        elif html_marks and s in (SIGN_OPEN, SIGN_CLOSE):
            kinds[index] = SIGN
            if s == SIGN_OPEN:
                signatures.append((index, len(lines)))
            elif signatures and signatures[-1][1] == len(lines):
                signatures[-1] = (signatures[-1][0], index)
        elif len(candidates) < MAX_CANDIDATES and (
            s[-1] in ":："
            or (first in _BARS and s[1:2] in _BARS)
            or ((":" in s[:36] or "：" in s[:36]) and label_of(s) is not None)
            or ("@" in s and ": " in s)
            or (len(s) < _LONE and LABELS.get(s.lower(), 0) & TO)
        ):
            candidates.append(index)
    return Scan(
        lines,
        bare,
        kinds,
        candidates,
        bytearray(len(lines)),
        quotes=quotes,
        barred=barred,
        signatures=signatures,
        setting=setting,
        unsure=frozenset(unsure),
        tinted=frozenset(tinted),
        bracketed=tuple(bracketed),
        unseen=unseen,
    )
