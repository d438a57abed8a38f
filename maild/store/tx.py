"""One transaction with all its parts: `tx.inbound`, `tx.tickets`, `tx.facts(...)`, `tx.apply(...)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from maild.model import Facts, LookupKeys, Mail, Plan, TicketFacts
from maild.settings import Settings
from maild.store.acts import Acts
from maild.store.alerts import AlertMails
from maild.store.apply import Applied, Applying, IdSigner, Repositories
from maild.store.blobs import Blobs
from maild.store.canned import CannedTexts
from maild.store.companies import Companies
from maild.store.consents import Consents
from maild.store.contacts import Contacts
from maild.store.core import Caches, Transaction
from maild.store.counters import Counters
from maild.store.deadlines import Deadlines
from maild.store.due_work import Due, due_work
from maild.store.erase import Eraser, Scrub
from maild.store.facts import LookUp
from maild.store.hooks import HookQueue
from maild.store.ids import KnownKeys
from maild.store.imapstate import ImapStates
from maild.store.large import LargeMails
from maild.store.lists import TicketLists
from maild.store.mails_in import MailsIn
from maild.store.mails_out import MailsOut
from maild.store.outages import Outages
from maild.store.packing import Packing
from maild.store.processes import Processes
from maild.store.queue_rows import WholeQueue
from maild.store.retention import OldData
from maild.store.rows import Claim, ErasureReport
from maild.store.search import Search
from maild.store.seen import SeenTickets
from maild.store.timelog import TimeLog
from maild.store.web import WebAccess


class Tx(Transaction):
    """An open transaction, made by `Store.write` and `Store.read`."""

    def __init__(
        self, connection: Connection, settings: Settings, caches: Caches, large: LargeMails, *, process: str = "",
        concurrent: bool = False, begin: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(connection, settings, caches, process=process, concurrent=concurrent, begin=begin)
        self.inbound = MailsIn(self, large)
        self.outbound = MailsOut(self)
        self.contacts = Contacts(self)
        self.companies = Companies(self, self.contacts)
        self.consents = Consents(self)
        self.outages = Outages(self)
        self.deadlines = Deadlines(self)
        self.timelog = TimeLog(self)
        self.ids = KnownKeys(self)
        self.counters = Counters(self)
        self.tickets = TicketLists(self, self.outages)
        self.imap = ImapStates(self)
        self.blobs = Blobs(self)
        self.hooks = HookQueue(self)
        self.processes = Processes(self)
        self.search = Search(self)
        self.seen = SeenTickets(self)
        self.canned = CannedTexts(self)
        self.web = WebAccess(self)
        self.alerts = AlertMails(self)
        self.packing = Packing(self)
        self.acts = Acts(self, self.timelog)

    def facts(self, keys: LookupKeys, now: datetime, *, inbound_id: int | None = None) -> Facts:
        """All that app/ may know for one mail."""
        return LookUp(self).facts(keys, now, inbound_id)

    def apply(
        self, plan: Plan, *, now: datetime, signer: IdSigner, nonces: Callable[[], str],
        inbound_id: int | None = None, mail: Mail | None = None, claim: Claim | None = None,
    ) -> Applied:  # fmt: skip
        """Write everything that a mail or an act causes. Refused when a state forbids it: roll back then.

        `mail` is the parsed form of the inbound mail `inbound_id`; its From, Subject, ids and attachments
        are noted. With a `claim` its answers are the caller's, who composes them in this very transaction.
        """
        parts = Repositories(
            self, self.tickets, self.inbound, self.outbound, self.ids, self.counters, self.consents, self.contacts,
            self.companies, self.deadlines, self.outages, self.timelog, self.acts, self.hooks,
        )  # fmt: skip
        return Applying(parts, now, signer, nonces, inbound_id, mail, claim).apply(plan)

    def due(self, now: datetime) -> Due:
        """What a look into the queues finds."""
        return due_work(self, now)

    @property
    def queue(self) -> WholeQueue:
        """What verbs read that show the queue or a ticket."""
        return WholeQueue(self)

    @property
    def retention(self) -> OldData:
        """What is old enough to go."""
        return OldData(self)

    def ticket(self, number: int) -> TicketFacts:
        """A ticket with its entries. NotFound."""
        return self.tickets.get(number)

    def erase(self, address: str, now: datetime, agent: str, retain_days: int, scrub: Scrub) -> ErasureReport:
        """Remove a person's data; says what was kept as evidence of consents, and until when. `scrub` takes the
        person out of what others wrote on tickets that they took part in."""
        return Eraser(self).erase(address, now, agent, retain_days, scrub)

    def clock_was_set_back(self, now: datetime, longest_pause: timedelta) -> None:
        """What was to be tried again at a moment that is far ahead now is tried at once."""
        for queue in (self.inbound, self.outbound, self.hooks):
            queue.try_at_once(now, longest_pause)

    def housekeeping(self, now: datetime, entries: int = 200) -> int:
        """Drop old counters, bring the full-text index forward; pack old mails; how many rows that took."""
        self.counters.forget_old(now)
        self.web.forget_old(now)
        self.hooks.forget_old(now)
        self.acts.forget_old(now)
        return self.search.index(entries) + self.packing.pack(now, entries)
