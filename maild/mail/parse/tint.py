"""Colours in which people mark their answers inside a mail that they quote ("see my answers in red").

A colour marks when it is vivid and none that programs give to text of their own accord: black, grey, the blues of
links and of Outlook's replies. Known false match: a vivid heading of the quoted mail; the scanner therefore takes
coloured lines for answers only where its own law says so (`newtext.tinted`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAMED = frozenset(
    (
        "red", "green", "blue", "purple", "magenta", "fuchsia", "orange", "darkred", "darkgreen", "darkorange",
        "crimson", "firebrick", "forestgreen", "limegreen", "lime", "orangered", "violet", "darkviolet", "deeppink",
        "mediumblue", "royalblue", "dodgerblue", "seagreen",
    )
)  # fmt: skip
_STYLE = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]{1,40})")
_RGB = re.compile(r"rgba?\([ \t]{0,8}([0-9]{1,3})[, \t]{1,8}([0-9]{1,3})[, \t]{1,8}([0-9]{1,3})")
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
_VIVID = 110  # between the largest and the smallest of red, green and blue, 0 to 255
#: links in browsers and in Office, and what Outlook and Gmail write or quote in
_OF_PROGRAMS = frozenset(
    (
        "0000ee", "0563c1", "0078d7", "0078d4", "1155cc", "1a73e8", "1f497d", "002060", "500050", "954f72", "467886",
        "2f5496", "4472c4", "0070c0", "00b0f0", "800080", "0b57d0", "17365d",
    )
)  # fmt: skip


def tinted(style: str, colour: str) -> bool | None:
    """Whether an element with this style (lower case) and colour attribute marks its words; None: it says nothing."""
    if "color" in style and (match := _STYLE.search(style)) is not None:
        return _marks(match[1].strip())
    return _marks(colour.strip().lower()) if colour else None


@lru_cache(maxsize=512)
def _marks(colour: str) -> bool | None:
    if colour in ("inherit", "initial", "unset", "currentcolor", ""):
        return None
    if colour in _NAMED:
        return True
    if match := _RGB.match(colour):
        shades = [min(255, int(match[n])) for n in (1, 2, 3)]
    elif match := _HEX.match(colour):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        shades = [int(digits[n : n + 2], 16) for n in (0, 2, 4)]
    else:
        return False
    if "".join(f"{shade:02x}" for shade in shades) in _OF_PROGRAMS:
        return False
    return max(shades) - min(shades) >= _VIVID


#: what stands at the beginning of a quote, whoever wrote it; in lower case
_QUOTES = (
    "gmail_quote",
    "<blockquote",
    "divrplyfwdmsg",
    "border-top:solid",
    "border-top: solid",
    "mail-editor-reference",
    "moz-cite",
)
_COLOUR = re.compile(r"""color\s{0,3}[:=]\s{0,3}["']?([^;"'<>!]{1,40})""")
_MOST = 400  # colours that are looked at


def may_hold_answers(html: str) -> bool:
    """A cheap look: whether some vivid colour stands behind the beginning of a quote."""
    low = html.lower()
    begun = min((at for quote in _QUOTES if (at := low.find(quote)) >= 0), default=-1)
    if begun < 0:
        return False
    seen: set[str] = set()
    for match in _COLOUR.finditer(low, begun):
        if match[1] not in seen and low[match.start() - 1] != "-":  # no background
            if _marks(match[1].strip()):
                return True
            seen.add(match[1])
            if len(seen) > _MOST:
                break
    return False
