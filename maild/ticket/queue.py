"""The queue as an agent reads it: what is late, who waits, what comes next. Pure; rows in, rows and marks out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from maild.errors import Refused
from maild.ticket.phases import PAUSED, Phase
from maild.values import dataclass

#: what is due within this time is marked
SOON = timedelta(hours=1)


class Mark(StrEnum):
    """One sign in front of a row; the letters stand for themselves on any terminal."""

    LATE = "!"
    SOON = "~"
    WAITS = "<"
    UNREAD = "*"


#: what the signs mean, for a legend
MEANINGS = {
    Mark.LATE: "late", Mark.SOON: "due within the hour", Mark.WAITS: "the customer waits", Mark.UNREAD: "new to you",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One ticket of the queue, or a mail that is on none (`number` None, `mail` its id)."""

    number: int | None
    subject: str
    company: str
    requester: str
    requester_name: str
    phase: str
    kind: str
    severity: str
    team: str
    owner: str
    created: datetime
    due: datetime | None = None
    changed: datetime | None = None
    last_word: str = ""
    waiting_since: datetime | None = None
    scheduled_for: datetime | None = None
    undelivered: tuple[str, ...] = ()  # whom our last words did not reach
    unread: bool = False
    mail: int | None = None
    language: str = ""
    topic: str = ""
    respond_by: datetime | None = None
    resolve_by: datetime | None = None

    @property
    def theirs(self) -> bool:
        """Whether it waits for the customer alone: no clock runs."""
        return self.phase == Phase.WAITING_CUSTOMER and not self.undelivered and self.waiting_since is None

    def overdue(self, now: datetime) -> bool:
        return self.due is not None and self.due < now and not self.theirs

    def marks(self, now: datetime) -> tuple[Mark, ...]:
        those: list[Mark] = []
        if self.due is not None and self.due < now + SOON and not self.theirs:
            those.append(Mark.LATE if self.due < now else Mark.SOON)
        if self.waiting_since is not None or self.undelivered:
            those.append(Mark.WAITS)
        if self.unread:
            those.append(Mark.UNREAD)
        return tuple(those)


class Sort(StrEnum):
    """What `--sort` takes."""

    DUE = "due"
    NEW = "new"
    CHANGED = "changed"
    WAITING = "waiting"
    COMPANY = "company"
    SEVERITY = "severity"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. Texts hold alternatives with commas (`accepted,scheduled`); "" = any.

    Each field is an option of `list` of the same name.
    """

    all: bool = False
    limit: int | None = None
    company: str = ""
    phase: str = ""
    team: str = ""
    owner: str = ""  # `me` is who looks
    kind: str = ""
    severity: str = ""
    mine: bool = False
    late: bool = False
    waiting: bool = False
    unassigned: bool = False
    unread: bool = False
    changed_since: str = ""
    sort: str = ""

    def given(self) -> tuple[str, ...]:
        """The names of the fields that were given."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) != f.default)


@dataclass(frozen=True, slots=True)
class ResolvedFilter:
    """A filter with everything looked up: whose eyes, since when."""

    filter: Filter
    now: datetime
    viewer: str = ""
    changed_since: datetime | None = None
    choices: dict[str, frozenset[str]] = field(default_factory=dict)  # field -> values that are shown


def alternatives(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def shown(rows: Iterable[QueueRow], look: ResolvedFilter) -> Iterator[QueueRow]:
    """Those that the filter lets through, in its order. One that is not asked for stays as it came, and then nothing is
    read that is not shown."""
    passing = (one for one in rows if _passes(one, look))
    if look.filter.sort:
        yield from ordered([*passing], look.filter.sort)[: look.filter.limit]
    else:
        yield from islice(passing, look.filter.limit)


def _passes(row: QueueRow, look: ResolvedFilter) -> bool:
    wanted = look.filter
    if any(getattr(row, name) not in values for name, values in look.choices.items()):
        return False
    if wanted.mine and row.owner != look.viewer:
        return False
    if wanted.late and not row.overdue(look.now):
        return False
    if wanted.waiting and row.waiting_since is None:
        return False
    if wanted.unassigned and row.owner:
        return False
    if wanted.unread and not row.unread:
        return False
    since = look.changed_since
    return since is None or (row.changed or row.created) >= since


def ordered(rows: Sequence[QueueRow], sort: str) -> list[QueueRow]:
    """Raises `Refused` for an order that is not known."""
    grave = {"infrastructure": 0, "system": 1, "user": 2}

    def since(at: datetime | None, missing: float) -> float:
        return at.timestamp() if at is not None else missing

    keys: dict[Sort, Callable[[QueueRow], Any]] = {
        Sort.DUE: lambda r: (since(r.due, float("inf")), r.number or 0),
        Sort.NEW: lambda r: -since(r.created, 0),
        Sort.CHANGED: lambda r: -since(r.changed or r.created, 0),
        Sort.WAITING: lambda r: (since(r.waiting_since, float("inf")), since(r.due, float("inf"))),
        Sort.COMPANY: lambda r: (r.company.casefold(), since(r.due, float("inf"))),
        Sort.SEVERITY: lambda r: (grave.get(r.severity, 3), since(r.due, float("inf"))),
        Sort.NUMBER: lambda r: r.number or 0,
    }
    if sort not in set(Sort):
        raise Refused(f"cannot sort by {sort!r}: one of {', '.join(Sort)}")
    return sorted(rows, key=keys[Sort(sort)])


# ---------------------------------------------------------------------------------------------- what is next


@dataclass(frozen=True, slots=True)
class Next:
    """A ticket to open, and why this one."""

    row: QueueRow
    why: str


def next_of(rows: Sequence[QueueRow], viewer: str, teams: Sequence[str], now: datetime) -> Next | None:
    """The first ticket of `rows` (in the queue's order) that the viewer can do something about: one's own, then
    the unowned of one's teams. What waits for the customer or an approval is passed over unless it is late."""
    own = [row for row in rows if row.number is not None and viewer and row.owner == viewer]
    free = [
        row for row in rows if row.number is not None and not row.owner and (not teams or row.team in teams)
    ]
    for group, whose in ((own, "yours"), (free, "nobody's yet, team {team}")):
        ready = [row for row in group if _ready(row, now)]
        if ready:
            first = min(enumerate(ready), key=lambda pair: (_urgency(pair[1], now), pair[0]))[1]
            return Next(first, why(first, whose.format(team=first.team), now))
    return None


def until_ready(rows: Iterable[QueueRow], now: datetime) -> Iterator[QueueRow]:
    """Of rows in the queue's order those up to the first that somebody can do something about: of what does not wait for
    the customer none after it presses more, but for one whose customer waits."""
    for row in rows:
        yield row
        if _ready(row, now):
            return


def _ready(row: QueueRow, now: datetime) -> bool:
    if row.phase == Phase.AWAITING_APPROVAL:
        return False
    if row.overdue(now) or row.waiting_since is not None or row.undelivered:
        return True
    if row.phase == "scheduled" and row.scheduled_for is not None and row.scheduled_for > now + SOON:
        return False
    return row.phase not in PAUSED


def _urgency(row: QueueRow, now: datetime) -> int:
    """Complaints, late, due within the hour, a customer who waits, the rest."""
    if row.kind == "complaint":
        return 0
    if row.overdue(now):
        return 1
    if row.due is not None and row.due < now + SOON:
        return 2
    return 3 if row.waiting_since is not None else 4


def why(row: QueueRow, whose: str, now: datetime) -> str:
    """The reasons in words, the strongest first."""
    said: list[str] = []
    if row.kind == "complaint":
        said.append("a complaint")
    if row.overdue(now):
        said.append("late")
    elif row.due is not None and row.due < now + SOON:
        said.append("due within the hour")
    elif row.due is not None:
        said.append("due first")
    if row.waiting_since is not None:
        said.append("the customer waits")
    elif row.undelivered:
        said.append("our last words did not arrive")
    said.append(whose)
    return ", ".join(said)
