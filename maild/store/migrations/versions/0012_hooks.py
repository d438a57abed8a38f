"""The queue of events that other programs are told of.

Revision ID: 0012
Revises: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hook_delivery",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("ticket", _BIG, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_delivery")),
    )
    op.create_index("ix_hook_delivery_ticket", "hook_delivery", ["ticket"], unique=False)
    op.create_index(op.f("ix_hook_delivery_ended_at"), "hook_delivery", ["ended_at"], unique=False)
    op.execute(
        "CREATE INDEX ix_hook_delivery_queued ON hook_delivery (url, next_attempt_at) WHERE state = 'queued'"
    )
    op.execute(
        "CREATE INDEX ix_hook_delivery_sending ON hook_delivery (claimed_until) WHERE state = 'sending'"
    )


def downgrade() -> None:
    op.drop_table("hook_delivery")
