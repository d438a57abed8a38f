"""Stored files, such as a quote's PDF, known by the SHA-256 of their bytes."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from maild.errors import NotFound
from maild.store.core import Transaction
from maild.store.statements import Prepared, insert_all
from maild.store.tables import BLOB
from maild.store.types import clean, to_micros

_PUT = Prepared(insert_all(BLOB), " ON CONFLICT (sha256) DO NOTHING")


class Blobs:
    """`tx.blobs`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def put(self, content: bytes, name: str, type: str, now: datetime) -> str:
        """Store once; the SHA-256. The first name stays."""
        key = sha256(content).hexdigest()
        self._tx.run(_PUT, {"sha256": key, "name": clean(name), "type": type, "at": to_micros(now),
                            "content": content})  # fmt: skip
        return key

    def get(self, key: str) -> tuple[str, str, bytes]:
        """(name, type, bytes). NotFound."""
        row = self._tx.connection.execute(select(BLOB).where(BLOB.c.sha256 == key)).first()
        if row is None:
            raise NotFound(f"there is no stored file {key[:12]}")
        return row.name, row.type, bytes(row.content)
