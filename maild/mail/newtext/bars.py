"""Quote marks other than ">": what some clients put before each line of the mail that they answer.

    On Mon, 2 Nov 2026 at 10:11, Help Desk <help@desk.example> wrote:

    | Which room is it in?

Below a line that introduces a quote, where the quote begins with the mark; without such a line only "|", in a mail
that answers, where the lines are prose and words stand between or around them. Known false match: a table drawn with
bars that stands first in a quote without marks; its rows end in a bar, too, or have more, and are left alone.
"""

from __future__ import annotations

from itertools import pairwise

from maild.mail.newtext.lines import QUOTED, TEXT, Scan

_MANY = 2_000
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


def mark_lone_bars(scan: Scan) -> None:
    """The same in a mail whose bars nothing introduces: `| Which room?` and the answer below."""
    marked = [i for i, kind in enumerate(bytes(scan.kinds)) if kind == TEXT and _is_lone(scan.bare[i])]
    if not 0 < len(marked) <= _MANY or len(marked) == scan.kinds.count(TEXT):
        return
    if sum(len(scan.bare[i].split()) > 2 for i in marked) * 2 < len(marked):
        return  # a column of names or figures
    if len(marked) > 1 and all(b == a + 1 for a, b in pairwise(marked)) and scan.next_filled(0) != marked[0]:
        return  # one block below the writer's words: what a program printed
    for i in marked:
        scan.kinds[i] = QUOTED
        scan.quotes += 1


def _is_lone(bare: str) -> bool:
    return bare[0] == "|" and bare.count("|") == 1 and _is_marked(bare, "|")


def _is_marked(bare: str, mark: str) -> bool:
    if bare[0] != mark or (len(bare) > 3 and bare[-1] == mark):
        return False
    return bare[1:2] in ("", " ", "\t", "\xa0", mark)
