"""How far each IMAP folder was read (RFC 9051, 2.3.1.1: a UID means something only with its UIDVALIDITY)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, collate, select, update

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


def _doubted(key: str, sha256: str) -> str:
    """What the mail of these bytes is known by, since its UID may be given to another one."""
    return f"{sha256}@{key}"


def of_doubted_uid(tx: Transaction, key: str, sha256: str) -> int | None:
    """The stored mail of these bytes whose UID was doubted (`ImapStates.put_back`): it is its own after all."""
    row = tx.execute(select(INBOUND.c.id).where(INBOUND.c.source_key == _doubted(key, sha256))).first()
    if row is None:
        return None
    tx.execute(update(INBOUND).where(INBOUND.c.id == row.id).values(source_key=key))
    return int(row.id)


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

    def put_back(self, account: str, folder: str, uidvalidity: int, watermark: int, first: int) -> None:
        """Set the watermark of a folder that gives its UIDs from `first` on anew: what is stored under them is known by its
        bytes from now on, so that another mail is none that is stored."""
        self.set(account, folder, uidvalidity, watermark)
        for row in self._stored(account, folder, uidvalidity):
            if _uid(row.source_key) >= first:
                doubted = _doubted(row.source_key, row.sha256)
                there = select(INBOUND.c.id).where(INBOUND.c.source_key == doubted)
                known_so = self._tx.execute(there).first() is not None  # the same bytes, before another time
                changed = update(INBOUND).where(INBOUND.c.id == row.id)
                self._tx.execute(changed.values(source_key=None if known_so else doubted))

    def raised(self, account: str, folder: str, uidvalidity: int, before: int, watermark: int) -> bool:
        """Set the watermark where it is `before` still; whether it was."""
        moved = update(IMAP_STATE).values(watermark=watermark)
        where = (IMAP_STATE.c.account == account, IMAP_STATE.c.folder == folder)
        stands = (IMAP_STATE.c.uidvalidity == uidvalidity, IMAP_STATE.c.watermark == before)
        return self._tx.execute(moved.where(*where, *stands)).rowcount == 1

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        """UIDs whose mails are stored."""
        return frozenset(_uid(row.source_key) for row in self._stored(account, folder, uidvalidity))

    def _stored(self, account: str, folder: str, uidvalidity: int) -> Sequence[Row[Any]]:
        first = source_key(account, folder, uidvalidity, 0)[:-1]
        # everything that begins so: ";" is what follows ":"
        column = INBOUND.c.source_key if self._tx.is_sqlite else collate(INBOUND.c.source_key, "C")
        query = select(*INBOUND.c["id", "source_key", "sha256"]).where(
            column >= first, column < first[:-1] + ";"
        )
        return self._tx.execute(query).all()


def _uid(key: str) -> int:
    return int(key.rpartition(":")[2])
