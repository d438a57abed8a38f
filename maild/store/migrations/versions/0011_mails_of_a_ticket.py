"""An index of the mails of a ticket.

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_HAS_ONE = sa.text("ticket IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_inbound_ticket", "inbound", ["ticket", "id"], sqlite_where=_HAS_ONE, postgresql_where=_HAS_ONE
    )


def downgrade() -> None:
    op.drop_index("ix_inbound_ticket", "inbound")
