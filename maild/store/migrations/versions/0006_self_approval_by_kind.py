"""A company says which kinds its approvers may approve for themselves

Revision: 0006, after: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_company = sa.table("company", sa.column("self_approval", sa.Boolean), sa.column("own_kinds", sa.Text))


def upgrade() -> None:
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_kinds", sa.Text(), nullable=False, server_default="[]"))
    every = '["permission","device"]'
    op.execute(_company.update().where(_company.c.self_approval).values(own_kinds=every))
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_column("self_approval")
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.alter_column(
            "own_kinds", new_column_name="self_approval", existing_type=sa.Text(), server_default=None,
            existing_nullable=False,
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.alter_column(
            "self_approval", new_column_name="own_kinds", existing_type=sa.Text(), existing_nullable=False
        )
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("self_approval", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(_company.update().where(_company.c.own_kinds != "[]").values(self_approval=True))
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_column("own_kinds")
        batch_op.alter_column("self_approval", existing_type=sa.Boolean(), server_default=None)
