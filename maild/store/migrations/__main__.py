"""For developers: `python -m maild.store.migrations "Add this and that"` writes the next migration.

It compares the models with a fresh database made by the migrations so far. Read what it wrote, add the
condition of a partial index, give it the next number, set `revision.REVISION`, and run `make docs`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from maild.settings import Database, Settings
from maild.store.engine import database_url, sqlite_engine
from maild.store.revision import REVISION
from maild.store.schema import FOLDER, alembic_config
from maild.store.store import Store
from maild.values import replace


def _open(settings: Settings, first: bool) -> Store:
    if first:
        return Store(settings, sqlite_engine(Path(str(database_url(settings).database)), 5.0), "compare")
    return Store.open(settings, create=True)


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'compare.db')}"
        settings = replace(Settings(), database=Database(url=url))
        first = not any(FOLDER.glob("versions/[0-9]*.py"))
        with _open(settings, first) as store, store.engine.connect() as connection:
            connection.execution_options(maild_mode="write")
            with connection.begin():
                number = "0001" if first else f"{int(REVISION) + 1:04d}"
                command.revision(alembic_config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "change the schema")
