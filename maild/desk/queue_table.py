"""The queue as a table that fits its screen: the subject never has less than half of the line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from maild.desk.numbers import how_many
from maild.desk.spans import Line, Span, Style, line
from maild.desk.terminal import cut, safe_line, width
from maild.ticket import dates, phase_names
from maild.ticket.queue import MEANINGS, Mark, QueueRow
from maild.values import dataclass

_STYLES = {Mark.LATE: Style.LATE, Mark.SOON: Style.SOON, Mark.WAITS: Style.WAITS, Mark.UNREAD: Style.UNREAD}
#: where each mark stands, so that they can be read down the column
_PLACES = ((Mark.LATE, Mark.SOON), (Mark.WAITS,), (Mark.UNREAD,))
_SEVERITIES = {"infrastructure": "infra"}
#: below this width every gap is one column, below the next there are number, due time in few letters, and subject
_CRAMPED, _TINY = 100, 60


@dataclass(frozen=True, slots=True)
class Column:
    """`most`: columns it may take; what is longer is cut with an ellipsis."""

    title: str
    most: int
    text: Callable[[QueueRow], str]


#: what gets room first, when the subject has its half
OPTIONAL = {
    "company": Column("COMPANY", 12, lambda r: r.company or "?"),
    "phase": Column("PHASE", 9, lambda r: phase_names.short(r.phase)),
    "owner": Column("OWNER", 12, lambda r: r.owner or f"({r.team})"),
    "severity": Column("SEV", 9, lambda r: _SEVERITIES.get(r.severity, r.severity) or r.kind),
    "requester": Column("WHO", 20, lambda r: r.requester_name or r.requester),
}


def name_of(row: QueueRow) -> str:
    """What one types to see it."""
    return f"#{row.number}" if row.number is not None else f"mail {row.mail}"


def table(
    rows: Sequence[QueueRow], now: datetime, zone: str, room: int, *, same: Collection[str] = ()
) -> list[Line]:
    """Heading, rows and a legend in `room` columns. `same`: columns that say the same in each row, left out first."""
    gap = " " if room < _CRAMPED else "  "
    due = [_due(row, now, zone, tiny=room < _TINY) for row in rows]
    names = [name_of(row) for row in rows]
    marked = [row.marks(now) for row in rows]
    signs = 3 if any(marked) else 0
    fixed = [max(map(width, [*names, "N"])), max(map(width, [*due, "DUE"]))]
    used = signs + len(gap) * (3 if signs else 2) + sum(fixed)
    chosen: list[tuple[Column, int]] = []
    for name, column in OPTIONAL.items():
        if name in same or room < _TINY:
            continue
        wide = min(column.most, max(width(column.title), *(width(safe_line(column.text(r))) for r in rows)))
        if room - used - wide - len(gap) >= -(-room // 2):
            chosen.append((column, wide))
            used += wide + len(gap)
    subject = max(room - used, 1)
    heads = [cut("N", fixed[0]), cut("DUE", fixed[1]), *(cut(c.title, w) for c, w in chosen), "SUBJECT"]
    made: list[Line] = [line(Span((" " * signs + gap if signs else "") + gap.join(heads), Style.BOLD))]
    for row, name, when, marks in zip(rows, names, due, marked, strict=True):
        made.append(_row(row, name, when, marks, signs, fixed, chosen, subject, gap))
    return [*made, *_legend(rows, marked, room)]


def _row(
    row: QueueRow,
    name: str,
    when: str,
    marks: tuple[Mark, ...],
    signs: int,
    fixed: Sequence[int],
    chosen: Sequence[tuple[Column, int]],
    subject: int,
    gap: str,
) -> Line:
    pieces: list[Span] = []
    if signs:
        for place in _PLACES:
            mark = next((m for m in place if m in marks), None)
            pieces.append(Span(mark.value, _STYLES[mark]) if mark else Span(" "))
        pieces.append(Span(gap))
    urgent = next((_STYLES[m] for m in (Mark.LATE, Mark.SOON) if m in marks), Style.PLAIN)
    bold = Style.BOLD if Mark.UNREAD in marks else Style.PLAIN
    pieces += [Span(cut(name, fixed[0]), bold), Span(gap), Span(cut(when, fixed[1]), urgent), Span(gap)]
    for column, wide in chosen:
        pieces += [Span(cut(safe_line(column.text(row)), wide), Style.DIM), Span(gap)]
    pieces.append(Span(cut(safe_line(row.subject) or "(no subject)", subject).rstrip(), bold))
    return tuple(pieces)


def _due(row: QueueRow, now: datetime, zone: str, *, tiny: bool) -> str:
    if row.due is None:
        return ""
    said = dates.short(row.due, now, zone)
    return (
        "-" + said.removesuffix(" late")
        if tiny and said.endswith(" late")
        else said.partition(" ")[0]
        if tiny
        else said
    )


def _legend(rows: Sequence[QueueRow], marked: Sequence[tuple[Mark, ...]], room: int) -> list[Line]:
    """What the signs mean and how many there are of each, in one quiet line (two on a narrow screen)."""
    counts = Counter(mark for marks in marked for mark in marks)
    tickets = sum(1 for row in rows if row.number is not None)
    pieces = [how_many(tickets, "ticket")]
    pieces += [f"{mark.value} {counts[mark]} {meaning}" for mark, meaning in MEANINGS.items() if counts[mark]]
    made: list[str] = []
    for piece in pieces:
        if made and width(made[-1]) + 3 + width(piece) <= room:
            made[-1] = f"{made[-1]}   {piece}"
        else:
            made.append(piece)
    return [line(Span(text, Style.DIM)) for text in made]


def tabbed(row: QueueRow, now: datetime, zone: str) -> str:
    """The row for a pipe: everything whole, columns separated by tabs."""
    due = dates.absolute(row.due, now, zone) if row.due is not None else ""
    cells = (
        name_of(row), "".join(row.marks(now)), due, row.phase, row.severity or row.kind, row.company or "?",
        row.owner or f"({row.team})", row.subject or "(no subject)",
    )  # fmt: skip
    return "\t".join(safe_line(cell) for cell in cells)
