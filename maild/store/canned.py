"""Texts that agents use again, each in one or more languages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from maild.errors import NotFound
from maild.store.core import Transaction
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import CANNED
from maild.values import dataclass

_SET = insert_all(CANNED).ext(
    OnConflict(
        "(name, language) DO UPDATE SET text = excluded.text, agent = excluded.agent, at = excluded.at"
    )
)


@dataclass(frozen=True, slots=True)
class CannedText:
    """`agent` changed it last, `at`."""

    name: str
    language: str
    text: str
    agent: str
    at: datetime


class CannedTexts:
    """`tx.canned`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def every(self) -> tuple[CannedText, ...]:
        """All, by name and language."""
        query = select(CANNED).order_by(CANNED.c.name, CANNED.c.language)
        return tuple(
            CannedText(row.name, row.language, row.text, row.agent, row.at) for row in self._tx.execute(query)
        )

    def find(self, name: str, language: str) -> CannedText | None:
        return next((one for one in self.every() if (one.name, one.language) == (name, language)), None)

    def put(self, name: str, language: str, text: str, agent: str, now: datetime) -> None:
        """Add it, or replace what was there."""
        self._tx.execute(_SET, {"name": name, "language": language, "text": text, "agent": agent, "at": now})

    def remove(self, name: str, language: str = "") -> int:
        """One language of it, or all; how many went. NotFound when there is none."""
        wanted = delete(CANNED).where(CANNED.c.name == name)
        if language:
            wanted = wanted.where(CANNED.c.language == language)
        gone = self._tx.execute(wanted).rowcount
        if not gone:
            raise NotFound(f"no kept text {name!r}" + (f" in {language}" if language else ""))
        return int(gone)
