"""The JSON of the command line, for tests that look into it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from maild.commands import shapes as made
from maild.store import Tx

Json = dict[str, Any]


def shape(value: object) -> Json:
    return made.shape(value)


def shapes(values: Iterable[object]) -> list[Json]:
    return [shape(one) for one in values]


def time_of(lines: Iterable[Any]) -> Json:
    return made.time_of(lines)


def ticket_whole(tx: Tx, number: int) -> Json:
    """`show N --json`, but for what depends on when it is read. NotFound."""
    return made.whole_json(tx.queue.whole(number))
