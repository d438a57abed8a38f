"""Reports read a few columns of each ticket as they come; their figures are those of the whole tickets."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from maild.model import TicketFacts
from maild.report.figures import backlog_rows
from maild.report.promises import PROMISES, REASONS, MissedPromise, PromiseRow, missed_promises, promise_rows
from maild.settings import CalendarSettings, Settings
from maild.store import Store, Tx
from maild.store.tables import ENTRY, TICKET
from maild.ticket import phases, working_time
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import EntryType, Severity
from maild.work import figures_of
from tests.store.values import HOUR, NOW, new_ticket

DESK = replace(Settings(), calendars={
    "office": CalendarSettings("office", week=(((480, 720), (780, 1020)),) * 5 + ((), ())),
    "24/7": CalendarSettings("24/7", week=(((0, 1440),),) * 7),
})  # fmt: skip
MOMENTS = (NOW - 99 * HOUR, NOW - 9 * HOUR, NOW - HOUR, NOW, NOW + HOUR / 3, NOW + 30 * HOUR, None, None)
#: what stood in `data` before it had versions: pauses as pairs
OLD = {"clock": {"received_at": (NOW - 90 * HOUR).isoformat(), "level": "standard", "calendar": "office",
                 "pauses": [[(NOW - 80 * HOUR).isoformat(), (NOW - 50 * HOUR).isoformat()]]}}  # fmt: skip


def clock(chance: random.Random) -> dict[str, Any]:
    """Of a ticket, as JSON; without a level nothing is counted, whatever stood still."""
    at, pauses = NOW - 200 * HOUR, []
    for _ in range(chance.choice((0, 0, 1, 2))):
        began = at + chance.randrange(40) * HOUR
        at = began + chance.randrange(90) * HOUR / 2
        pauses.append({"began": began.isoformat(), "ended": at.isoformat(),
                       "phase": chance.choice(("waiting_customer", "awaiting_approval", None))})  # fmt: skip
    if pauses and chance.random() < 0.3:
        pauses[-1]["ended"] = None
    call = chance.choice(MOMENTS)
    return {
        "received_at": (NOW - 200 * HOUR).isoformat(), "calendar": chance.choice(("office", "24/7", "gone")),
        "level": chance.choice(("standard", "standard", "")), **({"pauses": pauses} if pauses else {}),
        **({"call_back_by": call.isoformat()} if call else {}),
    }  # fmt: skip


def anything(chance: random.Random) -> dict[str, Any]:
    """A state of a ticket; also such as no act leaves behind."""
    data: tuple[dict[str, Any], ...] = (
        {}, {"version": 1, "clock": clock(chance)}, {"version": 1, "clock": clock(chance)}, OLD,
        {"version": 1, "hinted": ['"pauses"']},
    )  # fmt: skip
    return {
        "created_at": NOW - chance.randrange(-10, 300) * HOUR, "company": chance.choice(("acme", "beta", None)),
        "severity": chance.choice(["", *Severity]), "phase": chance.choice([*Phase]), "team": chance.choice(("L1", "L2")),
        "owner": chance.choice(("", "kata")), "data": chance.choice(data),
        **{name: chance.choice(MOMENTS) for name in (
            "respond_by", "responded_at", "resolve_by", "resolved_at", "closed_at",
        )},
    }  # fmt: skip


def whole(
    tx: Tx, numbers: list[int], company: str | None, begin: datetime, end: datetime
) -> list[TicketFacts]:
    """Each ticket with all of it, but such as never were."""
    every = (tx.ticket(number) for number in numbers)
    return [
        one for one in every
        if begin <= one.created_at < end and (company is None or one.company == company)
        and not (one.phase is Phase.CLOSED and {entry.type for entry in one.entries} == {EntryType.UNDO})
    ]  # fmt: skip


def promises(ticket: TicketFacts) -> list[tuple[str, datetime, str]]:
    """(what, due, what became of it) of each promise, said plainly."""
    if ticket.phase is Phase.MERGED:
        return []
    over = ticket.resolved_at or ticket.closed_at
    called = ticket.state.clock.call_back_by if ticket.state.clock else None
    made = [
        ("respond", ticket.respond_by, ticket.responded_at or over),
        ("call_back", called, ticket.responded_at or over),
    ]
    if ticket.phase is not Phase.REJECTED:
        made.append(("resolve", ticket.resolve_by, over))
    stands = ticket.phase in (Phase.WAITING_CUSTOMER, Phase.AWAITING_APPROVAL)
    found = []
    for what, due, done in made:
        if due is None:
            continue
        late = done > due if done is not None else due < NOW and not stands
        found.append((what, due, "missed" if late else "kept" if done is not None else "open"))
    return found


def waits(ticket: TicketFacts) -> Counter[str]:
    clock = ticket.state.clock
    minutes: Counter[str] = Counter()
    if clock is not None:
        for reason, n in working_time.waits(clock, DESK, ticket.resolved_at or ticket.closed_at or NOW):
            minutes[reason] += n
    return minutes


def sla(tickets: list[TicketFacts]) -> dict[str, Any]:
    """`report sla` of whole tickets, as its JSON has it."""
    found: dict[str, Any] = {}
    for key in {(one.company, one.severity) for one in tickets}:
        own = [one for one in tickets if (one.company, one.severity) == key]
        states = Counter((what, state) for one in own for what, _, state in promises(one))
        stood = sum(map(waits, own), Counter[str]())
        found[str(key)] = {
            "tickets": len(own), **{f"{w}_{s}": states[w, s] for w in PROMISES for s in ("kept", "missed", "open")},
            **{f"paused_{reason or 'other'}_minutes": stood[reason] for reason in REASONS},
        }  # fmt: skip
    return found


def shape(rows: list[PromiseRow]) -> dict[str, Any]:
    made = {}
    for row in rows:
        columns = dict(row.columns())
        key = str((columns.pop("company"), columns.pop("severity")))
        made[key] = {name: value for name, value in columns.items() if not name.endswith("_percent")}
    return made


def missed(tickets: list[TicketFacts]) -> list[tuple[int, str, datetime]]:
    return sorted(
        (one.number, what, due) for one in tickets for what, due, state in promises(one) if state == "missed"
    )


def told(rows: list[MissedPromise]) -> list[tuple[int, str, datetime]]:
    return sorted((row.ticket, row.promise, row.due) for row in rows)


def test_a_report_read_in_a_stream_is_the_one_of_whole_tickets(store: Store) -> None:
    numbers = [new_ticket(store) for _ in range(20)]
    seen: Counter[str] = Counter()
    for seed in range(12):
        chance = random.Random(seed)
        company = chance.choice((None, "acme"))
        begin, end = NOW - chance.randrange(300) * HOUR, NOW - chance.randrange(-5, 100) * HOUR
        with store.write() as tx:
            for number in numbers:
                tx.execute(update(TICKET).where(TICKET.c.number == number).values(**anything(chance)))
                kind = EntryType.UNDO if chance.random() < 0.2 else EntryType.NOTE
                tx.execute(update(ENTRY).where(ENTRY.c.ticket == number).values(type=kind, data={}))
            every = whole(tx, numbers, company, begin, end)

            def rows(
                tx: Tx = tx, begin: datetime = begin, end: datetime = end, company: str | None = company
            ) -> Any:
                return figures_of.tickets(tx, DESK, begin, end, company, NOW)

            assert shape(promise_rows(rows(), NOW)) == sla(every), seed
            late = missed_promises(rows(), NOW)
            assert told(late) == missed(every), seed
            assert {row.ticket: row.paused_minutes for row in late} == {
                one.number: waits(one).total()
                for one in every
                if any(s == "missed" for *_, s in promises(one))
            }
            seen += Counter(kept=len(every), missed=len(late), left_out=len(numbers) - len(every))
            seen += sum((Counter(waits(one)) for one in every), Counter[str]())
    assert (
        min(seen[name] for name in ("kept", "missed", "left_out", *REASONS)) > 15
    )  # of everything something


def test_the_backlog_read_in_a_stream_is_the_one_of_whole_tickets(store: Store) -> None:
    numbers = [new_ticket(store) for _ in range(20)]
    for seed in range(5):
        chance = random.Random(seed)
        with store.write() as tx:
            for number in numbers:
                tx.execute(update(TICKET).where(TICKET.c.number == number).values(**anything(chance)))
            open_ = [
                one for one in (tx.tickets.brief(number) for number in numbers) if one.phase in phases.OPEN
            ]
            found = {row.team: row for row in backlog_rows(figures_of.open_tickets(tx, DESK, None, NOW), NOW)}
        assert {team: row.tickets for team, row in found.items()} == Counter(one.team for one in open_)
        for team, row in found.items():
            own = [one for one in open_ if one.team == team]
            assert row.unassigned == sum(not one.owner for one in own)
            assert row.overdue == sum(_overdue(one) for one in own)
            assert row.oldest_days == max((NOW - one.created_at) // timedelta(days=1) for one in own)


def _overdue(ticket: TicketFacts) -> bool:
    """What was promised and is not done, and nothing waits."""
    done = {"respond": ticket.responded_at, "call_back": ticket.responded_at, "resolve": None}
    over = ticket.resolved_at or ticket.closed_at
    return any(state == "missed" and not done[what] and not over for what, _, state in promises(ticket))
