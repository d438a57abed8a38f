"""Indexes of whose a ticket is: the customers' page looks for one person's among all.

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NEW = (("ticket", "company"), ("ticket", "requester"), ("participant", "address"))


def upgrade() -> None:
    for table, column in _NEW:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table, column in reversed(_NEW):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
