"""Elide the lines that a ">" marks as quoted, but for what is a prompt or the person's own citation."""

from __future__ import annotations

import re

from maild.mail.newtext.attribution import undotted
from maild.mail.newtext.hints import answers_inside
from maild.mail.newtext.lines import BLANK, QUOTED, TEXT, Scan

_WRAPS = 3  # lines that such an attribution has at most
_MANY = 300  # runs that are looked at closely
_MARKED = re.compile(bytes([QUOTED]) + b"+")


def elide_marked(scan: Scan, *, attributed: bool) -> None:
    """Elide the ">" lines, but for what looks like a prompt or a citation in the person's own text."""
    answers = scan.setting.answers
    if not (answers or attributed or scan.setting.desk):
        return  # citations of somebody who answers nothing
    end = len(scan.lines) if scan.forward_from is None else scan.forward_from
    first_history = scan.gone.find(b"\x01") if attributed else end
    runs = _runs(scan, end)
    total = sum(stop - start for start, stop in runs)
    inside: bool | None = None
    for number, (start, stop) in enumerate(runs):
        if scan.gone[start]:
            continue
        trusted = attributed and start > first_history
        above = _unmarked_attribution(scan, start) if number < _MANY else None
        if above is not None and (answers or scan.setting.quotes_desk(scan.bare[above:start])):
            scan.drop(above, start)
            trusted = attributed = True
            first_history = min(first_history, above)
        if trusted or (answers and _is_reply_quote(scan, start, stop, total, end)):
            if inside is None:
                inside = (
                    not scan.tinted
                    and answers_inside(scan, start if above is None else above)
                    and not _answers_between(scan, runs)
                )
            if inside:
                scan.doubt(0.4)  # the answers stand in the quoted lines: in colour, in bold, behind a dash
                continue
            scan.drop(start, stop)
            if not trusted:
                scan.doubt(0.8)
                attributed = True
                first_history = min(first_history, start)
        else:
            scan.doubt(0.6)


def _answers_between(scan: Scan, runs: list[tuple[int, int]]) -> bool:
    """Whether words of the writer's stand between or below the quoted lines."""
    first = runs[0][1]
    return any(
        kind == TEXT and not gone
        for kind, gone in zip(bytes(scan.kinds[first:]), bytes(scan.gone[first:]), strict=True)
    )


def _runs(scan: Scan, end: int) -> list[tuple[int, int]]:
    """(start, stop) of neighbouring ">" lines; blanks and the torn ends of wrapped lines join them."""
    runs: list[tuple[int, int]] = []
    stop = -1
    for marked in _MARKED.finditer(scan.kinds, 0, end):
        if marked.start() == stop + 1 and runs and _is_torn(scan, stop):
            runs[-1] = (runs[-1][0], marked.end())
        else:
            runs.append(marked.span())
        stop = marked.end()
    return runs


def _is_torn(scan: Scan, index: int) -> bool:
    """Whether an unmarked line between two marked ones is the end of a line that a client wrapped."""
    above = scan.bare[index - 1]
    if len(above) < 68 or scan.kinds[index] != TEXT:
        return False
    bare = scan.bare[index]
    return len(bare) <= 40 and above[-1] not in ".!?:" and bare[0].islower()


def _unmarked_attribution(scan: Scan, start: int) -> int | None:
    """First line of an attribution without a colon directly above the quote: "Ann <a@b.c> wrote"."""
    above = start - 1
    while above >= 0 and above >= start - 2 and scan.kinds[above] == BLANK:
        above -= 1
    if above < 0 or scan.kinds[above] != TEXT or scan.gone[above] or len(scan.bare[above]) > 300:
        return None
    bare = scan.bare[above]
    alone = undotted(bare)
    if alone and "@" in bare:
        return above
    text = bare
    for first in range(above - 1, max(above - _WRAPS, -1), -1):
        if scan.kinds[first] != TEXT or scan.gone[first]:
            break
        text = f"{scan.bare[first]} {text}"
        if "@" in text and undotted(text):
            return first
    return above if alone else None


def _is_reply_quote(scan: Scan, start: int, stop: int, total: int, end: int) -> bool:
    """Whether a run of ">" lines with no attribution is a quote of the answered mail."""
    before = start - 1
    if total <= 6 and before >= 0 and scan.kinds[before] == TEXT and scan.bare[before][-1] in ":：$#%":
        return False  # "I typed:" and the prompt's lines; "as the manual says:" and the citation
    lines = [scan.bare[i] for i in range(start, min(stop, start + 200)) if scan.kinds[i] == QUOTED]
    if lines[0].startswith(">>>") and not any(
        line[:2] in ("> ", ">>") and line[2:3] != ">" for line in lines
    ):
        return False  # the Python prompt
    first = scan.next_filled(0) == start
    last = scan.next_filled(stop) >= end
    code = sum(any(c in line for c in ";{}()=$") or line[1:2].isalnum() for line in lines)
    if code * 2 > len(lines) and not first:
        return False
    if lines[-1].rstrip()[-1:] in ("?", "？") and before >= 0 and scan.kinds[before] == BLANK:
        below = scan.next_filled(stop)
        if stop < end and below < end and scan.kinds[below] == TEXT:
            return True  # somebody's question and the answer below it; a prompt asks nothing
    above = next((scan.bare[i] for i in range(before, -1, -1) if scan.kinds[i] == TEXT), "")
    apart = before >= 0 and scan.kinds[before] == BLANK and above[-1:] not in (":", "：")
    return first or (last and (len(lines) >= 2 or apart)) or len(lines) >= 3 or total >= 4
