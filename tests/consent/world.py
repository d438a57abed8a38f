"""A real daemon with two customers, their people, keys and DNS; mails by the real SMTP port."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Self, TypeVar

from maild import config
from maild.daemon import Daemon
from maild.mail.own_ids import Signer, nonce_of
from maild.model import CompanyFacts, ContactInput, Envelope, Json
from maild.settings import Imap, Settings
from maild.store import Tx
from maild.store.tables import CONSENT, CONSENT_TOKEN
from maild.work.authentication import Authenticator
from tests.consent import keys
from tests.harness.configuration import KATA, UNCAPPED, Tables, written
from tests.harness.mails import PLAIN, mail
from tests.harness.threaded_daemon import ThreadedDaemon
from tests.servers.dns import DnsServer
from tests.shapes import shape, shapes
from tests.timing import PATIENCE, came

T = TypeVar("T")
_numbers = count(1)

#: what only the request says: it may never reach an attacker
SECRET = "Zebra-4711"
RELAY = "127.0.0.2"
PEOPLE = [
    ("acme", "anna@acme.example", "Anna Kovacs", ()),
    ("acme", "boss@acme.example", "Boss Bela", ("approver", "reference")),
    ("acme", "vice@acme.example", "Vice Vera", ("approver",)),
    ("acme", "chief@mail.acme.example", "Chief Cili", ("approver",)),
    ("globex", "gina@globex.example", "Gina", ("approver",)),
    ("tok", "theo@tok.example", "Theo", ()),
    ("tok", "tess@tok.example", "Tess", ("approver",)),
]  # fmt: skip
COMPANIES = [
    CompanyFacts("acme", "Acme", (".acme.example", "acme.example"), "en", "standard"),
    CompanyFacts("globex", "Globex", ("globex.example",), "en", "standard"),
    CompanyFacts("tok", "Tok", ("tok.example",), "en", "standard", require="token"),
]


def records() -> dict[str, tuple[bytes, ...]]:
    """DNS: every domain here publishes a key `s1` and DMARC; attackers sign as themselves."""
    found: dict[str, tuple[bytes, ...]] = {}
    for domain in ("acme.example", "globex.example", "tok.example", "desk.example"):
        found[f"s1._domainkey.{domain}"] = (keys.strong().record,)
        found[f"_dmarc.{domain}"] = (b"v=DMARC1; p=reject",)
    for domain in ("evil.example", "news.acme.example", "xn--cme-7cd.example"):
        found[f"s1._domainkey.{domain}"] = (keys.strangers().record,)
    found["_dmarc.evil.example"] = (b"v=DMARC1; p=reject",)
    found["_dmarc.xn--cme-7cd.example"] = (b"v=DMARC1; p=reject",)
    found["weak._domainkey.acme.example"] = (keys.weak().record,)
    found["test._domainkey.acme.example"] = (keys.strong().record + b"; t=y",)
    found["two._domainkey.acme.example"] = (keys.strangers().record, b"about our mail", keys.strong().record)
    found["revoked._domainkey.acme.example"] = (b"v=DKIM1; p=",)
    return found


TABLES: Tables = {
    "smtp": {"max_connections_per_address": 100, "trusted_relays": {RELAY: "mx.desk.example"}},
    "guards": {"open_for": ["forms@acme.example"]},
    "server": {"http": "", "uvloop": False},
    "agent": [KATA],
}


def settings_for(folder: Path, resolver: str, most_approvals: int = 100_000) -> Settings:
    """Everything under `folder`; no cap in the way but that of approvals an hour."""
    limits = {"approvals_per_approver_per_hour": most_approvals}
    path = written(folder, UNCAPPED, TABLES, {"limits": limits, "authentication": {"resolver": resolver}})
    return config.load(path, {})


#: mailboxes whose provider's results are believed; nothing is fetched, their mails are put in as fetched
BELIEVED = (
    Imap(name="gmail", trust_results_of="mx.google.com"),
    Imap(name="m365", trust_results_of="outlook.com"),
    Imap(name="plain"),
)


def populate(tx: Tx) -> None:
    for company in COMPANIES:
        tx.companies.save(company)
    for company_key, address, name, roles in PEOPLE:
        tx.contacts.save(company_key, ContactInput((address,), name=name, roles=roles))


@dataclass
class Asked:
    """A held request: what an approver got."""

    number: int
    consent: int
    requester: str
    approver: str
    token: str
    message_id: str

    def reply(
        self,
        text: str = "Yes, approved.\r\n",
        *,
        sender: str | None = None,
        subject: str | None = None,
        date: datetime | None = None,
        more: str = "",
        parent: str | None = None,
        message_id: str = "",
        to: str = "help@desk.example",
    ) -> bytes:
        """An answer to the approval mail, unsigned. `more`: header lines at the end of the block."""
        return mail(
            sender or f"Approver <{self.approver}>",
            f"Re: [#{self.number}] Share" if subject is None else subject,
            text,
            to=to,
            date=date,
            message_id=message_id,
            parent=self.message_id if parent is None else parent,
            more=more,
            kind="" if "content-type:" in more.lower() else PLAIN,
        )


class World(ThreadedDaemon):
    """The daemon, in a thread of its own. Everything else is read from its database."""

    def __init__(self, folder: Path, dns: DnsServer, most_approvals: int = 100_000) -> None:
        self.dns = dns
        self._settings = settings_for(folder, dns.address, most_approvals)
        self.authenticator = Authenticator(replace(self.settings, imap=BELIEVED))

    @property
    def settings(self) -> Settings:
        return self._settings

    def made(self) -> Daemon:
        return Daemon(self.settings, authenticate=self.authenticator)

    async def closed(self) -> None:
        await self.authenticator.close()

    def __enter__(self) -> Self:
        super().__enter__()
        self.write(populate)
        self.signer = Signer(self.read(lambda tx: tx.secret()), "desk.example")
        return self

    def write(self, work: Callable[[Tx], T]) -> T:
        return self.daemon.writer.run_sync(work)

    # ------------------------------------------------------------------------------------ mail in

    def send(self, raw: bytes, *, mail_from: str = "x@mail.example", via: str = "smtp") -> Json:
        """Give the daemon a mail and wait for its decision. `via`: smtp, relay, or a mailbox `imap:NAME`."""
        if via.startswith("imap:"):
            envelope = Envelope(via, datetime.now(UTC))
            key = f"{via}:INBOX:1:{next(_numbers)}"
            taken = self.write(lambda tx: tx.inbound.accept(envelope, raw, key, sha256(raw).hexdigest()))
            self.loop.call_soon_threadsafe(self.daemon.ingest.kick)
        else:
            self.deliver(raw, mail_from, (RELAY, 0) if via == "relay" else None)
            taken = self.newest(raw)
        return self.decided(taken)

    def deliver(self, raw: bytes, mail_from: str, source: tuple[str, int] | None = None) -> None:
        """By the SMTP port, byte for byte."""
        with smtplib.SMTP(
            "127.0.0.1", self.port("smtp"), "mail.example", 10, source_address=source
        ) as client:
            client.ehlo()
            client.mail(mail_from)
            client.rcpt("help@desk.example")
            client.putcmd("data")
            assert client.getreply()[0] == 354
            client.send(
                re.sub(rb"(?m)^\.", b"..", raw) + (b"" if raw.endswith(b"\r\n") else b"\r\n") + b".\r\n"
            )
            code, text = client.getreply()
            assert code == 250, text

    def newest(self, raw: bytes) -> int:
        """Id of the newest mail; it is that one."""
        return int(self.read(lambda tx: shapes(tx.inbound.list(limit=1)))[0]["id"])

    def decided(self, mail: int) -> Json:
        return self.wait(lambda: self._done(mail))

    def _done(self, mail: int) -> Json | None:
        row = self.read(lambda tx: shape(tx.inbound.get(mail)))
        return row if row["state"] != "received" else None

    @staticmethod
    def wait(found: Callable[[], T | None], seconds: float = PATIENCE) -> T:
        return came(found, lambda: "it took too long", seconds)

    # ------------------------------------------------------------------------------------ requests

    def ask(
        self, company: str = "acme", *, approver: str = "", signed: bool = False, text: str = ""
    ) -> Asked:
        """A held request of that company's requester, and what `approver` got."""
        requester, who = {"acme": ("anna@acme.example", "boss@acme.example"),
                          "tok": ("theo@tok.example", "tess@tok.example")}[company]  # fmt: skip
        words = text or f"Please grant write access to the share {SECRET} for our trainee."
        raw = mail(requester, "Share", f"{words}\r\n")
        row = self.send(keys.sign(raw, requester.partition("@")[2]) if signed else raw, mail_from=requester)
        number = row["ticket"]
        consent = self.read(lambda tx: tx.consents.waiting(number))
        assert consent is not None
        return self.asked(number, consent.id, requester, approver or who)

    def asked(self, number: int, consent: int, requester: str, approver: str, notice: str = "") -> Asked:
        """The newest mail with a token that the approver got, as it was sent."""
        raw = self.wait(lambda: self.mail_to(number, approver, notice))
        found = re.search(rb"^Message-ID: (<[^>]+>)", raw, re.MULTILINE)
        assert found
        message_id = found[1].decode()
        token = nonce_of(message_id)
        assert token is not None
        assert len(token) == 26
        return Asked(number, consent, requester, approver, token, message_id)

    def mail_to(self, number: int, address: str, notice: str = "") -> bytes | None:
        rows = self.read(lambda tx: shapes(tx.outbound.list(ticket=number, limit=None)))
        for row in rows:
            wanted = row["notice"] == notice if notice else row["message_id"] is None
            if wanted and address in row["to"]:
                return self._raw(int(row["id"]))
        return None

    def _raw(self, key: int) -> bytes | None:
        found: bytes | None = self.read(lambda tx: tx.outbound.raw(key))
        return found

    def phase(self, number: int) -> str:
        return self.read(lambda tx: tx.tickets.brief(number).phase)

    def sent_to(self, address: str, since: int) -> list[bytes]:
        """Everything to an address after outgoing mail `since`, rendered."""
        ids = [row["id"] for row in self.outbound_since(since) if address in row["to"]]
        return [self.wait(partial(self._raw, key)) for key in ids]

    def outbound_since(self, since: int) -> list[Json]:
        return [r for r in self.read(lambda tx: shapes(tx.outbound.list(limit=None))) if r["id"] > since]

    @staticmethod
    def people(company: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
        return [person for person in PEOPLE if person[0] == company]

    def restore(self) -> None:
        """Everybody in their place."""

        def job(tx: Tx) -> None:
            for _, address, _, _ in PEOPLE:
                if tx.contacts.find(address) is not None:
                    tx.contacts.remove(address)
            populate(tx)

        self.write(job)

    def tickets(self) -> int:
        return len(self.read(lambda tx: tx.tickets.list(all=True)))

    def last_sent(self) -> int:
        rows = self.read(lambda tx: shapes(tx.outbound.list(limit=1)))
        return int(rows[0]["id"]) if rows else 0

    def expire(self, consent: int) -> None:
        """Its time is over, and the daemon has not noticed yet."""
        before = datetime.now(UTC) - timedelta(hours=1)

        def job(tx: Tx) -> None:
            for table, column in ((CONSENT, CONSENT.c.id), (CONSENT_TOKEN, CONSENT_TOKEN.c.consent_id)):
                tx.connection.execute(table.update().where(column == consent).values(expires_at=before))

        self.write(job)
