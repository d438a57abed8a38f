"""How far each IMAP folder was read (RFC 9051, 2.3.1.1: a UID means something only with its UIDVALIDITY)."""

from __future__ import annotations

from sqlalchemy import collate, select, update

from maild.store.core import Transaction
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import IMAP_STATE, INBOUND

_SET = insert_all(IMAP_STATE).ext(
    OnConflict(
        "(account, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, watermark = excluded.watermark"
    )
)


def source_key(account: str, folder: str, uidvalidity: int, uid: int) -> str:
    """What a mail of a folder is known by."""
    return f"imap:{account}:{folder}:{uidvalidity}:{uid}"


class ImapStates:
    """`tx.imap`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def get(self, account: str, folder: str) -> tuple[int, int] | None:
        """(UIDVALIDITY, highest UID below which everything was seen to); None at the very first connection."""
        query = select(*IMAP_STATE.c["uidvalidity", "watermark"])
        row = self._tx.execute(
            query.where(IMAP_STATE.c.account == account, IMAP_STATE.c.folder == folder)
        ).first()
        return None if row is None else (row.uidvalidity, row.watermark)

    def set(self, account: str, folder: str, uidvalidity: int, watermark: int) -> None:
        params = {"account": account, "folder": folder, "uidvalidity": uidvalidity, "watermark": watermark}
        self._tx.execute(_SET, params)

    def raised(self, account: str, folder: str, uidvalidity: int, before: int, watermark: int) -> bool:
        """Set the watermark where it is `before` still; whether it was."""
        moved = update(IMAP_STATE).values(watermark=watermark)
        where = (IMAP_STATE.c.account == account, IMAP_STATE.c.folder == folder)
        stands = (IMAP_STATE.c.uidvalidity == uidvalidity, IMAP_STATE.c.watermark == before)
        return self._tx.execute(moved.where(*where, *stands)).rowcount == 1

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        """UIDs whose mails are stored."""
        first = source_key(account, folder, uidvalidity, 0)[:-1]
        # everything that begins so: ";" is what follows ":"
        column = INBOUND.c.source_key if self._tx.is_sqlite else collate(INBOUND.c.source_key, "C")
        query = select(INBOUND.c.source_key).where(column >= first, column < first[:-1] + ";")
        rows = self._tx.execute(query)
        return frozenset(int(row.source_key.rpartition(":")[2]) for row in rows)
