"""A lane of their own for mails that may take long to read.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WAITING = sa.text("state = 'received'")


def upgrade() -> None:
    op.add_column("inbound", sa.Column("slow", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE inbound SET slow = (size > 32768) WHERE state = 'received'")
    op.drop_index("ix_inbound_received", "inbound")
    op.create_index(
        "ix_inbound_received", "inbound", ["slow", "id"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )


def downgrade() -> None:
    op.drop_index("ix_inbound_received", "inbound")
    op.create_index(
        "ix_inbound_received", "inbound", ["id"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.drop_column("inbound", "slow")
