"""What the page asks of the desk: reads in threads, and every act by the same ways as mail.

Over 300 lines: all that the page may ask of the desk, in one place to be checked for who sees what.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from starlette.datastructures import UploadFile

from maild.app import customer, telling
from maild.consent.decision_word import words_for
from maild.consent.wanted import token_of
from maild.errors import Refused
from maild.mail.envelope import WEB_SOURCE
from maild.mail.own_ids import Signer
from maild.mail.parse import attachment_bytes
from maild.mail.text.addresses import folded
from maild.model import NEW, AddTokens, ConsentFacts, Envelope, Mailbox, Plan, SendNotice
from maild.notice import notices
from maild.notice.web_mails import WebLink
from maild.party import entitlement
from maild.render.compose import Enclosure
from maild.render.web_mail import web_mail
from maild.report import status_page
from maild.report.spans import month_of
from maild.settings import Settings
from maild.store import Store, Tx, Writer
from maild.ticket import prepaid
from maild.ticket.phases import ConsentState, InboundState
from maild.ticket.vocabulary import Severity
from maild.web import forms, view
from maild.web.forms import SentForm
from maild.web.guard import LINKS_PER_HOUR
from maild.web.look import PageWords
from maild.web.visitor import Visitor, hashed, hidden_teams, visitor_of

T = TypeVar("T")
#: the mode of a consent in which the token alone is asked for
TOKEN = "token"
#: tickets of one page
PAGE = 25
#: so long a form waits for its mail to be decided, looking this often
PATIENCE_SECONDS, LOOK_SECONDS = 4.0, 0.05


class Accept(Protocol):
    """`work.intake.Intake.accept`"""

    def __call__(self, envelope: Envelope, raw: bytes, source_key: str | None = None) -> Awaitable[int]: ...


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

    async def _read(self, question: Callable[[Tx], T]) -> T:
        def ask() -> T:
            with self.store.read() as tx:
                return question(tx)

        return await asyncio.to_thread(ask)

    # --------------------------------------------------------------------------------------- sign-in

    async def visitor(self, cookie: str) -> Visitor | None:
        """Whose session it is. Its use is noted, now and then."""
        now = self.now()
        visitor = await self._read(partial(visitor_of, cookie=cookie, settings=self.settings, now=now))
        if visitor is not None and visitor.stale:
            await self.writer.run(lambda tx: tx.web.touch(visitor.id_hash, now))
        return visitor

    async def mail_link(self, address: str) -> None:
        """A link for a known contact who asks for not too many; nothing for anybody else."""
        wanted, now = folded(address.strip()), self.now()
        person = await self._read(lambda tx: tx.contacts.find(wanted)) if "@" in wanted else None
        if person is None:
            return
        token = self.secret()

        def write(tx: Tx) -> bool:
            if tx.web.links_since(wanted, now - timedelta(hours=1)) >= LINKS_PER_HOUR:
                return False
            tx.web.add_link(hashed(token), wanted, now)
            companies = tx.companies.cached([one.company for one in person.memberships])
            language = notices.language_of(person, next(iter(companies.values()), None), self.settings)
            content = WebLink(url=f"{self.url}/in/{token}")
            notice = notices.letter(content, NEW, (Mailbox(wanted, person.name),), language, secret=True)
            tx.apply(Plan((SendNotice(notice),)), now=now, signer=self.signer, nonces=self.nonce)
            return True

        if await self.writer.run(write):
            self.changed()

    @property
    def url(self) -> str:
        """What links begin with, without a slash at its end."""
        return (self.settings.web.url or f"http://{self.settings.web.listen}").rstrip("/")

    async def link_of(self, token: str) -> str:
        """Whose session a link could begin now, "" where it could not; looking at it uses nothing."""
        return await self._read(lambda tx: tx.web.holder(hashed(token), self.now()))

    async def sign_in(self, token: str) -> str | None:
        """Use a link up: the cookie of a new session, or None."""
        cookie, now = self.secret(), self.now()

        def write(tx: Tx) -> bool:
            address = tx.web.use_link(hashed(token), now)
            person = tx.contacts.find(address) if address else None
            if address is None or person is None:
                return False
            tx.web.sign_in(hashed(cookie), person.contact_id, address, now)
            return True

        return cookie if await self.writer.run(write) else None

    async def sign_out(self, visitor: Visitor) -> None:
        """This browser's session ends."""
        await self.writer.run(lambda tx: tx.web.sign_out(visitor.id_hash))

    # --------------------------------------------------------------------------------------- looking

    async def public_outages(self, say: PageWords) -> list[view.Values]:
        """Outages that touch everybody."""
        outages = await self._read(lambda tx: tx.outages.lasting())
        return [view.outage(one, say) for one in outages if not one.companies]

    async def sees(self, visitor: Visitor, number: int) -> bool:
        """Whether a ticket is the visitor's to see."""
        return await self._read(lambda tx: self._sees(tx, visitor, number))

    def _sees(self, tx: Tx, visitor: Visitor, number: int) -> bool:
        teams = hidden_teams(self.settings)
        return number < 2**62 and tx.web.sees(number, visitor.addresses, visitor.sees_companies, teams)

    async def tickets(self, visitor: Visitor, say: PageWords, *, ended: bool, page: int) -> TicketPage:
        """One page of what the visitor may see, and what waits for them."""
        now = self.now()

        def look(tx: Tx) -> TicketPage:
            numbers = tx.web.tickets(
                visitor.addresses, visitor.sees_companies, hidden_teams=hidden_teams(self.settings), ended=ended,
                limit=PAGE + 1, offset=page * PAGE,
            )  # fmt: skip
            tickets = tx.tickets.brief_many(numbers[:PAGE])
            cards = [view.card(tickets[n], visitor, say, now) for n in numbers[:PAGE] if n in tickets]
            outages = [view.outage(o, say) for o in view.touching(tx.outages.lasting(), visitor)]
            return TicketPage(cards, len(numbers) > PAGE, outages, self._approvals(tx, visitor, say))

        return await self._read(look)

    def _approvals(self, tx: Tx, visitor: Visitor, say: PageWords) -> list[view.Values]:
        waiting = self._asked(tx, visitor)
        tickets = tx.tickets.brief_many([c.ticket for c in waiting])
        return [view.approval(c, tickets[c.ticket], say) for c in waiting if c.ticket in tickets]

    def _asked(self, tx: Tx, visitor: Visitor) -> list[ConsentFacts]:
        """What this person was asked by mail and may decide now: they see the request, not always the ticket."""
        places = {one.company for one in visitor.person.memberships if "approver" in one.roles}
        if not places:
            return []
        mine = set(visitor.addresses)
        waiting = [c for c in tx.consents.all(ConsentState.WAITING) if mine & set(c.approvers)]
        companies = {n: t.company for n, t in tx.tickets.brief_many([c.ticket for c in waiting]).items()}
        return [c for c in waiting if companies.get(c.ticket) in places]

    async def approval(self, visitor: Visitor, key: int, say: PageWords) -> view.Values | None:
        """One request that waits for the visitor's word; None for what they were not asked."""

        def look(tx: Tx) -> view.Values | None:
            consent = next((one for one in self._asked(tx, visitor) if one.id == key), None)
            return None if consent is None else view.approval(consent, tx.tickets.brief(consent.ticket), say)

        return await self._read(look)

    async def decide(self, visitor: Visitor, key: int, yes: bool, client: str) -> bool:
        """The visitor's decision, where a token alone is asked for: a mail of theirs that answers one of ours, with a
        token of its own, judged like every other. Whether it counted."""
        now, token = self.now(), token_of(self.secret)

        def write(tx: Tx) -> ConsentFacts | None:
            consent = next((one for one in self._asked(tx, visitor) if one.id == key), None)
            if consent is None or consent.require != TOKEN:
                return None
            approver = next(one for one in visitor.addresses if one in consent.approvers)
            plan = Plan((AddTokens(consent.id, ((approver, hashed(token)),), consent.expires_at),))
            tx.apply(plan, now=now, signer=self.signer, nonces=self.nonce)
            return consent

        consent = await self.writer.run(write)
        if consent is None:
            return False
        words = words_for("en", self.settings.approval)[0 if yes else 1]
        number = consent.ticket
        ticket = await self._read(lambda tx: tx.tickets.brief(number))
        subject = f"Re: {self.settings.threading.subject_tag.format(number=number)} {ticket.subject}"
        answers = self.signer.message_id(number, token)
        mail = await self._hand_in(visitor, subject, words[0], (), client, answers=answers)
        await self._decided(mail)
        after = await self._read(lambda tx: tx.consents.get(consent.id))
        return after.state in (ConsentState.GRANTED, ConsentState.REFUSED)

    async def ticket(self, visitor: Visitor, number: int, say: PageWords) -> view.Values | None:
        """One ticket as its page shows it; None where there is none to see."""

        def look(tx: Tx) -> view.Values | None:
            if not self._sees(tx, visitor, number):
                return None
            linked = [tx.outages.get(key) for key in tx.outages.of_ticket(number)]
            lasting = [one for one in linked if one.resolved_at is None]
            consents = tx.consents.of_ticket(number)
            return view.page(tx.ticket(number), consents, lasting, visitor, self.settings, say, self.now())

        return await self._read(look)

    async def file(self, visitor: Visitor, number: int, index: int) -> FileBytes | None:
        """The bytes of an attachment of a public entry."""

        def look(tx: Tx) -> FileBytes | None:
            if not self._sees(tx, visitor, number):
                return None
            wanted = next((f for f in view.files_of(tx.ticket(number)) if f.index == index), None)
            mail = tx.tickets.entry_mail(wanted.entry) if wanted is not None else None
            if wanted is None or mail is None:
                return None
            tickets, content = attachment_bytes(tx.inbound.raw(mail), wanted.part)
            return FileBytes(tickets.name, content)

        return await self._read(look)

    async def companies(self, visitor: Visitor, say: PageWords) -> list[view.Values]:
        """For reference persons: contract, people, hours of the month."""
        now = self.now()

        def look(tx: Tx) -> list[view.Values]:
            keys = [m.company for m in visitor.person.memberships if "reference" in m.roles]
            return [self._company(tx, key, say, now) for key in keys]

        return await self._read(look)

    def _company(self, tx: Tx, key: str, say: PageWords, now: datetime) -> view.Values:
        company = tx.companies.find(key, everybody=True)
        assert company is not None
        zone = self.settings.desk.timezone
        start = month_of(prepaid.local_day(now, zone)).moments(zone)[0]
        minutes: dict[int, int] = {}
        subjects: dict[int, str] = {}
        for row in tx.timelog.report(start, now + timedelta(minutes=1), key):
            minutes[row.ticket] = row.billed_minutes
            subjects[row.ticket] = row.subject
        time = [
            {"number": n, "subject": subjects[n], "hours": say.number(total / 60)}
            for n, total in sorted(minutes.items())
        ]
        shown = view.company(company, self.settings, say)
        if prepaid.has_hours(company):
            shown["facts"] = [*shown["facts"], view.hours(tx.timelog.balance(company, now), say)]
        return {**shown, "time": time, "sum": say.number(sum(minutes.values()) / 60), "month": say.month(now)}

    # ---------------------------------------------------------------------------------------- acting

    async def reply(
        self, visitor: Visitor, number: int, text: str, files: Sequence[UploadFile], client: str
    ) -> bool:
        """The visitor's words on a ticket; whether they stand on it already."""
        ticket = await self._read(lambda tx: tx.tickets.brief(number))
        subject = f"Re: {self.settings.threading.subject_tag.format(number=number)} {ticket.subject}"
        key = await self._hand_in(visitor, subject, text, files, client, answers=ticket.root_message_id)
        return await self._decided(key) is not None

    def problem_of(self, given: SentForm, say: PageWords) -> str:
        """What is missing in a form for a new request, or ""."""
        form = forms.form_for(given.of("kind"), self.settings, say)
        if not given.of("subject").strip():
            return say("new.missing", field=say("new.subject"))
        if not given.of("text").strip():
            return say("new.missing", field=say("new.text"))
        label = forms.missing(form, given.texts())
        return say("new.missing", field=label) if label else ""

    async def new(
        self,
        visitor: Visitor,
        given: SentForm,
        say: PageWords,
        client: str,
    ) -> int | None:
        """A new request; its number, or None where it is not decided yet."""
        form = forms.form_for(given.of("kind"), self.settings, say)
        text = forms.written(form, given.texts(), given.of("text"))
        key = await self._hand_in(visitor, given.of("subject").strip()[:200], text, given.files, client)
        return await self._decided(key)

    async def _hand_in(
        self,
        visitor: Visitor,
        subject: str,
        text: str,
        files: Sequence[UploadFile],
        client: str,
        answers: str = "",
    ) -> int:
        """The visitor's words as a mail of theirs, taken in like any other: committed and synced."""
        now = self.now()
        enclosures = [
            Enclosure(f.filename or "file", f.content_type or "application/octet-stream", await f.read())
            for f in files
        ]
        message_id = f"<web.{self.secret()}@{self.settings.desk.domain}>"
        raw = await asyncio.to_thread(
            web_mail, Mailbox(visitor.address, visitor.name), self.settings.desk.address, subject, text,
            message_id=message_id, date=now, answers=answers, files=enclosures,
        )  # fmt: skip
        envelope = Envelope(WEB_SOURCE, now, visitor.address, (self.settings.desk.address,), client)
        return await self.accept(envelope, raw, f"web:{message_id}")

    async def _decided(self, key: int) -> int | None:
        """The ticket of a mail, when it is decided soon enough to be shown."""
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            mail = await self._read(lambda tx: tx.inbound.get(key).mail)
            if mail.state != InboundState.RECEIVED:
                return mail.ticket
            await asyncio.sleep(LOOK_SECONDS)
        return None

    async def close(self, visitor: Visitor, number: int) -> bool:
        """The visitor says that it is solved; False where that cannot be."""
        return await self._act(visitor, number, customer.close)

    async def reopen(self, visitor: Visitor, number: int) -> bool:
        """The visitor says that it is not solved."""
        return await self._act(visitor, number, customer.reopen)

    async def _act(self, visitor: Visitor, number: int, act: customer.CustomerAct) -> bool:
        now = self.now()

        def write(tx: Tx) -> None:
            ticket = tx.ticket(number)
            company = tx.companies.find(ticket.company) if ticket.company else None
            by = Mailbox(visitor.address, visitor.name)
            consents = tx.consents.of_ticket(number)
            plan = act(ticket, company, consents, by, self.settings, now, self.nonce)
            companies = {company.key: company} if company is not None else {}
            cause = telling.Cause(self.settings, now, visitor.address, visitor.person, companies)
            plan = telling.told(plan, {number: ticket}, cause)
            tx.apply(plan, now=now, signer=self.signer, nonces=self.nonce)

        try:
            await self.writer.run(write)
        except Refused:
            return False
        self.changed()
        return True

    async def new_page(self, visitor: Visitor, say: PageWords, given: SentForm) -> view.Values:
        """What the page of a new request shows: outages first, then the form and what is promised."""
        outages = await self._read(lambda tx: tx.outages.lasting())
        form = forms.form_for(given.of("kind"), self.settings, say)
        texts = {q.name: "" for q in form.fields} | {"subject": "", "text": ""}
        texts |= {name: value for name, value in given.texts().items() if name in texts}
        company = visitor.companies[0] if visitor.companies else None
        return {
            "form": form, "forms": forms.all_forms(self.settings, say), "given": texts,
            "outages": [view.outage(o, say) for o in view.touching(outages, visitor)],
            "promise": self._promise(visitor, say), "oncall": view.oncall(company, visitor, say),
        }  # fmt: skip

    def _promise(self, visitor: Visitor, say: PageWords) -> str:
        for company in visitor.companies:
            level = self.settings.service_levels.get(company.service_level)
            if level is None or company.standing != "active":
                continue
            hours = level.respond_hours.get(Severity.USER)
            if hours is not None and entitlement.may_file(visitor.person, company):
                severity = say(f"severity.{Severity.USER}")
                return say("new.promise", hours=say.number(hours), severity=severity)
        return ""

    # ---------------------------------------------------------------------------------------- public

    async def status(self, say: PageWords) -> view.Values:
        """The page of known outages: no company is named on it."""
        now = self.now()
        shown = status_page.shown(await self._read(lambda tx: tx.outages.list(all=True)), now)
        return {
            "outages": [view.outage(o, say) for o in shown], "now": say.when(now),
            "running": any(o.resolved_at is None for o in shown),
        }  # fmt: skip

    async def feed(self) -> str:
        """JSON Feed of the same."""
        outages = await self._read(lambda tx: tx.outages.list(all=True))
        return status_page.json_feed(outages, self.settings.desk, self.now())

    async def atom(self) -> str:
        """Atom (RFC 4287) of the same."""
        outages = await self._read(lambda tx: tx.outages.list(all=True))
        return status_page.atom_feed(outages, self.settings.desk, self.url, self.now())
