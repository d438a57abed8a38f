"""`>From`: a text line that a mailbox file could not hold as it was (mbox, RFC 4155 and its kin) gets its mark off.

    >From Monday on nobody can print.   ->   From Monday on nobody can print.

Known counter-example: a quoted line of a client that puts no blank behind its mark; other quoted lines stand beside
it then, and it stays.
"""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"(?m)^(>+)From ")


def without_escapes(text: str) -> str:
    """`text` with one mark less on each escaped line."""
    if ">From " not in text:
        return text
    out: list[str] = []
    pos = 0
    for escape in _ESCAPED.finditer(text):
        if _is_quoted_above(text, escape.start()) or _is_quoted_below(text, escape.end()):
            continue
        out.append(text[pos : escape.start()])
        pos = escape.start() + 1
    return "".join((*out, text[pos:]))


def _is_quoted_above(text: str, at: int) -> bool:
    above = text.rfind("\n", 0, max(0, at - 1)) + 1
    return at > 0 and text.startswith(">", above) and not _ESCAPED.match(text, above)


def _is_quoted_below(text: str, at: int) -> bool:
    below = text.find("\n", at) + 1
    return below > 0 and text.startswith(">", below) and not _ESCAPED.match(text, below)
