"""What the writer says about where their answers stand: "see my answers below", "in red"."""

from __future__ import annotations

from maild.mail.newtext.lines import Scan
from maild.mail.newtext.phrasebook import INLINE_HINTS, words

_HINT_TEXT = 500  # characters above the history that are searched for a hint


def answers_inside(scan: Scan, start: int) -> bool:
    """Whether the text above says that the answers stand in the history, below."""
    begin = scan.first_kept()
    lines = [scan.bare[i] for i in scan.filled(begin, min(start, begin + 60))]
    if not lines or sum(map(len, lines)) > _HINT_TEXT:
        return False
    above = " ".join(lines).lower()
    spoken = words(above)
    if INLINE_HINTS.keys().isdisjoint(spoken):  # nearly always
        return False
    for word in INLINE_HINTS.keys() & set(spoken):
        for hint in INLINE_HINTS[word]:
            at = above.find(hint)
            ends = at + len(hint)
            if at >= 0 and not above[ends : ends + 1].isalpha() and (at == 0 or not above[at - 1].isalpha()):
                return True
    return False
