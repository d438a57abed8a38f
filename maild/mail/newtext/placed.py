"""Where new text stands among what is quoted: a client that wraps quoted lines may leave the torn end without a mark.

Whoever wrote the quoted mail then chooses what stands there (contract, Decision word: a line between quoted lines).
"""

from __future__ import annotations

from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class ReplyPlacement:
    """`below`: the quoted line directly above the first new one, without its marks. `between`: whether some new line
    stands between quoted ones."""

    below: str
    between: bool


def placed(text: str, new: str) -> ReplyPlacement:
    """`text`: all that can be seen, `new`: those of its lines that are new, in their order."""
    wanted = [line.strip() for line in new.split("\n") if line.strip()]
    lines = [line.strip() for line in text.split("\n")]
    last_quoted = max((at for at, line in enumerate(lines) if _is_quoted(line)), default=-1)
    next_, quoted, below, between = 0, False, "", False
    for at, line in enumerate(lines):
        if _is_quoted(line):
            quoted = True
        elif line and next_ < len(wanted) and line == wanted[next_]:
            if next_ == 0 and at and _is_quoted(lines[at - 1]):
                below = lines[at - 1].lstrip("> |")
            between = between or (quoted and at < last_quoted)
            next_ += 1
    return ReplyPlacement(below, between)


def _is_quoted(line: str) -> bool:
    return line.startswith((">", "|"))
