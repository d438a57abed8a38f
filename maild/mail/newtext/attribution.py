"""Attribution lines: "On Mon, 2 Nov 2026 at 10:11, Ann <ann@example.com> wrote:" in eighteen languages.

Clients wrap them over up to four lines; some put the writer first and the date last.
"""

from __future__ import annotations

import re

from maild.mail.newtext.lines import BLANK, TEXT, Scan
from maild.mail.newtext.phrasebook import OPENERS, VERBS, first_word, words

NONE, WEAK, STRONG = 0, 1, 2

_MAX = 420
_WRAPS = 4  # lines above the last one
_DIGIT = re.compile("[0-9]")
_MAX_UNDOTTED = 300
_FEW = 12  # words beside the address
_ANGLE = re.compile(r"<[^<>]*>")
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DAY = re.compile(r"(?<![0-9])[0-9]{1,4} ?[./-] ?[0-9]{1,2} ?[./-] ?[0-9]{2,4}(?![0-9])")
_TIME = re.compile(r"(?<![0-9])[0-9]{1,2}[:.h][0-9]{2}(?![0-9])")
_NAMED = re.compile(r"[^<>@:]{0,60}<[^\s<>@]{1,64}@[^\s<>@]{1,100}>(?: [^\W0-9_]{1,12}){1,3} ?[:：]")
#: how a date or a time begins; an address may begin with digits, too
_DATED = re.compile(
    r"(?:19|20)[0-9]{2}(?![0-9A-Za-z@])|[0-9]{1,2} ?[./:-] ?[0-9]|[0-9]{1,2}(?:\.|st|nd|rd|th)? ?[^\W0-9_]*[ ,.]"
)
_ADDRESS = re.compile(r"[^\s<>@]{1,80}@[^\s<>@]")


def strength(text: str) -> int:
    """How surely `text` (one logical line) says who wrote what follows, and when."""
    text = text[:_MAX]
    verb = not VERBS.isdisjoint(words(text.lower()))
    facts = facts_of(text)
    address = "@" in text and bool(_ADDRESS.search(text))
    if (verb and facts >= 2) or (facts == 3 and "<" in text):
        return STRONG
    if verb and address and len(text) <= 120 and _NAMED.fullmatch(text):
        return STRONG  # "Ann Miller <ann@example.com> wrote:" and nothing else: nobody types that
    if (verb and (facts or len(text) <= 80)) or facts >= 2:
        return WEAK
    return NONE


def attribution(scan: Scan, last: int) -> tuple[int, int] | None:
    """(first line, strength) of the attribution whose last line is `last`, or None."""
    text = scan.bare[last]
    if len(text) > _MAX:
        return None
    best: tuple[int, int] | None = None
    start = last
    wraps = 0
    while True:
        weight = strength(text)
        if weight and (best is None or weight >= best[1]):
            best = (start, weight)
        if weight and _begins(text):
            break
        above = start - 1
        if above >= 0 and scan.kinds[above] == BLANK and start == last and len(text) < 24 and weight:
            above -= 1  # an HTML client's "wrote:" in a paragraph of its own
            if above < 0 or not _begins(scan.bare[above]) or strength(scan.bare[above] + text) < STRONG:
                break
        if wraps == _WRAPS or above < 0 or scan.kinds[above] != TEXT or scan.gone[above]:
            break
        line = scan.bare[above]
        if len(line) + len(text) > _MAX or (weight == STRONG and not _continues(line, text)):
            break
        if line[-1] in ".!?:" and not strength(line) and not _begins(line):
            break  # the person's own sentence, not the first half of an attribution
        text = f"{line} {text}"
        start = above
        wraps += 1
    return best


def undotted(text: str) -> bool:
    """Whether a line just above a quote says whose that is, in any language and without a colon: it has two of a
    day, a time and an address, and no more words than a name and a verb have."""
    if text[-1] in ".?!" or len(text) > _MAX_UNDOTTED:
        return False
    verb = not VERBS.isdisjoint(words(text.lower()))
    if verb and (strength(text) == STRONG or _NAMED.fullmatch(f"{text}:")):
        return True
    return facts_of(text) >= 2 and len(words(_ANGLE.sub(" ", text))) <= _FEW


def facts_of(text: str) -> int:
    """How many of a day, a time, an address a text has."""
    day = bool(_YEAR.search(text) or _DAY.search(text))
    return day + bool(_TIME.search(text)) + ("@" in text and bool(_ADDRESS.search(text)))


def is_flattened(text: str) -> bool:
    """Whether an attribution with the beginning of the quoted text stands in one line (Yahoo's app)."""
    if "@" not in text or not _begins(text):
        return False
    end = text.find(": ", text.find("@"))
    return 0 < end < _MAX and strength(text[:end]) == STRONG and bool(_TIME.search(text[:end]))


def _begins(text: str) -> bool:
    """Whether a logical attribution line can begin here: an opener word or a date."""
    if not text or text.count(")") > text.count("("):
        return False  # "2026. nov. 2., H, 10:11):" is the second half
    if text[0].isdigit():
        return _DATED.match(text) is not None
    return first_word(text[:30].lower()) in OPENERS and bool(_DIGIT.search(text[:60]))


def _continues(above: str, text: str) -> bool:
    """Whether `above`, too, belongs to an attribution that is already complete without it."""
    if text[0] in "<(":
        return len(above) <= 80
    return _begins(above) and bool(_YEAR.search(above) or _DAY.search(above) or _TIME.search(above))
