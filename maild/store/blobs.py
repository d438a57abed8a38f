"""Stored files, such as a quote's PDF, known by the SHA-256 of their bytes."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from maild.errors import NotFound
from maild.store.core import Transaction
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import BLOB

_PUT = insert_all(BLOB).ext(OnConflict("(sha256) DO NOTHING"))


class Blobs:
    """`tx.blobs`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def put(self, content: bytes, name: str, type: str, now: datetime) -> str:
        """Store once; the SHA-256. The first name stays."""
        key = sha256(content).hexdigest()
        values = {"sha256": key, "name": name, "type": type, "at": now, "content": content}
        self._tx.execute(_PUT, values)
        return key

    def get(self, key: str) -> tuple[str, str, bytes]:
        """(name, type, bytes). NotFound."""
        row = self._tx.execute(select(BLOB).where(BLOB.c.sha256 == key)).first()
        if row is None:
            raise NotFound(f"there is no stored file {key[:12]}")
        return row.name, row.type, bytes(row.content)
