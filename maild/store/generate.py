"""For developers: `python -m maild.store.generate` writes `columns.py`, the columns of the models as they are read
without SQLAlchemy; `tables.py` makes the Core tables of it.

The models (SQLModel) are the schema's language. Importing them costs a command more than its own work, so what
runs uses plain tables made from them; `--check` fails where they differ (`make check`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import Column, Table

from maild.store import plain_table
from maild.store.models import Base
from maild.store.plain_table import PlainColumn
from maild.store.types import BigId, Choice

PATH = Path(__file__).with_name("columns.py")
HEAD = '''"""The columns of all tables. Written by `python -m maild.store.generate` from models.py: change those.

Only what statements need stands here; keys to other tables, indexes and defaults are the models' and the
migrations'.

Over 300 lines: generated.
"""

from maild.store.plain_table import (
    {kinds},
    PlainTable,
    choice,
)
{enums}
# fmt: off
'''
#: the kinds of columns but choices, as they are written
KINDS = {name: kind for name, kind in vars(plain_table).items() if isinstance(kind, PlainColumn)}


def kind_of(column: Column[object]) -> str:
    """What a column holds, as it is written."""
    if isinstance(column.type, Choice):
        written = f"choice({column.type.enum.__name__})"
    elif column.primary_key and column.autoincrement is True:
        return "ID"
    else:
        name = "BigId" if column.type is BigId else type(column.type).__name__
        found = [one for one, kind in KINDS.items() if kind.type_name == name and not kind.own_id]
        if not found:
            raise TypeError(f"no name for the type {column.type!r}: add it to plain_table.py")
        written = found[0]
    return written + ".key" * column.primary_key + ".maybe" * bool(column.nullable)


def plain(table: Table) -> str:
    """One table."""
    columns = "".join(f'    "{one.name}": {kind_of(one)},\n' for one in table.columns)
    return f'\n{table.name.upper()} = PlainTable("{table.name}", {{\n{columns}}})\n'


def _enums() -> str:
    """The imports of all enums that columns hold."""
    enums: dict[str, set[str]] = {}
    for one in Base.metadata.tables.values():
        for kind in (one_.type for one_ in one.columns):
            if isinstance(kind, Choice):
                enums.setdefault(kind.enum.__module__, set()).add(kind.enum.__name__)
    return "".join(
        f"from {home} import {', '.join(sorted(names))}\n" for home, names in sorted(enums.items())
    )


def text() -> str:
    """The whole file."""
    head = HEAD.format(kinds=",\n    ".join(sorted(KINDS)), enums=_enums())
    return head + "".join(plain(one) for one in Base.metadata.tables.values())


def main(check: bool) -> int:
    wanted = text()
    if not check:
        PATH.write_text(wanted, encoding="utf-8")
    elif not PATH.is_file() or PATH.read_text(encoding="utf-8") != wanted:
        print(f"maild/store/{PATH.name} is not what the models say: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
