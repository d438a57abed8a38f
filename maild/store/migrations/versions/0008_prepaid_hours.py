"""A contract may include hours for each period.

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NEW: dict[str, tuple[Any, Any]] = {
    "included_minutes": (sa.Integer(), "0"),
    "hours_period": (sa.Text(), "month"),
    "carry": (sa.Boolean(), sa.false()),
    "hours_in_mail": (sa.Boolean(), sa.false()),
}


def upgrade() -> None:
    with op.batch_alter_table("company", schema=None) as batch_op:
        for name, (kind, value) in _NEW.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    # what is new is said by the desk, not by the database
    with op.batch_alter_table("company", schema=None) as batch_op:
        for name, (kind, _) in _NEW.items():
            batch_op.alter_column(name, server_default=None, existing_type=kind, existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("company", schema=None) as batch_op:
        for name in reversed(_NEW):
            batch_op.drop_column(name)
