"""CPU microseconds a mail in the store: accept, claim, facts, apply, outbox claim, save and record, in batches.

`python bench/store_hot_path.py [MAILS] [postgresql://...]`. Every mail is a new request of a new sender, with
an acknowledgement, so nothing is served from a cache.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from maild.model import (
    NEW,
    ActKind,
    AddEntry,
    AddParticipant,
    CompanyFacts,
    DecidedTicket,
    Decision,
    Envelope,
    LookupKeys,
    Mail,
    Mailbox,
    Notice,
    OpenTicket,
    Plan,
    Reason,
    Sender,
    SendNotice,
    SetDeadline,
    Threading,
    TicketAct,
    TicketFacts,
)
from maild.settings import Database, Settings
from maild.store import Delivery, Store
from maild.store.driver import sqlite_driver
from maild.ticket.phases import OutboundState, Phase
from maild.ticket.vocabulary import DeadlineType, EntryType, Severity, TicketKind

BATCH = 32
TEXT = (
    "Dear help desk,\n\n"
    + "the printer on the second floor prints every page twice since this morning.\n" * 12
)
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class Signer:
    def root_id(self, number: int) -> str:
        return f"<maild.{number}.root@desk.example>"

    def message_id(self, number: int, nonce: str) -> str:
        return f"<maild.{number}.{nonce}@desk.example>"


def mail_of(i: int) -> Mail:
    box = Mailbox(f"anna{i}@acme{i % 50}.example", "Kovács Anna")
    return Mail(
        sha256="", size=2048, headers=(), raw_headers=b"", message_id=f"<{i}.abc@acme.example>", in_reply_to=(),
        references=(), thread_index=None, froms=(box,), sender=box, sender_defect=None, to=(), cc=(), reply_to=(),
        subject=f"Printer {i}", date=NOW, text=TEXT, new_text=TEXT, elided="", new_text_confidence=1.0,
        language="en", attachments=(), fingerprint=f"fp{i}", content_type="text/plain",
    )  # fmt: skip


def plan_of(mail: Mail) -> Plan:
    assert mail.sender is not None
    address = mail.sender.address
    notice = Notice(
        "received", NEW, (mail.sender,), "en",
        {"subject": mail.subject, "phase": "received", "kind": "incident", "severity": "user", "text": TEXT,
         "requester": {"name": mail.sender.name, "address": address, "phone": ""}, "timezone": "Europe/Budapest",
         "promise": {"respond_by": "2026-11-03T08:30:00+00:00", "received_at": "2026-11-02T09:30:00+00:00"},
         "history": [{"at": "2026-11-02T09:30:00+00:00", "type": "mail", "author": address, "text": TEXT}]},
        auto="auto-replied", null_sender=True, in_reply_to=mail.message_id, references=(mail.message_id or "",),
        counted=True,
    )  # fmt: skip
    return Plan(
        changes=(
            OpenTicket(TicketFacts(
                NEW, mail.subject, "acme", address, mail.sender.name, TicketKind.INCIDENT, Severity.USER, "L1", "",
                Phase.RECEIVED, "en", NOW, "", respond_by=NOW + timedelta(hours=8),
            )),
            AddEntry(NEW, EntryType.MAIL, address, "mail", TEXT, True, full_text=TEXT, from_mail=True),
            AddParticipant(NEW, address, mail.sender.name, "from"),
            SetDeadline(DeadlineType.RESPOND_BREACH, NEW, NOW + timedelta(hours=8)),
            SendNotice(notice),
        ),
        decision=Decision(
            "request", (Reason("request", "no guard spoke"),),
            Sender(address, mail.sender.name, "domain", company="acme"), Threading(None, None, "new"),
            ticket=DecidedTicket(
                TicketKind.INCIDENT, Severity.USER, "L1", "", "acme", "en", Phase.RECEIVED, NOW, NOW, "", "office", False
            ),
            would=(TicketAct(ActKind.OPEN, None),),
        ),
        inbound_ticket=NEW,
    )  # fmt: skip


def run(store: Store, count: int) -> dict[str, float]:
    signer, lease = Signer(), timedelta(minutes=5)
    spent = dict.fromkeys(("accept", "claim", "facts", "apply", "outbox claim", "save", "record"), 0.0)

    def clock(name: str, since: float) -> float:
        now = time.process_time()
        spent[name] += now - since
        return now

    raw = (b"From: anna@acme.example\r\nSubject: Printer\r\n\r\n" + TEXT.encode())[:2048]
    body = raw * 3
    for start in range(0, count, BATCH):
        t = time.process_time()
        with store.write() as tx:
            for i in range(start, start + BATCH):
                tx.savepoint()
                content = raw + str(i).encode()
                tx.inbound.accept(Envelope("smtp", NOW, "anna@acme.example", ("help@desk.example",), "10.0.0.1"),
                                  content, None, sha256(content).hexdigest())  # fmt: skip
                tx.release()
        t = clock("accept", t)
        with store.write() as tx:
            works = tx.inbound.claim(BATCH, NOW, lease, "bench")
        t = clock("claim", t)
        mails = [mail_of(work.id) for work in works]
        plans = [plan_of(mail) for mail in mails]
        t = time.process_time()
        with store.write() as tx:
            for work, mail, plan in zip(works, mails, plans, strict=True):
                tx.savepoint()
                assert mail.sender is not None
                keys = LookupKeys(
                    mail.sender.address, (mail.sender.address, "help@desk.example"), (), mail.message_id, (),
                    (), mail.fingerprint,
                )  # fmt: skip
                tx.facts(keys, NOW, inbound_id=work.id)
                t = clock("facts", t)
                tx.apply(plan, now=NOW, signer=signer, nonces=lambda: "nonce", inbound_id=work.id, mail=mail)
                tx.release()
                t = clock("apply", t)
        t = clock("apply", t)
        with store.write() as tx:
            out = tx.outbound.claim(BATCH, NOW, "bench", lease)
        t = clock("outbox claim", t)
        with store.write() as tx:
            for one in out:
                tx.savepoint()
                tx.outbound.save_bytes(one.id, body, "")
                tx.release()
        t = clock("save", t)
        with store.write() as tx:
            for one in out:
                tx.savepoint()
                tx.outbound.record(
                    one.id, [Delivery(one.to[0].address, "sent", "250 ok")], state=OutboundState.SENT, now=NOW
                )
                tx.release()
        clock("record", t)
    return {name: seconds / count * 1e6 for name, seconds in spent.items()}


def yardstick(folder: str, count: int, name: str = "yardstick") -> float:
    """The driver alone, 5 small INSERTs and 3 SELECTs a mail in the same batches: what this machine can do now."""
    connection = sqlite_driver().connect(f"{folder}/{name}.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    for i in range(5):
        connection.execute(f"CREATE TABLE t{i} (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, c TEXT)")
    begun = time.process_time()
    for start in range(0, count, BATCH):
        connection.execute("BEGIN IMMEDIATE")
        for i in range(start, start + BATCH):
            for table in range(5):
                values = (TEXT[:400], i, "short")
                connection.execute(f"INSERT INTO t{table} (a, b, c) VALUES (?, ?, ?)", values)  # noqa: S608
            for table in range(3):
                connection.execute(f"SELECT a, b FROM t{table} WHERE id = ?", (i,)).fetchone()  # noqa: S608
        connection.execute("COMMIT")
    connection.close()
    return (time.process_time() - begun) / count * 1e6


def main(count: int, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings(), database=Database(url=url or f"sqlite:///{folder}/bench.db"))
        with Store.open(settings, create=True) as store:
            with store.write() as tx:
                for i in range(50):
                    tx.companies.save(CompanyFacts(f"acme{i}", f"Acme {i}", domains=(f"acme{i}.example",)))
            run(store, BATCH * 4)
            found = run(store, count)
            print(f"{store.engine_name}, {count} mails in batches of {BATCH}: CPU us a mail")
            for name, value in found.items():
                print(f"  {name:14}{value:8.1f}")
            print(f"  {'together':14}{sum(found.values()):8.1f}")
            print(f"  yardstick (the driver alone, 5 INSERTs and 3 SELECTs): {yardstick(folder, count):.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3200, sys.argv[2] if len(sys.argv) > 2 else "")
