"""Time that was worked outside of the contract: it takes nothing of prepaid hours. What was logged before counts as it did.

Revision ID: 0014
Revises: 0013
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("time_entry", sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false()))
    # what is new is said by the desk, not by the database
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.alter_column("outside", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.drop_column("outside")
