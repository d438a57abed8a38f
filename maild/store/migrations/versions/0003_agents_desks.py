"""What agents have seen, texts that are used again, full text without case and accents

Revision: 0003, after: 0002
"""

from __future__ import annotations

import contextlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "seen",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("ticket", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("entry", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_seen_ticket")),
        sa.PrimaryKeyConstraint("agent", "ticket", name=op.f("pk_seen")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "canned",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("pk_canned")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE entry_search")
        op.execute("CREATE VIRTUAL TABLE entry_search USING fts5(text, content='', tokenize='trigram')")
    else:
        op.execute("CREATE TABLE entry_search (id BIGINT PRIMARY KEY, text TEXT NOT NULL)")
        _trigrams()
    # everything is taken in anew, by and by, beside the day's work
    op.execute("DELETE FROM meta WHERE key = 'indexed_entry'")


def _trigrams() -> None:
    """An index for parts of words, where the server has the extension; without it searches read the table."""
    bind = op.get_bind()
    with contextlib.suppress(sa.exc.DBAPIError), bind.begin_nested():
        bind.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        bind.exec_driver_sql(
            "CREATE INDEX ix_entry_search_text ON entry_search USING gin (text gin_trgm_ops)"
        )


def downgrade() -> None:
    op.execute("DROP TABLE entry_search")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE entry_search USING fts5(text, content='entry', content_rowid='id', tokenize='trigram')"
        )
    op.execute("DELETE FROM meta WHERE key = 'indexed_entry'")
    op.drop_table("canned")
    op.drop_table("seen")
