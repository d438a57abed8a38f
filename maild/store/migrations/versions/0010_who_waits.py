"""Who waits for whom, and what is due next

Revision: 0010, after: 0009
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_PAUSED = ("closed", "rejected", "merged", "waiting_customer", "awaiting_approval", "resolved")
_OVER = ("closed", "rejected", "merged", "resolved")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("last_word", sa.Text(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("waiting_since", sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("reply_by", sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("due", sa.BigInteger(), nullable=True))
    _last_words()
    _due()


def _last_words() -> None:
    """Who wrote last, by the log: customers by mail, the page or a call; agents by a reply or a step."""
    op.execute("UPDATE ticket SET last_word = 'agent'")
    theirs = (
        "e.ticket = ticket.number AND e.type IN ('mail', 'call') AND e.data NOT LIKE '%\"thanks\"\\:true%'"
    )
    ours = (
        "SELECT COALESCE(MAX(o.id), 0) FROM entry o WHERE o.ticket = ticket.number AND "
        "(o.type = 'reply' OR (o.type = 'phase' AND o.channel = 'cli' AND o.data NOT LIKE '%\"to\"\\:\"accepted\"%'))"
    )
    since = f"SELECT MIN(e.at) FROM entry e WHERE {theirs} AND e.id > ({ours})"  # noqa: S608
    last = f"EXISTS (SELECT 1 FROM entry e WHERE {theirs} AND e.id > ({ours}))"  # noqa: S608
    over = ", ".join(f"'{one}'" for one in _OVER)
    waits = f"phase NOT IN ({over}, 'waiting_customer')"
    wait = f"last_word = 'customer', waiting_since = ({since})"
    op.execute(f"UPDATE ticket SET {wait} WHERE {waits} AND {last}")  # noqa: S608


def _due() -> None:
    """The nearest promise that is open. What was written later than the first answer has no time of its own yet."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT number, phase, respond_by, resolve_by, responded_at, waiting_since, data FROM ticket "
            "WHERE phase NOT IN ('closed', 'rejected', 'merged')"
        )
    )
    for row in found.fetchall():
        moments = [row.resolve_by]
        if row.phase not in _PAUSED and row.responded_at is None:
            moments += [row.respond_by, _call_back(row.data)]
        if row.phase in _PAUSED and row.phase != "waiting_customer":
            moments = []
        due = min((at for at in moments if at is not None), default=None)
        waits = row.respond_by if row.waiting_since is not None and row.responded_at is None else None
        if due is not None or waits is not None:
            op.execute(
                sa.text("UPDATE ticket SET due = :due, reply_by = :waits WHERE number = :number").bindparams(
                    due=due, waits=waits, number=row.number
                )
            )


def _call_back(data: str) -> int | None:
    text = (json.loads(data or "{}").get("clock") or {}).get("call_back_by")
    if not text:
        return None
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def downgrade() -> None:
    for name in ("due", "reply_by", "waiting_since", "last_word"):
        op.drop_column("ticket", name)
