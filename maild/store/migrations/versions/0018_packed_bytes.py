"""Whether the bytes of a mail are kept compressed; those that are there stay as they are until there is time.

Revision ID: 0018
Revises: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("inbound_raw", "outbound_bytes")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("packed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # an older maild would show compressed bytes as the mail
    connection = op.get_bind()
    for table in _TABLES:
        if connection.execute(sa.text(f"SELECT 1 FROM {table} WHERE packed LIMIT 1")).first():  # noqa: S608 (our own names)
            raise RuntimeError(f"{table} holds compressed mails, which an older maild cannot read")
        op.drop_column(table, "packed")
