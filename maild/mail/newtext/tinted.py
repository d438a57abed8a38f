"""Answers that are written into the quoted mail and told apart by their colour or by their writer's name alone.

Coloured lines are answers where the writer says that they answer inside, where one follows a question of the quote, or
where nothing but a greeting stands above the quote. `[Anna Kiss] Room 12` is Outlook's way ("preface comments with").
Known false match: a vivid line that the quoted mail itself had below a question. Counter-example: a red heading of a
quoted mail below a whole answer, which stays out.
"""

from __future__ import annotations

from maild.mail.newtext.hints import answers_inside
from maild.mail.newtext.lines import BLANK, QUOTED, SAID, TEXT, Scan
from maild.mail.newtext.phrasebook import words

_GREETING = 4  # words
_LONGEST_NAME = 40


def keep_answers_inside(scan: Scan) -> None:
    """Keep what of the elided history is the writer's own."""
    if not scan.setting.answers:
        return
    first = scan.gone.find(SAID)
    if first < 0:
        return
    for index in [*_tinted(scan, first), *_prefaced(scan, first)]:
        scan.gone[index] = 0
        scan.doubt(0.6)


def _tinted(scan: Scan, first: int) -> list[int]:
    if not scan.tinted:
        return []
    indexes = [
        i
        for i in scan.tinted
        if scan.gone[i] == SAID and "://" not in scan.bare[i] and "@" not in scan.bare[i]
    ]
    if indexes and (
        answers_inside(scan, first) or any(_below_question(scan, i) for i in indexes) or _greets(scan, first)
    ):
        return indexes
    return []


def _greets(scan: Scan, first: int) -> bool:
    above = [scan.bare[i] for i in scan.filled(0, first)]
    return len(above) <= 1 and all(len(words(line)) <= _GREETING and line[-1] == "," for line in above)


def _below_question(scan: Scan, index: int) -> bool:
    above = index - 1
    while above >= max(0, index - 3) and (scan.kinds[above] == BLANK or not scan.bare[above].strip("> |")):
        above -= 1
    if above < 0 or scan.kinds[above] not in (TEXT, QUOTED) or above in scan.tinted:
        return False
    return scan.bare[above].rstrip()[-1:] in ("?", "？")


def _prefaced(scan: Scan, first: int) -> list[int]:
    """Lines below unmarked history that begin with the sender's name or initials in brackets."""
    if not scan.bracketed or not scan.setting.is_known:
        return []
    indexes = []
    for index in scan.bracketed:
        bare = scan.bare[index]
        close = bare.find("]", 0, _LONGEST_NAME)
        if (
            index > first
            and scan.gone[index] == SAID
            and 2 < close < len(bare) - 1
            and scan.setting.signs(bare[1:close])
        ):
            indexes.append(index)
    return indexes
