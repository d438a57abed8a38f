"""What a search found: a line for each ticket, and below it the place with its words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maild.desk.queue_table import name_of
from maild.desk.spans import Line, Span, Style, line
from maild.desk.terminal import cut, safe_line, width
from maild.fulltext import Excerpt
from maild.ticket import phase_names
from maild.ticket.queue import QueueRow

_INDENT = "  "


def view(results: Sequence[tuple[QueueRow, Excerpt | None]], room: int) -> list[Line]:
    """All lines, in `room` columns."""
    names = max(width(name_of(row)) for row, _ in results)
    made: list[Line] = []
    for row, hit in results:
        about = safe_line(f"{row.company or '?'}, {phase_names.short(row.phase)}")
        subject = safe_line(row.subject) or "(no subject)"
        space = room - names - 2
        if width(subject) + 2 + width(about) <= space:
            ends = f"  {about}"
        else:
            ends = ""
            subject = cut(subject, max(space, 8)).rstrip()
        made.append(
            line(
                Span(cut(name_of(row), names), Style.BOLD),
                "  ",
                Span(subject, Style.BOLD),
                Span(ends, Style.DIM),
            )
        )
        if hit is not None and hit.text != row.subject:
            made.append((Span(_INDENT), *_fitted(hit, room - len(_INDENT))))
    return made


def _fitted(hit: Excerpt, room: int) -> Iterator[Span]:
    """The hit on one line; on a narrow screen the words before it give way first, so that it can be seen."""
    pieces = [(safe_line(text), marked) for text, marked in hit.pieces]
    first = next((i for i, (_, marked) in enumerate(pieces) if marked), 0)
    before = "".join(text for text, _ in pieces[:first])
    keep = max(room // 3, room - sum(width(text) for text, _ in pieces[first:]))
    if width(before) > keep:
        before = "…" + before[-(keep - 1) :] if keep > 1 else ""
    used = width(before)
    yield Span(before)
    for text, marked in pieces[first:]:
        if used >= room:
            return
        shown = text if used + width(text) <= room else cut(text, room - used).rstrip()
        used += width(shown)
        yield Span(shown, Style.HIT if marked else Style.PLAIN)
