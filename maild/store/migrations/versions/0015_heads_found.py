"""Subjects and requesters of tickets in a full-text index of their own; they are taken in beside the day's work.

Revision ID: 0015
Revises: 0014
"""

import contextlib
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE ticket_search USING fts5(text, tokenize='trigram')")
    else:
        op.execute("CREATE TABLE ticket_search (id BIGINT PRIMARY KEY, text TEXT NOT NULL)")
        _trigrams()


def _trigrams() -> None:
    """An index for parts of words, where the server has the extension; without it searches read the table."""
    bind = op.get_bind()
    with contextlib.suppress(sa.exc.DBAPIError), bind.begin_nested():
        bind.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        bind.exec_driver_sql(
            "CREATE INDEX ix_ticket_search_text ON ticket_search USING gin (text gin_trgm_ops)"
        )


def downgrade() -> None:
    op.execute("DROP TABLE ticket_search")
    op.execute("DELETE FROM meta WHERE key = 'indexed_ticket'")
