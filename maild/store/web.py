"""Who is signed in on the customers' page, and what a person may look at there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, union, update

from maild.store.core import Transaction
from maild.store.facts_of import maker
from maild.store.tables import PARTICIPANT, TICKET, WEB_LINK, WEB_SESSION
from maild.ticket.phases import ENDED
from maild.values import dataclass

#: a link holds so long, a session so long without use
LINK_LIFE, SESSION_LIFE = timedelta(minutes=15), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WebSessionFacts:
    """One browser that is signed in."""

    id_hash: str
    contact_id: int
    address: str  # the one that the link was sent to
    created_at: datetime
    used_at: datetime


_session = maker(WebSessionFacts)


class WebAccess:
    """`tx.web`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ----------------------------------------------------------------------------------------- links

    def links_since(self, address: str, since: datetime) -> int:
        """How many links were made for an address."""
        query = select(func.count()).where(WEB_LINK.c.address == address, WEB_LINK.c.created_at >= since)
        return int(self._tx.execute(query).scalar_one())

    def add_link(self, token_hash: str, address: str, now: datetime) -> None:
        """A link that holds a quarter of an hour."""
        self._tx.execute(insert(WEB_LINK).values(
            token_hash=token_hash, address=address, created_at=now, expires_at=now + LINK_LIFE
        ))  # fmt: skip

    def holder(self, token_hash: str, now: datetime) -> str:
        """Whom a link that could be used now signs in; "" for one that is used, over or unknown."""
        return self._tx.execute(select(WEB_LINK.c.address).where(*_holds(token_hash, now))).scalar() or ""

    def use_link(self, token_hash: str, now: datetime) -> str | None:
        """The address of a link that holds; it holds no more. None for one that is used, over or unknown."""
        spent = update(WEB_LINK).where(*_holds(token_hash, now)).values(used_at=now)
        address: str | None = self._tx.execute(spent.returning(WEB_LINK.c.address)).scalar()
        return address

    # -------------------------------------------------------------------------------------- sessions

    def sign_in(self, id_hash: str, contact_id: int, address: str, now: datetime) -> None:
        """A new session."""
        self._tx.execute(insert(WEB_SESSION).values(
            id_hash=id_hash, contact_id=contact_id, address=address, created_at=now, used_at=now
        ))  # fmt: skip

    def session(self, id_hash: str, now: datetime) -> WebSessionFacts | None:
        """The session of a cookie, when it is not over."""
        query = select(WEB_SESSION).where(
            WEB_SESSION.c.id_hash == id_hash, WEB_SESSION.c.used_at > now - SESSION_LIFE
        )
        row = self._tx.execute(query).first()
        return None if row is None else _session(row)

    def touch(self, id_hash: str, now: datetime) -> None:
        """The session was used."""
        self._tx.execute(update(WEB_SESSION).where(WEB_SESSION.c.id_hash == id_hash).values(used_at=now))

    def sign_out(self, id_hash: str) -> None:
        """This browser's session ends."""
        self._tx.execute(delete(WEB_SESSION).where(WEB_SESSION.c.id_hash == id_hash))

    def sessions(self, contact_id: int, now: datetime) -> tuple[WebSessionFacts, ...]:
        """A contact's sessions, the one used last first."""
        query = (
            select(WEB_SESSION)
            .where(WEB_SESSION.c.contact_id == contact_id, WEB_SESSION.c.used_at > now - SESSION_LIFE)
            .order_by(WEB_SESSION.c.used_at.desc())
        )
        return tuple(map(_session, self._tx.execute(query)))

    def every_session(self, contact_id: int) -> tuple[WebSessionFacts, ...]:
        """A contact's sessions, over or not, oldest first."""
        query = select(WEB_SESSION).where(WEB_SESSION.c.contact_id == contact_id)
        return tuple(map(_session, self._tx.execute(query.order_by(WEB_SESSION.c.created_at))))

    def end_sessions(self, contact_id: int) -> int:
        """All of a contact's browsers are signed out; how many."""
        ended = self._tx.execute(delete(WEB_SESSION).where(WEB_SESSION.c.contact_id == contact_id))
        return int(ended.rowcount)

    def forget_old(self, now: datetime) -> None:
        """Links and sessions that are over."""
        self._tx.execute(delete(WEB_LINK).where(WEB_LINK.c.expires_at < now - timedelta(days=1)))
        self._tx.execute(delete(WEB_SESSION).where(WEB_SESSION.c.used_at <= now - SESSION_LIFE))

    # --------------------------------------------------------------------------------------- tickets

    def tickets(
        self,
        addresses: Sequence[str],
        companies: Sequence[str],
        *,
        hidden_teams: Sequence[str] = (),
        ended: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[int, ...]:
        """Numbers of the tickets that a person may see, what changed last first.

        `addresses`: theirs, as requester or participant; `companies`: those whose every ticket they may see.
        """
        over = TICKET.c.phase.in_(sorted(ENDED))
        query = (
            select(TICKET.c.number)
            .where(_visible(addresses, companies, hidden_teams), over if ended else ~over)
            .order_by(TICKET.c.updated_at.desc(), TICKET.c.number.desc())
            .limit(limit)
            .offset(offset)
        )
        return tuple(row.number for row in self._tx.execute(query))

    def sees(
        self,
        number: int,
        addresses: Sequence[str],
        companies: Sequence[str],
        hidden_teams: Sequence[str] = (),
    ) -> bool:
        """Whether a person may see that ticket."""
        query = select(*TICKET.c["requester", "company"]).where(
            TICKET.c.number == number, TICKET.c.team.not_in(list(hidden_teams))
        )
        row = self._tx.execute(query).first()
        if row is None:
            return False
        if row.requester in addresses or row.company in companies:
            return True
        joined = select(PARTICIPANT.c.ticket).where(
            PARTICIPANT.c.ticket == number, PARTICIPANT.c.address.in_(list(addresses))
        )
        return self._tx.execute(joined).first() is not None


def _holds(token_hash: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of a link that can be used now."""
    return (
        WEB_LINK.c.token_hash == token_hash,
        WEB_LINK.c.used_at.is_(None),
        WEB_LINK.c.expires_at > now,
    )


def _visible(
    addresses: Sequence[str], companies: Sequence[str], hidden_teams: Sequence[str]
) -> ColumnElement[bool]:
    """Three look-ups by index, whatever the number of tickets; an OR over them would read all rows."""
    asked = select(TICKET.c.number).where(TICKET.c.requester.in_(list(addresses)))
    joined = select(PARTICIPANT.c.ticket).where(PARTICIPANT.c.address.in_(list(addresses)))
    whose = [asked, joined]
    if companies:
        whose.append(select(TICKET.c.number).where(TICKET.c.company.in_(list(companies))))
    return and_(TICKET.c.number.in_(union(*whose)), TICKET.c.team.not_in(list(hidden_teams)))
