"""Removal of a person's data on request: name, addresses, the mails' texts and bytes go; tickets, sums and,
until its retention ends, the evidence of consents stay. What others wrote of them loses their name and addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select, update

from maild.store.rows import ErasureReport
from maild.store.search import heads_changed
from maild.store.tables import (
    ACT,
    AUTOMATIC_COUNT,
    BOUNCED_ADDRESS,
    CONSENT,
    CONSENT_TOKEN,
    CONTACT,
    CONTACT_ADDRESS,
    ENTRY,
    ERASURE,
    EVENT,
    HELD_NOTICE,
    INBOUND,
    INBOUND_DECISION,
    INBOUND_RAW,
    MEMBERSHIP,
    OUTBOUND,
    OUTBOUND_BYTES,
    OUTBOUND_DATA,
    OUTBOUND_RECIPIENT,
    PARTICIPANT,
    TICKET,
    WEB_LINK,
    WEB_SESSION,
)
from maild.ticket import phases
from maild.ticket.codec import Codec
from maild.ticket.phases import OutboundState

if TYPE_CHECKING:
    from maild.store.tx import Tx

GONE = "[erased]"
_ON_REQUEST = "erased on request"
#: takes a person out of a text, or out of every text of an entry's data
Scrub = Callable[[Any], Any]
#: columns of an entry that may name people
_TEXTS = ("text", "full_text", "elided", "data")
#: states of mails that would still go out, and that erasure ends
_ENDED = OutboundState.FAILED
_TO_COME = phases.leading_to(phases.OUTBOUND, _ENDED)


class Eraser:
    """Behind `tx.erase`"""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def erase(self, address: str, now: datetime, agent: str, retain_days: int, scrub: Scrub) -> ErasureReport:
        """Remove everything of the person with this address, contact or not; what was done."""
        if self._tx.is_sqlite:
            self._tx.connection.exec_driver_sql("PRAGMA secure_delete=ON")  # overwrite what is deleted
        person = self._tx.contacts.find(address)
        addresses = sorted({address, *(person.addresses if person else ())})
        consents = self._consents(addresses)
        kept = [row for row in consents if row.requested_at > now - timedelta(days=retain_days)]
        kept_tickets = sorted({row.ticket for row in kept})
        mark = f"erased-{now:%Y%m%d%H%M%S%f}"
        scrubbed = self._of_others(addresses, kept_tickets, scrub)
        erasure = ErasureReport(
            contact=person.contact_id if person else None,
            tickets=tuple(self._tickets(addresses, mark, kept_tickets)),
            mails=self._mails(addresses, kept_tickets),
            outbound=self._outbound(addresses, mark, kept_tickets, now),
            scrubbed=scrubbed,
            kept_evidence=tuple(f"C{row.id}" for row in kept),
            kept_tickets=tuple(kept_tickets),
            until=max((row.requested_at + timedelta(days=retain_days) for row in kept), default=None),
        )
        self._end_proof([row for row in consents if row.ticket not in kept_tickets], addresses, mark, scrub)
        self._tx.ids.forget(addresses, mark, kept_tickets)
        self._tx.hooks.forget([*erasure.tickets, *kept_tickets])
        self._person(person.contact_id if person else None, addresses, mark, now)
        self._tx.execute(delete(ACT))  # how tickets stood, addresses and all: it serves `undo` only
        self._tx.execute(
            insert(ERASURE).values(at=now, agent=agent, mark=mark, report=Codec(ErasureReport).dump(erasure))
        )
        self._tx.master_changed()
        return erasure

    def _consents(self, addresses: Sequence[str]) -> Sequence[Any]:
        """Those that the person asked for or decided on."""
        wanted = set(addresses)
        return [
            row for row in self._tx.execute(select(CONSENT).order_by(CONSENT.c.id))
            if wanted & {row.requester, row.decided_by, *row.approvers}
        ]  # fmt: skip

    def _end_proof(self, consents: Sequence[Any], addresses: Sequence[str], mark: str, scrub: Scrub) -> None:
        """Of consents that need not be provable any more the log alone stays, each row of which proves the one before."""

        def hidden(address: str) -> str:
            return mark if address in addresses else address

        for row in consents:
            said = GONE if row.requester in addresses else scrub(row.request_text)
            self._tx.execute(update(CONSENT).where(CONSENT.c.id == row.id).values(
                requester=hidden(row.requester), decided_by=hidden(row.decided_by),
                approvers=[*map(hidden, row.approvers)], request_text=said, reason=scrub(row.reason), data=scrub(row.data),
            ))  # fmt: skip
        ids = [row.id for row in consents]
        asked = (CONSENT_TOKEN.c.consent_id.in_(ids), CONSENT_TOKEN.c.approver.in_(addresses))
        self._tx.execute(update(CONSENT_TOKEN).where(*asked).values(approver=mark))
        steps = (EVENT.c.object == "consent", EVENT.c.object_id.in_(ids), EVENT.c.note.in_(addresses))
        self._tx.execute(update(EVENT).where(*steps).values(note=mark))

    def _tickets(self, addresses: Sequence[str], mark: str, kept: Sequence[int]) -> list[int]:
        theirs = select(TICKET.c.number).where(
            TICKET.c.requester.in_(addresses), TICKET.c.number.not_in(kept)
        )
        own = list(self._tx.execute(theirs).scalars())
        self._tx.execute(
            update(TICKET)
            .where(TICKET.c.number.in_(own))
            .values(requester=mark, requester_name="", subject=GONE)
        )
        heads_changed(self._tx, own)
        entries = self._tx.execute(
            select(ENTRY.c.id, ENTRY.c.author).where(
                ENTRY.c.ticket.not_in(kept),
                or_(ENTRY.c.author.in_(addresses), ENTRY.c.ticket.in_(own)),
            )
        ).all()
        for entry in entries:
            self._tx.search.forget(entry.id)
            author = mark if entry.author in addresses else entry.author
            self._tx.execute(
                update(ENTRY)
                .where(ENTRY.c.id == entry.id)
                .values(text=GONE, full_text="", elided="", author=author, data={}, message_id=None)
            )
            self._tx.search.again(entry.id)
        self._tx.execute(
            delete(PARTICIPANT).where(PARTICIPANT.c.address.in_(addresses), PARTICIPANT.c.ticket.not_in(kept))
        )
        return own

    def _of_others(self, addresses: Sequence[str], kept: Sequence[int], scrub: Scrub) -> int:
        """Others' words on others' tickets that the person took part in; how many entries named them."""
        there = (
            select(PARTICIPANT.c.ticket).where(PARTICIPANT.c.address.in_(addresses))
            .union(select(ENTRY.c.ticket).where(ENTRY.c.author.in_(addresses)))
        )  # fmt: skip
        for row in self._tx.execute(
            select(TICKET.c.number, TICKET.c.subject).where(
                TICKET.c.number.in_(there), TICKET.c.number.not_in(kept)
            )
        ).all():
            self._tx.execute(
                update(TICKET).where(TICKET.c.number == row.number).values(subject=scrub(row.subject))
            )
            heads_changed(self._tx, [row.number])
        entries = self._tx.execute(
            select(*ENTRY.c[("id", *_TEXTS)]).where(
                ENTRY.c.ticket.in_(there), ENTRY.c.ticket.not_in(kept), ENTRY.c.author.not_in(addresses)
            )
        ).all()
        named = 0
        for entry in entries:
            had = {name: getattr(entry, name) for name in _TEXTS}
            left = {key: scrub(value) for key, value in had.items()}
            if left != had:
                named += 1
                self._tx.search.forget(entry.id)
                self._tx.execute(update(ENTRY).where(ENTRY.c.id == entry.id).values(**left))
                self._tx.search.again(entry.id)
        return named

    def _mails(self, addresses: Sequence[str], kept: Sequence[int]) -> int:
        rows = self._tx.execute(
            select(INBOUND.c.id, INBOUND.c.file).where(
                INBOUND.c.from_address.in_(addresses),
                or_(INBOUND.c.ticket.is_(None), INBOUND.c.ticket.not_in(kept)),
            )
        ).all()
        ids = [row.id for row in rows]
        for table in (INBOUND_RAW, INBOUND_DECISION):
            self._tx.execute(delete(table).where(table.c.inbound_id.in_(ids)))
        self._tx.execute(
            update(INBOUND)
            .where(INBOUND.c.id.in_(ids))
            .values(
                from_address=None, subject=None, mail_from=None, file=None, peer="", trace="", error="", traceback="",
            )
        )  # fmt: skip
        self._tx.inbound.drop_files(row.file for row in rows)
        self._forget_notes("inbound", ids)
        return len(ids)

    def _forget_notes(self, mails: str, ids: Sequence[int]) -> None:
        """What servers and workers said of these mails at each step."""
        theirs = (EVENT.c.object == mails, EVENT.c.object_id.in_(ids))
        self._tx.execute(update(EVENT).where(*theirs).values(note=""))

    def _outbound(self, addresses: Sequence[str], mark: str, kept: Sequence[int], now: datetime) -> int:
        """Mails to the person, and what was said to others on their tickets."""
        to_them = select(OUTBOUND_RECIPIENT.c.outbound_id).where(OUTBOUND_RECIPIENT.c.address.in_(addresses))
        of_theirs = select(TICKET.c.number).where(TICKET.c.requester == mark)
        rows = self._tx.execute(
            select(OUTBOUND.c.id, OUTBOUND.c.state).where(
                or_(OUTBOUND.c.ticket.is_(None), OUTBOUND.c.ticket.not_in(kept)),
                or_(OUTBOUND.c.id.in_(to_them), OUTBOUND.c.ticket.in_(of_theirs)),
            )
        ).all()
        ids = [row.id for row in rows]
        self._forget_notes("outbound", ids)
        self._tx.execute(update(OUTBOUND).where(OUTBOUND.c.id.in_(ids)).values(token=None, answer=""))
        waiting = [row for row in rows if row.state in _TO_COME]
        self._tx.execute(
            update(OUTBOUND)
            .where(OUTBOUND.c.id.in_([row.id for row in waiting]))
            .values(state=_ENDED, answer=_ON_REQUEST, claimed_until=None)
        )
        self._tx.add_events([("outbound", row.id, row.state, _ENDED, _ON_REQUEST) for row in waiting], now)
        for table in (OUTBOUND_BYTES, OUTBOUND_DATA):
            self._tx.execute(delete(table).where(table.c.outbound_id.in_(ids)))
        self._tx.execute(
            update(OUTBOUND_RECIPIENT)
            .where(OUTBOUND_RECIPIENT.c.outbound_id.in_(ids), OUTBOUND_RECIPIENT.c.address.in_(addresses))
            .values(address=mark, name="", answer="")
        )
        return len(ids)

    def _person(self, contact_id: int | None, addresses: Sequence[str], mark: str, now: datetime) -> None:
        self._tx.execute(
            update(HELD_NOTICE).where(HELD_NOTICE.c.address.in_(addresses)).values(address=mark, evidence="")
        )
        for table in (WEB_LINK, WEB_SESSION):
            self._tx.execute(delete(table).where(table.c.address.in_(addresses)))
        self._tx.execute(delete(BOUNCED_ADDRESS).where(BOUNCED_ADDRESS.c.address.in_(addresses)))
        self._tx.execute(
            delete(AUTOMATIC_COUNT).where(
                AUTOMATIC_COUNT.c.key.in_([f"a:{address}" for address in addresses])
            )
        )
        if contact_id is not None:
            self._tx.execute(delete(CONTACT_ADDRESS).where(CONTACT_ADDRESS.c.contact_id == contact_id))
            self._tx.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.contact_id == contact_id))
            self._tx.execute(
                update(CONTACT)
                .where(CONTACT.c.id == contact_id)
                .values(name="", phone="", language="", erased_at=now)
            )
