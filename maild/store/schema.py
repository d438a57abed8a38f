"""The schema's version and Alembic, which is imported only where it is needed (it costs a tenth of a second)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from maild.store.revision import REVISION
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import COUNTER

if TYPE_CHECKING:
    from maild.store.store import Store

FOLDER = Path(__file__).parent / "migrations"
_FIRST_NUMBER = insert_all(COUNTER).ext(OnConflict("(name) DO NOTHING"))


def revision_of(store: Store) -> str | None:
    """What the database says; None for an empty one."""
    with store.engine.connect() as connection:
        connection.execution_options(maild_mode="read")
        with connection.begin():
            if not inspect(connection).has_table("alembic_version"):
                return None
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if revision is None else str(revision)


def alembic_config(connection: Connection) -> Any:
    """Alembic's configuration without an .ini file, bound to an open transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(store: Store) -> None:
    from alembic import command

    with store.engine.connect() as connection:
        connection.execution_options(maild_mode="write")
        if store.is_sqlite:
            # batch migrations rebuild tables; with foreign keys on, that would delete what refers to them
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            command.upgrade(alembic_config(connection), "head")
            if store.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise RuntimeError(f"the migration would leave rows that refer to nothing: {broken}")
        if store.is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON")


def upgrade(store: Store) -> None:
    """All missing migrations and the first rows, in one transaction; two processes at once do it once."""
    revision = revision_of(store)
    if revision is not None and revision > REVISION:
        store.check_schema()  # says what to do
    if revision != REVISION:
        _migrate(store)
    with store.write() as tx:
        tx.new_meta("secret", secrets.token_hex(32))
        tx.new_meta("generation", secrets.token_hex(8))
        tx.new_meta("made_at", datetime.now(UTC).isoformat())
        tx.execute(_FIRST_NUMBER, {"name": "ticket", "value": store.settings.desk.first_number})
