"""All rows of one database into another empty one, checked by counts and hashes: `maild copy`, backups of PostgreSQL.

Values travel in their plain form (`types`), which both databases hold alike. The bytes of large mails that stand as
files go into the table of the others, so that the copy is complete by itself. What belongs to the daemons of the moment
(who lives, who has which duty) stays behind, and their claims are given back in the copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Column, MetaData, Table, delete, func, insert, select, text, update
from sqlalchemy.types import TypeDecorator

from maild.errors import Refused
from maild.store.models import Base
from maild.store.plain import PlainValue
from maild.store.searching import INDEXED
from maild.store.tables import COUNTER, HOOK_DELIVERY, INBOUND, INBOUND_RAW, METADATA, OUTBOUND
from maild.ticket import phases
from maild.ticket.phases import InboundState, OutboundState
from maild.values import dataclass

if TYPE_CHECKING:
    from maild.store.store import Store
    from maild.store.tx import Tx

#: what was being sent where the database was copied from
_GIVEN_BACK = phases.arrow(phases.OUTBOUND, OutboundState.SENDING, OutboundState.QUEUED)

#: a row by its columns, as every copy holds it
CopiedRow: TypeAlias = dict[str, PlainValue]
#: tables about the daemons that run now
_OF_THE_MOMENT = frozenset({"process", "lease"})
#: filled by `migrate`
_FIRST_ROWS = frozenset({"meta", "counter"})
_TOGETHER = 500
_SPACE = 2**128


@dataclass(frozen=True, slots=True)
class TableSum:
    """`digest`: of all rows, whatever their order."""

    table: str
    rows: int
    digest: int


#: (table, rows so far): for a progress bar
Told = Callable[[str, int], None]


def copy_all(source: Store, target: Store, told: Told) -> tuple[TableSum, ...]:
    """Copy in one transaction on each side. Refused when the target holds anything, or reads back otherwise."""
    with source.read() as old, target.write() as new:
        _refuse_used(new, target.where)
        number = _next_number(old)
        for name in _FIRST_ROWS:
            new.execute(delete(METADATA.tables[name]))
        wanted = tuple(_copy_table(old, new, table, told) for table in _tables())
        _check(wanted, tuple(_sum(new, t, partial(told, f"{t.name}, read back")) for t in _tables()))
        _set_numbers(new, number)
        give_back_claims(new)
    return wanted


def _tables() -> list[Table]:
    """What is copied, those that others point to first."""
    return [METADATA.tables[t.name] for t in Base.metadata.sorted_tables if t.name not in _OF_THE_MOMENT]


def _plain(table: Table) -> Table:
    """The same table with the types that the databases know."""
    columns = (
        Column(
            c.name, c.type.impl if isinstance(c.type, TypeDecorator) else c.type, primary_key=c.primary_key
        )
        for c in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _rows(tx: Tx, table: Table) -> Iterator[CopiedRow]:
    """Plain rows as every copy holds them."""
    plain = _plain(table)
    query = select(plain)
    if "id" in plain.c:  # rows that name an earlier one of the same table come after it
        query = query.order_by(plain.c.id)
    with tx.execute(query.execution_options(yield_per=_TOGETHER)) as rows:
        for row in rows:
            values = row._asdict()
            if table is INBOUND:
                values["file"] = None
            if table.name == "meta" and values["key"] in INDEXED:
                continue
            yield {key: bytes(v) if isinstance(v, memoryview) else v for key, v in values.items()}
    if table is INBOUND_RAW:
        yield from _large(tx)


def _large(tx: Tx) -> Iterator[CopiedRow]:
    """The mails that stand as files, as rows; one whose file was erased meanwhile has no bytes any more."""
    keys = tx.execute(
        select(INBOUND.c.id).where(INBOUND.c.file.is_not(None)).order_by(INBOUND.c.id)
    ).scalars()
    for key in keys.all():
        content = tx.inbound.raw_or_none(key)
        if content is not None:
            yield {"inbound_id": key, "content": content, "packed": False}


def _in_batches(rows: Iterator[CopiedRow]) -> Iterator[list[CopiedRow]]:
    while some := list(islice(rows, _TOGETHER)):
        yield some


def _copy_table(old: Tx, new: Tx, table: Table, told: Told) -> TableSum:
    plain = _plain(table)
    return _sum(old, table, partial(told, table.name), lambda rows: new.execute(insert(plain), rows))


def _sum(
    tx: Tx, table: Table, told: Callable[[int], None], each: Callable[[list[CopiedRow]], object] = len
) -> TableSum:
    """Count and digest of a table's rows as they are read; `each` is given those of each batch."""
    count, digest = 0, 0
    for rows in _in_batches(_rows(tx, table)):
        each(rows)
        count += len(rows)
        digest = (digest + sum(map(_digest, rows))) % _SPACE
        told(count)
    return TableSum(table.name, count, digest)


def _digest(row: CopiedRow) -> int:
    return int.from_bytes(hashlib.blake2b(repr(sorted(row.items())).encode(), digest_size=16).digest())


def _check(wanted: Sequence[TableSum], copied: Sequence[TableSum]) -> None:
    for one, other in zip(wanted, copied, strict=True):
        if one != other:
            raise Refused(
                f"the copy of {one.table} reads back otherwise ({one.rows} rows, {other.rows} there); nothing was kept"
            )


def _refuse_used(tx: Tx, where: str) -> None:
    for table in _tables():
        if table.name not in _FIRST_ROWS and tx.execute(select(func.count()).select_from(table)).scalar_one():
            raise Refused(f"{where} is in use: it holds rows of {table.name}; name an empty database")


def _next_number(tx: Tx) -> int:
    """The number that the next ticket gets."""
    if tx.is_sqlite:
        number = tx.execute(select(COUNTER.c.value).where(COUNTER.c.name == "ticket")).scalar()
    else:
        query = "SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM ticket_number"
        number = tx.execute(text(query)).scalar()
    return int(number or 0)


def _set_numbers(tx: Tx, number: int) -> None:
    """Ids and ticket numbers go on after those that were copied."""
    tx.execute(update(COUNTER).where(COUNTER.c.name == "ticket").values(value=number))
    if tx.is_sqlite:
        return  # its ids are one more than the greatest
    if number > 0:
        tx.execute(select(func.setval("ticket_number", number, False)))
    for table in _tables():
        greatest = tx.execute(select(func.max(table.c.id))).scalar() if "id" in table.c else None
        sequence = greatest and tx.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
        if sequence:
            tx.execute(select(func.setval(sequence, greatest)))


def give_back_claims(tx: Tx) -> None:
    """Nobody works on a copy: what its daemons had claimed is free, and what was being sent may have been."""
    tx.execute(
        update(INBOUND)
        .where(INBOUND.c.state == InboundState.RECEIVED, INBOUND.c.claimed_by != "")
        .values(claimed_until=None, claimed_by="")
    )
    tx.execute(
        update(OUTBOUND)
        .where(OUTBOUND.c.state == _GIVEN_BACK[0])
        .values(state=_GIVEN_BACK[1], claimed_until=None, claimed_by="", maybe_sent=True)
    )
    for (worker,) in tx.execute(
        select(HOOK_DELIVERY.c.claimed_by).distinct().where(HOOK_DELIVERY.c.claimed_by != "")
    ).all():
        tx.hooks.release(tx.processes.now(), worker)
