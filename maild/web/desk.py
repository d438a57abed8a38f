"""The desk as the page has it: reads in threads, and who may see what."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from maild.mail.own_ids import Signer
from maild.model import ConsentFacts, Envelope
from maild.settings import Settings
from maild.store import Store, Tx, Writer
from maild.ticket.phases import ConsentState
from maild.values import dataclass
from maild.web.visitor import Visitor, hidden_teams

T = TypeVar("T")


class Accept(Protocol):
    """`work.intake.Intake.accept`"""

    def __call__(self, envelope: Envelope, raw: bytes, source_key: str | None = None) -> Awaitable[int]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk behind the page."""

    settings: Settings
    store: Store
    writer: Writer
    signer: Signer
    accept: Accept
    now: Callable[[], datetime]
    nonce: Callable[[], str]
    secret: Callable[[], str]  # unguessable text for cookies and links
    changed: Callable[[], None]  # mail was queued
    log_failure: Callable[[str, Exception], None]

    async def read(self, question: Callable[[Tx], T]) -> T:
        """What a transaction in a thread answers."""

        def ask() -> T:
            with self.store.read() as tx:
                return question(tx)

        return await asyncio.to_thread(ask)

    @property
    def url(self) -> str:
        """What links begin with, without a slash at its end."""
        return (self.settings.web.url or f"http://{self.settings.web.listen}").rstrip("/")

    async def sees(self, visitor: Visitor, number: int) -> bool:
        """Whether a ticket is the visitor's to see."""
        return await self.read(lambda tx: self.sees_in(tx, visitor, number))

    def sees_in(self, tx: Tx, visitor: Visitor, number: int) -> bool:
        teams = hidden_teams(self.settings)
        return number < 2**62 and tx.web.sees(number, visitor.addresses, visitor.sees_companies, teams)


def asked_of(tx: Tx, visitor: Visitor) -> list[ConsentFacts]:
    """What this person was asked by mail and may decide now: they see the request, not always the ticket."""
    places = {one.company for one in visitor.person.memberships if "approver" in one.roles}
    if not places:
        return []
    mine = set(visitor.addresses)
    waiting = [c for c in tx.consents.all(ConsentState.WAITING) if mine & set(c.approvers)]
    companies = {n: t.company for n, t in tx.tickets.brief_many([c.ticket for c in waiting]).items()}
    return [c for c in waiting if companies.get(c.ticket) in places]
