"""For developers: `python -m maild.store.generate` writes `tables.py`, the Core tables of the models, and `columns.py`, the
same for what is read without SQLAlchemy.

The models (SQLModel) are the schema's language. Importing them costs a command more than its own work, so what
runs uses plain tables made from them; `--check` fails where they differ (`make check`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text
from sqlalchemy.types import TypeEngine

from maild.store.models import Base
from maild.store.types import BigId, Choice, JsonText, Moment, Words

PATH = Path(__file__).with_name("tables.py")
COLUMNS_PATH = Path(__file__).with_name("columns.py")
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


COLUMNS_HEAD = '''"""The tables as they are read without SQLAlchemy. Written by `python -m maild.store.generate`.

Over 300 lines: generated.
"""

from maild.store.plain import from_micros, load
from maild.store.plain_table import PlainTable, one_of
{imports}
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


def back_name(type_: TypeEngine[object]) -> str:
    """What makes a Python value of what the database holds."""
    if isinstance(type_, Choice):
        return f"one_of({type_.enum.__name__})"
    for kind, back in ((Moment, "from_micros"), (JsonText, "load"), (Boolean, "bool")):
        if isinstance(type_, kind):
            return back
    return "None"


def plain_table(table_: Table) -> str:
    """One table of `columns.py`."""
    columns = "".join(f'    "{one.name}": {back_name(one.type)},\n' for one in table_.columns)
    return f'\n{table_.name.upper()} = PlainTable("{table_.name}", {{\n{columns}}})\n'


def _enums() -> str:
    """The imports of all enums that columns hold."""
    enums: dict[str, set[str]] = {}
    for one in Base.metadata.tables.values():
        for kind in (one_.type for one_ in one.columns):
            if isinstance(kind, Choice):
                enums.setdefault(kind.enum.__module__, set()).add(kind.enum.__name__)
    imports = "".join(
        f"from {home} import {', '.join(sorted(names))}\n" for home, names in sorted(enums.items())
    )
    return imports


def text() -> str:
    """The whole file `tables.py`."""
    return HEAD.format(imports=_enums()) + "".join(table(one) for one in Base.metadata.tables.values())


def columns_text() -> str:
    """The whole file `columns.py`."""
    tables = Base.metadata.tables.values()
    return COLUMNS_HEAD.format(imports=_enums()) + "".join(plain_table(one) for one in tables)


def main(check: bool) -> int:
    wrong = 0
    for path, wanted in ((PATH, text()), (COLUMNS_PATH, columns_text())):
        if not check:
            path.write_text(wanted, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != wanted:
            print(f"maild/store/{path.name} is not what the models say: run `make docs`", file=sys.stderr)
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
