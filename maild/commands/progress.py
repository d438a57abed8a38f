"""A bar on a terminal, beside what takes long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def counted(rows: Iterable[T], what: str, total: Callable[[], int | None]) -> Iterator[T]:
    """The rows as they come. `total`: how many there will be, None while nobody knows."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        for row in rows:
            bar.update(task, advance=1, total=total())
            yield row
