"""Who works on the database, who has which duty; counts by process; ticket numbers from a sequence on PostgreSQL.

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("fence", _BIG, autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
        sqlite_with_rowid=False,
    )
    _counts("process", "'', key, minute, count")
    # claims were named by places, and no daemon runs now
    op.execute(
        "UPDATE inbound SET claimed_until = NULL, claimed_by = '' WHERE state = 'received' AND claimed_by <> ''"
    )
    op.execute(
        "UPDATE outbound SET state = 'queued', claimed_until = NULL, claimed_by = '', maybe_sent = true"
        " WHERE state = 'sending'"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE ticket_number")
        op.execute(
            "SELECT setval('ticket_number', value, false) FROM counter WHERE name = 'ticket' AND value > 0"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "UPDATE counter SET value = (SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM ticket_number)"
            " WHERE name = 'ticket'"
        )
        op.execute("DROP SEQUENCE ticket_number")
    _counts("", "key, minute, sum(count)")
    op.drop_table("lease")
    op.drop_table("process")


def _counts(process: str, values: str) -> None:
    """The table of counts, with or without a column for who counted; what it holds reaches two hours back."""
    op.rename_table("automatic_count", "automatic_count_old")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE automatic_count_old DROP CONSTRAINT pk_automatic_count")
    columns = [sa.Column(process, sa.Text(), nullable=False)] if process else []
    op.create_table(
        "automatic_count",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("minute", _BIG, autoincrement=False, nullable=False),
        *columns,
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            *(["key", "minute", process] if process else ["key", "minute"]), name=op.f("pk_automatic_count")
        ),
        sqlite_with_rowid=False,
    )
    names = "process, key, minute, count" if process else "key, minute, count"
    groups = "" if process else " GROUP BY key, minute"
    op.execute(f"INSERT INTO automatic_count ({names}) SELECT {values} FROM automatic_count_old{groups}")  # noqa: S608
    op.drop_table("automatic_count_old")
