"""A column that nothing reads: whether answers go to the token's address follows from the token and the configuration.

Revision ID: 0017
Revises: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_column("outbound", "reply_to_token")


def downgrade() -> None:
    op.add_column(
        "outbound", sa.Column("reply_to_token", sa.Boolean(), nullable=False, server_default=sa.false())
    )
