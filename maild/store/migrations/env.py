"""Alembic's entry: `schema.upgrade` hands in an open transaction; `alembic revision` is run through
`python -m maild.store.migrations`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from maild.store.models import Base
from maild.store.types import Choice, JsonText, Moment, Words


def ours(name: str | None, kind: str, _parents: Any) -> bool:
    """FTS5's shadow tables are not in the model."""
    return not (kind == "table" and name is not None and name.startswith(("entry_search", "ticket_search")))


def render(kind: str, item: Any, _autogen_context: Any) -> str | Literal[False]:
    """Migrations must not change when our types do: write what stands behind them."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, JsonText | Words | Choice):
        return "sa.Text()"
    return False


def same_type(_migration: Any, _inspected: Any, _meta: Any, inspected: Any, wanted: Any) -> bool | None:
    """SQLite gives an own meaning to INTEGER: our BigId is that there."""
    if isinstance(wanted, Moment | JsonText | Words | Choice):
        wanted = wanted.impl_instance
        return type(inspected)._type_affinity is not type(wanted)._type_affinity
    return None


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_name=ours,
    render_item=render,
    compare_type=same_type,
)
with context.begin_transaction():
    context.run_migrations()
