"""Quote marks other than ">": what some clients put before each line of the mail that they answer.

    On Mon, 2 Nov 2026 at 10:11, Help Desk <help@desk.example> wrote:

    | Which room is it in?

Only below a line that introduces a quote, and only where the quote begins with the mark. Known false match: a
table drawn with bars that stands first in a quote without marks; its rows end in a bar, too, and are left alone.
"""

from __future__ import annotations

from maild.mail.newtext.lines import QUOTED, TEXT, Scan

_MARKS = frozenset("|│┃¦»›}:")


def mark_bars(scan: Scan, start: int) -> None:
    """Make lines of the kind QUOTED of what is marked so from `start` on."""
    first = scan.next_filled(start)
    if first >= len(scan.lines) or scan.kinds[first] != TEXT:
        return
    mark = scan.bare[first][0]
    if mark not in _MARKS or not _is_marked(scan.bare[first], mark):
        return
    for index in range(first, len(scan.lines)):
        if scan.kinds[index] == TEXT and _is_marked(scan.bare[index], mark):
            scan.kinds[index] = QUOTED
            scan.quotes += 1


def _is_marked(bare: str, mark: str) -> bool:
    if bare[0] != mark or (len(bare) > 3 and bare[-1] == mark):
        return False
    return bare[1:2] in ("", " ", "\t", "\xa0", mark)
