"""The queue of events that other programs are told of: written with the event, claimed, retried, given up after a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from maild.errors import NotFound, Refused
from maild.store.core import Transaction
from maild.store.facts_of import columns_of, maker
from maild.store.plain import in_parts
from maild.store.statements import Params
from maild.store.tables import HOOK_DELIVERY as HOOK
from maild.ticket import phases
from maild.ticket.phases import HookState
from maild.values import dataclass

#: what was delivered is kept so long, what was given up so long
_KEPT, _FAILED_KEPT = timedelta(days=7), timedelta(days=30)
_CLAIMED = phases.arrow(phases.HOOK, HookState.QUEUED, HookState.SENDING)
_GIVEN_BACK = phases.arrow(phases.HOOK, HookState.SENDING, HookState.QUEUED)
_AGAIN = phases.arrow(phases.HOOK, HookState.FAILED, HookState.QUEUED)
_DONE = (HookState.DELIVERED, HookState.CANCELLED)
_TAKEN_BACK = phases.arrow(phases.HOOK, HookState.QUEUED, HookState.CANCELLED)


@dataclass(frozen=True, slots=True)
class HookWork:
    """One delivery that was claimed."""

    id: int
    url: str
    event: str
    event_id: str
    attempts: int
    created_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class HookRow:
    """One delivery, as lists need it."""

    id: int
    url: str
    event: str
    ticket: int | None
    state: HookState
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    answer: str


_work, _row = maker(HookWork), maker(HookRow)


class HookQueue:
    """`tx.hooks`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(
        self, urls: Iterable[str], event: str, event_id: str, ticket: int | None, body: str, now: datetime,
        *, hold_seconds: float = 0.0,
    ) -> list[int]:  # fmt: skip
        """One row for each hook; their ids. `hold_seconds`: not before this time, while an act can be taken back."""
        return [
            int(self._tx.execute(insert(HOOK).values(
                url=url, event=event, event_id=event_id, ticket=ticket, state=HookState.QUEUED, created_at=now,
                attempts=0, next_attempt_at=now + timedelta(seconds=hold_seconds), claimed_by="", answer="", body=body,
            ).returning(HOOK.c.id)).scalar_one())
            for url in urls
        ]  # fmt: skip

    def take_back(self, ids: Sequence[int], now: datetime) -> dict[str, list[str]]:
        """Cancel those of these that still wait. The ids of events that were told, or may have been, by URL."""
        told: dict[str, list[str]] = {}
        mine = HOOK.c.id.in_(ids)
        for row in self._tx.execute(select(HOOK).where(mine).order_by(HOOK.c.id).with_for_update()).all():
            if row.attempts or row.state != _TAKEN_BACK[0]:
                told.setdefault(row.url, []).append(row.event_id)
        self._tx.execute(
            update(HOOK)
            .where(mine, HOOK.c.state == _TAKEN_BACK[0])
            .values(state=_TAKEN_BACK[1], answer="taken back", ended_at=now)
        )
        return told

    def due(self, now: datetime) -> frozenset[str]:
        """URLs for which a delivery is due."""
        query = (
            select(HOOK.c.url)
            .distinct()
            .where(HOOK.c.state == HookState.QUEUED, HOOK.c.next_attempt_at <= now)
        )
        return frozenset(self._tx.execute(query).scalars())

    def claim(
        self, url: str, limit: int, now: datetime, worker: str, lease: timedelta
    ) -> tuple[HookWork, ...]:
        """Claim due deliveries to a URL, oldest first: they are `sending` from now on."""
        query = (
            select(HOOK)
            .where(HOOK.c.url == url, HOOK.c.state == _CLAIMED[0], HOOK.c.next_attempt_at <= now)
            .order_by(HOOK.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self._tx.execute(query).all()
        if rows:
            self._tx.execute(
                update(HOOK)
                .where(HOOK.c.id.in_([row.id for row in rows]))
                .values(state=_CLAIMED[1], claimed_until=now + lease, claimed_by=worker)
            )
        return tuple(map(_work, rows))

    def try_at_once(self, now: datetime, longest: timedelta) -> None:
        """Try at once what waits for longer than any pause lasts: the clock was ahead when that was set."""
        waits = (HOOK.c.state == HookState.QUEUED) & (HOOK.c.attempts > 0)
        ahead = HOOK.c.next_attempt_at > now + longest
        self._tx.execute(update(HOOK).where(waits, ahead).values(next_attempt_at=now))

    def record(
        self,
        key: int,
        state: HookState,
        answer: str,
        now: datetime,
        *,
        next_attempt_at: datetime | None = None,
    ) -> None:
        """Note what came of an attempt; does nothing where another daemon has the row by now."""
        phases.check_move(phases.HOOK, HookState.SENDING, state)
        values: Params = {
            "state": state, "answer": answer[:500], "claimed_until": None, "claimed_by": "",
            "attempts": HOOK.c.attempts + 1,
        }  # fmt: skip
        if next_attempt_at is not None:
            values["next_attempt_at"] = next_attempt_at
        if state in (HookState.DELIVERED, HookState.FAILED):
            values["ended_at"] = now
        self._tx.execute(
            update(HOOK).where(HOOK.c.id == key, HOOK.c.state == HookState.SENDING).values(values)
        )

    def release(self, now: datetime, worker: str = "") -> int:
        """Give back what `worker` has claimed, without one all claims whose lease is over; how many."""
        whose = HOOK.c.claimed_by == worker if worker else HOOK.c.claimed_until <= now
        values = {"state": _GIVEN_BACK[1], "claimed_until": None, "claimed_by": ""}
        query = update(HOOK).where(HOOK.c.state == _GIVEN_BACK[0], whose).values(values)
        return int(self._tx.execute(query).rowcount)

    def list(self, limit: int = 100, *, every: bool = False) -> tuple[HookRow, ...]:
        """Deliveries that are not done, newest first; `every`: those that are done, too."""
        query = select(*HOOK.c[columns_of(HookRow)]).order_by(HOOK.c.id.desc()).limit(limit)
        if not every:
            query = query.where(HOOK.c.state.not_in(_DONE))
        return tuple(map(_row, self._tx.execute(query)))

    def counts(self) -> dict[tuple[str, HookState], int]:
        """How many deliveries, by URL and state."""
        query = select(HOOK.c.url, HOOK.c.state, func.count().label("n")).group_by(HOOK.c.url, HOOK.c.state)
        return {(row.url, row.state): row.n for row in self._tx.execute(query)}

    def retry(self, now: datetime, key: int | None = None) -> int:
        """Send again now: one, or all that wait or were given up; how many. NotFound; Refused for what was delivered."""
        where: ColumnElement[bool] = HOOK.c.state.in_([_AGAIN[0], _AGAIN[1]])
        if key is not None:
            state = self._tx.execute(select(HOOK.c.state).where(HOOK.c.id == key)).scalar()
            if state is None:
                raise NotFound(f"there is no delivery {key}; `maild webhook list` shows them")
            if state not in (_AGAIN[0], _AGAIN[1]):
                raise Refused(f"delivery {key} is {state}; only failed and queued ones can be sent again")
            where = HOOK.c.id == key
        values = {"state": _AGAIN[1], "next_attempt_at": now, "ended_at": None, "created_at": now}
        return int(self._tx.execute(update(HOOK).where(where).values(values)).rowcount)

    def forget_old(self, now: datetime) -> None:
        """Drop what was delivered or taken back a week ago, and what was given up a month ago."""
        done = HOOK.c.state.in_(_DONE)
        self._tx.execute(delete(HOOK).where(done, HOOK.c.ended_at < now - _KEPT))
        self._tx.execute(
            delete(HOOK).where(HOOK.c.state == HookState.FAILED, HOOK.c.ended_at < now - _FAILED_KEPT)
        )

    def forget(self, tickets: Sequence[int]) -> None:
        """Drop all deliveries about these tickets: a person's data is erased."""
        for some in in_parts(tickets):
            self._tx.execute(delete(HOOK).where(HOOK.c.ticket.in_(some)))
