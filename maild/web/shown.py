"""What a visitor sees of the desk: tickets, files, requests to decide, their company, known outages."""

from __future__ import annotations

from datetime import datetime, timedelta

from maild.mail.parse import attachment_bytes
from maild.party import entitlement
from maild.report import status_page
from maild.report.spans import month_of
from maild.store import Tx
from maild.ticket import days, prepaid
from maild.ticket.vocabulary import Severity
from maild.values import dataclass
from maild.web import forms, view
from maild.web.desk import Desk, asked_of
from maild.web.forms import SentForm
from maild.web.look import PageWords
from maild.web.visitor import Visitor, hidden_teams

#: tickets of one page
PAGE = 25


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One page of a visitor's tickets."""

    tickets: list[view.Values]
    more: bool
    outages: list[view.Values]
    approvals: list[view.Values]


@dataclass(frozen=True, slots=True)
class FileBytes:
    """An attachment as it came."""

    name: str
    content: bytes


class ShownDesk:
    """A desk as its visitors see it; each answer holds what this visitor may see and no more."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def public_outages(self, say: PageWords) -> list[view.Values]:
        """Outages that touch everybody."""
        outages = await self._desk.read(lambda tx: tx.outages.lasting())
        return [view.outage(one, say, self._desk.now()) for one in outages if not one.companies]

    async def tickets(self, visitor: Visitor, say: PageWords, *, ended: bool, page: int) -> TicketPage:
        """One page of what the visitor may see, and what waits for them."""
        now = self._desk.now()

        def look(tx: Tx) -> TicketPage:
            numbers = tx.web.tickets(
                visitor.addresses, visitor.sees_companies, hidden_teams=hidden_teams(self._desk.settings), ended=ended,
                limit=PAGE + 1, offset=page * PAGE,
            )  # fmt: skip
            tickets = tx.tickets.brief_many(numbers[:PAGE])
            cards = [view.card(tickets[n], visitor, say, now) for n in numbers[:PAGE] if n in tickets]
            outages = [view.outage(o, say, now) for o in view.touching(tx.outages.lasting(), visitor)]
            return TicketPage(cards, len(numbers) > PAGE, outages, self._approvals(tx, visitor, say))

        return await self._desk.read(look)

    def _approvals(self, tx: Tx, visitor: Visitor, say: PageWords) -> list[view.Values]:
        waiting = asked_of(tx, visitor)
        tickets = tx.tickets.brief_many([c.ticket for c in waiting])
        return [view.approval(c, tickets[c.ticket], say) for c in waiting if c.ticket in tickets]

    async def approval(self, visitor: Visitor, key: int, say: PageWords) -> view.Values | None:
        """One request that waits for the visitor's word; None for what they were not asked."""

        def look(tx: Tx) -> view.Values | None:
            consent = next((one for one in asked_of(tx, visitor) if one.id == key), None)
            return None if consent is None else view.approval(consent, tx.tickets.brief(consent.ticket), say)

        return await self._desk.read(look)

    async def ticket(self, visitor: Visitor, number: int, say: PageWords) -> view.Values | None:
        """One ticket as its page shows it; None where there is none to see."""

        def look(tx: Tx) -> view.Values | None:
            if not self._desk.sees_in(tx, visitor, number):
                return None
            linked = [tx.outages.get(key) for key in tx.outages.of_ticket(number)]
            lasting = [one for one in linked if one.resolved_at is None]
            consents = tx.consents.of_ticket(number)
            return view.page(
                tx.ticket(number), consents, lasting, visitor, self._desk.settings, say, self._desk.now()
            )

        return await self._desk.read(look)

    async def file(self, visitor: Visitor, number: int, index: int) -> FileBytes | None:
        """The bytes of an attachment of a public entry."""

        def look(tx: Tx) -> FileBytes | None:
            if not self._desk.sees_in(tx, visitor, number):
                return None
            wanted = next((f for f in view.files_of(tx.ticket(number)) if f.index == index), None)
            mail = tx.tickets.entry(wanted.entry).mail_id if wanted is not None else None
            if wanted is None or mail is None:
                return None
            attached, content = attachment_bytes(tx.inbound.raw(mail), wanted.part)
            return FileBytes(attached.name, content)

        return await self._desk.read(look)

    async def companies(self, visitor: Visitor, say: PageWords) -> list[view.Values]:
        """For reference persons: contract, people, hours of the month."""
        now = self._desk.now()

        def look(tx: Tx) -> list[view.Values]:
            keys = [m.company for m in visitor.person.memberships if "reference" in m.roles]
            return [self._company(tx, key, say, now) for key in keys]

        return await self._desk.read(look)

    def _company(self, tx: Tx, key: str, say: PageWords, now: datetime) -> view.Values:
        company = tx.companies.find(key, everybody=True)
        assert company is not None
        zone = self._desk.settings.desk.timezone
        start = month_of(days.local_day(now, zone)).moments(zone)[0]
        worked = tuple(tx.timelog.of_tickets(start, now + timedelta(minutes=1), key, over={}))
        time = [
            {"number": row.ticket, "subject": row.subject, "hours": say.number(row.minutes.billed / 60)}
            for row in worked
        ]
        billed = sum(row.minutes.billed for row in worked)
        shown = view.company(company, self._desk.settings, say)
        if prepaid.has_hours(company):
            shown["facts"] = [*shown["facts"], view.hours(tx.timelog.balance(company, now), say)]
        return {**shown, "time": time, "sum": say.number(billed / 60), "month": say.month(now)}

    async def new_page(self, visitor: Visitor, say: PageWords, given: SentForm) -> view.Values:
        """What the page of a new request shows: outages first, then the form and what is promised."""
        outages = await self._desk.read(lambda tx: tx.outages.lasting())
        form = forms.form_for(given.of("kind"), self._desk.settings, say)
        texts = {q.name: "" for q in form.fields} | {"subject": "", "text": ""}
        texts |= {name: value for name, value in given.texts().items() if name in texts}
        company = visitor.companies[0] if visitor.companies else None
        return {
            "form": form, "forms": forms.all_forms(self._desk.settings, say), "given": texts,
            "outages": [view.outage(o, say, self._desk.now()) for o in view.touching(outages, visitor)],
            "promise": self._promise(visitor, say), "oncall": view.oncall(company, visitor, say),
        }  # fmt: skip

    def _promise(self, visitor: Visitor, say: PageWords) -> str:
        for company in visitor.companies:
            level = self._desk.settings.service_levels.get(company.service_level)
            if level is None or company.standing != "active":
                continue
            hours = level.respond_hours.get(Severity.USER)
            if hours is not None and entitlement.may_file(visitor.person, company):
                severity = say(f"severity.{Severity.USER}")
                return say("new.promise", hours=say.number(hours), severity=severity)
        return ""

    async def status(self, say: PageWords) -> view.Values:
        """The page of known outages: no company is named on it."""
        now = self._desk.now()
        shown = status_page.shown(await self._desk.read(lambda tx: tx.outages.list(all=True)), now)
        return {
            "outages": [view.outage(o, say, now) for o in shown], "now": say.when(now),
            "running": any(o.resolved_at is None for o in shown),
        }  # fmt: skip

    async def feed(self) -> str:
        """JSON Feed of the same."""
        outages = await self._desk.read(lambda tx: tx.outages.list(all=True))
        return status_page.json_feed(outages, self._desk.settings.desk, self._desk.now())

    async def atom(self) -> str:
        """Atom (RFC 4287) of the same."""
        outages = await self._desk.read(lambda tx: tx.outages.list(all=True))
        return status_page.atom_feed(outages, self._desk.settings.desk, self._desk.url, self._desk.now())
