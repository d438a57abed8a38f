"""The desk of the consents' model: a store in memory's folder, mails and acts as the daemon and the commands do them.

Signatures are said here, not made: what they prove has its own tests. Everything else is real: parse, decide, the
acts, and a store.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from maild.app import undoable_act
from maild.app.acts import ActContext
from maild.errors import NotYet, Refused
from maild.mail.own_ids import Signer
from maild.model import AuthResult, ContactInput, Plan
from maild.store import Store, Tx
from maild.work.nonces import nonce
from tests.consent.keys import GOOD
from tests.consent.world import COMPANIES, PEOPLE, settings_for
from tests.harness.by_hand import MailByHand
from tests.harness.mails import mail

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SAID = {
    "all": AuthResult("dmarc-pass", "dkim", "x", GOOD, True),
    "thin": AuthResult("dmarc-pass", "dkim", "x", ("from", "subject", "date", "in-reply-to"), True),
    "nothing": AuthResult("none"),
    "dns": AuthResult("temperror"),
}
#: who may say yes to money; approvers of whom nothing is said approve permissions and devices
APPROVES = dict.fromkeys(("boss@acme.example", "tess@tok.example"), ("permission", "device", "quote", "cost"))
_SHM = Path("/dev/shm")

Verb = Callable[[Tx, ActContext], Plan]


@cache
def template() -> Path:
    """A desk with its companies, made once."""
    folder = _folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Store.open(settings_for(folder, "127.0.0.1:1"), create=True) as store, store.write() as tx:
        for company in COMPANIES:
            asked = company.key == "acme"
            tx.companies.save(replace(company, cost_needs_consent=asked))
        for key, address, name, roles in PEOPLE:
            if address != "chief@mail.acme.example":
                tx.contacts.save(
                    key, ContactInput((address,), name=name, roles=roles, approves=APPROVES.get(address, ()))
                )
    return folder


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="maild-model-", dir=_SHM if _SHM.is_dir() else None))


class ModelDesk:
    """One desk. Its clock is `now`, which each mail and each act moves a little."""

    def __init__(self) -> None:
        self.folder = _folder()
        self.settings = settings_for(self.folder, "127.0.0.1:1")
        shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        self.store = Store.open(self.settings)
        self.now, self._ids = START, count(1)
        with self.store.read() as tx:
            self.signer = Signer(tx.secret(), "desk.example")

    def close(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def take(
        self, raw: bytes, auth: AuthResult, mail_from: str = "x@mail.example"
    ) -> tuple[Plan | None, int | None]:
        """The plan of a mail and its ticket, as work/ingest does it: one transaction. None while it waits for DNS."""
        self.now += timedelta(seconds=1)
        with self.store.write() as tx:
            try:
                return MailByHand(tx, self.settings, self.signer, raw, self.now, mail_from).all(tx, auth)
            except NotYet:
                return None, None

    def act(self, number: int, verb: Verb, *, recorded: bool = True) -> Plan | None:
        """An act of an agent or of the clock, as the commands do it; None when it was refused."""
        self.now += timedelta(seconds=1)
        try:  # what the store refuses is rolled back, as of a command
            with self.store.write() as tx:
                ticket = tx.ticket(number)
                company = tx.companies.find(ticket.company) if ticket.company else None
                act = ActContext(
                    self.settings, self.now, "kata", company, None, tx.consents.of_ticket(number)
                )
                plan = verb(tx, act)
                if recorded:
                    plan = undoable_act.recorded(act, number, plan, facts=(ticket,))
                tx.apply(plan, now=self.now, signer=self.signer, nonces=nonce)
        except Refused:
            return None
        return plan

    def mail(self, sender: str, subject: str, text: str, *, date: datetime | None = None, more: str = "",
             to: str = "help@desk.example", kind: str = "text/plain") -> bytes:  # fmt: skip
        return mail(
            sender, subject, f"{text}\r\n", to=to, date=date or self.now, message_id=f"<m{next(self._ids)}@mail.example>",
            more=more, kind=f"{kind}; charset=utf-8",
        )  # fmt: skip

    def phases(self) -> dict[int, str]:
        """Where each ticket stands."""
        return self._pairs("SELECT number, phase FROM ticket")

    def consents(self, number: int | None = None) -> dict[int, str]:
        """The state of each consent, or of those of one ticket."""
        if number is None:
            return self._pairs("SELECT id, state FROM consent")
        return self._pairs("SELECT id, state FROM consent WHERE ticket = ?", number)

    def _pairs(self, query: str, *values: int) -> dict[int, str]:
        """As the tables hold them: asked after each step, so without what commands look up besides."""
        with self.store.engine.connect() as connection:
            return {int(key): str(value) for key, value in connection.exec_driver_sql(query, values)}
