"""For developers: `python -m maild.store.generate` writes `tables.py`, the Core tables of the models.

The models (SQLModel) are the schema's language. Importing them costs a command more than its own work, so what
runs uses plain tables made from them; `--check` fails where the two differ (`make check`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text
from sqlalchemy.types import TypeEngine

from maild.store.models import Base
from maild.store.types import BigId, Choice, JsonText, Moment, Words

PATH = Path(__file__).with_name("tables.py")
HEAD = '''"""The tables of statements. Written by `python -m maild.store.generate` from models.py: change those.

Only what statements need stands here; keys to other tables, indexes and defaults are the models' and the
migrations'.

Over 300 lines: generated.
"""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, Table, Text

from maild.store.types import BigId, Choice, JsonText, Moment, Words
{imports}
METADATA = MetaData()

# fmt: off
'''


def type_name(type_: TypeEngine[object]) -> str:
    """How a column's type is written."""
    if type_ is BigId:
        return "BigId"
    if isinstance(type_, Choice):
        return f"Choice({type_.enum.__name__})"
    for kind in (Moment, JsonText, Words, Boolean, Text, LargeBinary, Integer):
        if isinstance(type_, kind):
            return kind.__name__
    raise TypeError(f"no name for the type {type_!r}: add it to generate.py")


def column(one: Column[object]) -> str:
    """One line of a table."""
    how = ", primary_key=True" if one.primary_key else ", nullable=False" if not one.nullable else ""
    if one.primary_key and one.autoincrement is False:
        how += ", autoincrement=False"
    return f'    Column("{one.name}", {type_name(one.type)}{how}),\n'


def table(table_: Table) -> str:
    """One table."""
    columns = "".join(column(one) for one in table_.columns)
    return f'\n{table_.name.upper()} = Table(\n    "{table_.name}", METADATA,\n{columns})\n'


def text() -> str:
    """The whole file."""
    enums: dict[str, set[str]] = {}
    for one in Base.metadata.tables.values():
        for kind in (one_.type for one_ in one.columns):
            if isinstance(kind, Choice):
                enums.setdefault(kind.enum.__module__, set()).add(kind.enum.__name__)
    imports = "".join(
        f"from {home} import {', '.join(sorted(names))}\n" for home, names in sorted(enums.items())
    )
    return HEAD.format(imports=imports) + "".join(table(one) for one in Base.metadata.tables.values())


def main(check: bool) -> int:
    wanted = text()
    if not check:
        PATH.write_text(wanted, encoding="utf-8")
    elif PATH.read_text(encoding="utf-8") != wanted:
        print("maild/store/tables.py is not what the models say: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
