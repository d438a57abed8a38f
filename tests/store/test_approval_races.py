"""Eight answers at once give one decision: in the daemon's one writer, between connections, and from stale plans."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild import config
from maild.errors import Refused
from maild.mail.own_ids import Signer
from maild.model import AuthResult, Plan, SendNotice
from maild.settings import Settings
from maild.store import Store, Tx, Writer
from tests.consent.keys import GOOD
from tests.consent.world import populate
from tests.harness.by_hand import MailByHand
from tests.harness.mails import mail as bytes_of
from tests.shapes import shapes
from tests.timing import PATIENCE

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SIGNED = AuthResult("dmarc-pass", "dkim", "acme.example", GOOD, True)
RACERS = 8


@pytest.fixture
def desk(settings: Settings) -> Settings:
    """The database under test with the shipped configuration."""
    return replace(config.parse("", base=settings.base, env={}), database=settings.database)


def mail(sender: str, subject: str, text: str, number: int, more: str = "") -> bytes:
    return bytes_of(
        sender, subject, f"{text}\r\n", date=NOW, message_id=f"<r{number}@acme.example>", more=more
    )


class Answer:
    """A mail that was taken; `job` decides it as work/ingest does."""

    def __init__(self, store: Store, raw: bytes) -> None:
        with store.write() as tx:
            self.signer = Signer(tx.secret(), "desk.example")
            self.mail = MailByHand(tx, store.settings, self.signer, raw, NOW, "x@acme.example")
        self.mail.read()

    def plan(self, tx: Tx) -> Plan:
        return self.mail.decide(self.mail.facts(tx), SIGNED)

    def apply(self, tx: Tx, plan: Plan) -> None:
        self.mail.apply(tx, plan)

    def job(self, tx: Tx) -> str:
        plan = self.plan(tx)
        self.apply(tx, plan)
        assert plan.decision is not None
        return str(next(a.act for a in plan.decision.would if a.act in ("grant", "refuse", "hold")))


def held(store: Store) -> list[Answer]:
    """A held request, and eight answers of its two approvers, yes and no by turns."""
    with store.write() as tx:
        populate(tx)
    request = Answer(store, mail("anna@acme.example", "Share", "Please grant write access to the share.", 0))
    with store.write() as tx:
        plan = request.plan(tx)
        request.apply(tx, plan)
    sent = [c.notice for c in plan.changes if isinstance(c, SendNotice) and c.notice.token]
    with store.read() as tx:
        (row,) = tx.tickets.list()
    answers = []
    for n in range(RACERS):
        notice = sent[n % 2]
        parent = request.signer.message_id(row.number or 0, notice.token or "")
        text = "Yes" if n % 3 else "No"
        raw = mail(notice.to[0].address, f"[#{row.number}] Share", text, n + 1, f"In-Reply-To: {parent}\r\n")
        answers.append(Answer(store, raw))
    return answers


def check(store: Store, acts: list[str]) -> None:
    """One decision, its evidence, one mail about it; the others are kept as not accepted."""
    counted = Counter(acts)
    assert counted["grant"] + counted["refuse"] == 1
    with store.read() as tx:
        (consent,) = tx.consents.all()
        assert consent.state == ("granted" if counted["grant"] else "refused")
        events = Counter(r["event"] for r in shapes(tx.consents.log(consent.id)))
        assert tx.consents.verify().ok
        assert sum(t.spent_at is not None for t in consent.tokens) == 1
        sent = Counter(r["notice"] for r in shapes(tx.outbound.list(limit=None)))
        phase = tx.tickets.brief(consent.ticket).phase
    assert events[consent.state] == 1
    assert events["not_accepted"] == counted["hold"]
    assert sent["approval_result"] == 1
    assert phase == ("received" if consent.state == "granted" else "rejected")


async def test_eight_answers_in_one_writer_give_one_decision(desk: Settings) -> None:
    with Store.open(desk) as store:
        answers = held(store)
        writer = Writer(store)
        writer.start()
        try:
            acts = await asyncio.gather(*(writer.run(a.job) for a in answers))
        finally:
            await asyncio.to_thread(writer.stop)
        check(store, list(acts))


def test_eight_answers_on_eight_connections_give_one_decision(desk: Settings) -> None:
    with Store.open(desk) as store:
        answers = held(store)
        stores = [Store.open(desk) for _ in answers]
        acts: list[str] = []
        start = threading.Barrier(len(answers))

        def race(own: Store, job: Callable[[Tx], str]) -> None:
            start.wait(PATIENCE)
            with own.write() as tx:
                act = job(tx)
            acts.append(act)

        threads = [
            threading.Thread(target=race, args=(s, a.job)) for s, a in zip(stores, answers, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        for one in stores:
            one.close()
        assert len(acts) == RACERS
        check(store, acts)


def test_of_plans_made_before_anybody_decided_only_the_first_can_be_applied(desk: Settings) -> None:
    """The store itself refuses a second decision, whatever a plan says."""
    with Store.open(desk) as store:
        answers = held(store)
        with store.read() as tx:
            plans = [a.plan(tx) for a in answers]
        done = 0
        for answer, plan in zip(answers, plans, strict=True):
            try:
                with store.write() as tx:
                    answer.apply(tx, plan)
            except Refused:
                continue
            done += 1
        assert done == 1
        check(
            store,
            ["grant" if plans[0].decision and plans[0].decision.would[0].act == "grant" else "refuse"],
        )
