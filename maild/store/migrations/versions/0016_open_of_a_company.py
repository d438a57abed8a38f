"""An index of a company's tickets by phase in place of that of all its tickets: what is open is a small part.

Revision ID: 0016
Revises: 0015
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_ticket_company_phase", "ticket", ["company", "phase"])
    op.drop_index("ix_ticket_company", "ticket")


def downgrade() -> None:
    op.create_index("ix_ticket_company", "ticket", ["company"])
    op.drop_index("ix_ticket_company_phase", "ticket")
