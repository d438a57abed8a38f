"""Which deadline means what: type -> handler. See `deadlines.Handler` for what a handler is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from maild.app import deadlines, hours_used
from maild.app.acts import ActContext
from maild.errors import NotFound, Refused
from maild.model import ConsentFacts, Plan, TicketFacts
from maild.store import DueDeadline, Tx
from maild.ticket import clocks, prepaid
from maild.ticket.vocabulary import DeadlineType
from maild.work.deadlines import Handler
from maild.work.logs import Log
from maild.work.nonces import token

log = Log("maild.work.deadline_handlers")


def _act(tx: Tx, ticket: TicketFacts, now: datetime) -> ActContext:
    company = tx.companies.find(ticket.company)
    return ActContext(tx.settings, now, "", company, None, tx.consents.of_ticket(ticket.number))


def _consent(tx: Tx, ticket: TicketFacts) -> ConsentFacts | None:
    return tx.consents.waiting(ticket.number)


def _guarded(handle: Callable[[Tx, DueDeadline, TicketFacts, datetime], Plan]) -> Handler:
    """A deadline whose ticket is gone, or whose act is refused by now, means nothing any more."""

    def handler(tx: Tx, row: DueDeadline, now: datetime) -> Plan:
        try:
            return handle(tx, row, tx.ticket(row.ticket), now)
        except (NotFound, Refused) as refusal:
            log.info("a deadline means nothing any more", key=row.key, because=str(refusal))
            return Plan()

    return handler


def _promise(tx: Tx, row: DueDeadline, ticket: TicketFacts, now: datetime) -> Plan:
    company = tx.companies.find(ticket.company)
    person = tx.contacts.find(ticket.requester) if ticket.requester else None
    phone = person.phone if person is not None else ""
    return deadlines.promise(ticket, DeadlineType(row.type), tx.settings, now, company=company, phone=phone)


def _prepaid_hours(tx: Tx, row: DueDeadline, ticket: TicketFacts, now: datetime) -> Plan:
    """Time was logged: who is to be told when a mark was reached. What was told is kept by period; minutes that are
    given back lower it, so that the mark can be reached anew."""
    company = tx.companies.find(ticket.company, everybody=True)
    if company is None or not prepaid.has_hours(company):
        return Plan()
    balance = tx.timelog.balance(company, row.since or now)
    key = f"prepaid:{company.key}:{balance.span.first}"
    told = int(tx.meta(key) or 0)
    if balance.mark != told:
        tx.set_meta(key, str(balance.mark))
    return (
        hours_used.tell(company, company.people, balance, tx.settings, now) if balance.mark > told else Plan()
    )


HANDLERS: Mapping[str, Handler] = {
    **{type_: _guarded(_promise) for type_ in clocks.TYPES},
    DeadlineType.PREPAID_HOURS: _guarded(_prepaid_hours),
    DeadlineType.AUTO_CLOSE: _guarded(
        lambda tx, _row, ticket, now: deadlines.auto_close(_act(tx, ticket, now), ticket)
    ),
    DeadlineType.OUTAGE_CLOSE: _guarded(
        lambda tx, row, ticket, now: deadlines.outage_close(_act(tx, ticket, now), ticket, row.since)
    ),
    DeadlineType.CONSENT_REMIND: _guarded(
        lambda tx, _row, ticket, now: deadlines.consent_remind(
            _act(tx, ticket, now), ticket, _consent(tx, ticket), token
        )
    ),
    DeadlineType.CONSENT_EXPIRE: _guarded(
        lambda tx, _row, ticket, now: deadlines.consent_expire(
            _act(tx, ticket, now), ticket, _consent(tx, ticket)
        )
    ),
}
