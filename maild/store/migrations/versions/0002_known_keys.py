"""Keys that several tickets may know, in place of one ticket for each Message-ID and Thread-Index.

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "known_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ticket", _BIG, autoincrement=False, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("outbound_id", _BIG, nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("inbound_id", _BIG, nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", "ticket", "sender", name=op.f("pk_known_key")),
        sqlite_with_rowid=False,
    )
    # whose mail named an id that nobody has seen was not kept: mostly it was the requester's
    op.execute(
        "INSERT INTO known_key (key, ticket, sender, origin, outbound_id, notice)"
        " SELECT message_id, COALESCE(known_id.ticket, 0),"
        " CASE WHEN origin = 'awaited' THEN COALESCE(ticket.requester, '') ELSE '' END, origin, outbound_id, notice"
        " FROM known_id LEFT JOIN ticket ON ticket.number = known_id.ticket"
    )
    op.execute(
        "INSERT INTO known_key (key, ticket, sender, origin, notice)"
        " SELECT 'thread-index:' || root, ticket, '', 'kept', '' FROM thread_root"
    )
    op.drop_table("known_id")
    op.drop_table("thread_root")


def downgrade() -> None:
    op.create_table(
        "known_id",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("ticket", _BIG, nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("outbound_id", _BIG, nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_known_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "thread_root",
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("ticket", _BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.number"], name=op.f("fk_thread_root_ticket")),
        sa.PrimaryKeyConstraint("root", name=op.f("pk_thread_root")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO known_id (message_id, ticket, origin, outbound_id, notice)"
        " SELECT key, NULLIF(ticket, 0), origin, outbound_id, notice FROM known_key WHERE key LIKE '<%'"
        " ORDER BY CASE WHEN origin = 'awaited' THEN 1 ELSE 0 END, ticket ON CONFLICT (message_id) DO NOTHING"
    )
    op.execute(
        "INSERT INTO thread_root (root, ticket)"
        " SELECT substr(key, 14), ticket FROM known_key WHERE key LIKE 'thread-index:%' AND ticket > 0"
        " ORDER BY ticket ON CONFLICT (root) DO NOTHING"
    )
    op.drop_table("known_key")
