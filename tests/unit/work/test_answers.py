"""Answers that are composed in the transaction that decides: sent without a turn of the outbox's, and never lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from maild.errors import Refused, StoreBusy
from maild.model import NEW, CompanyFacts, Envelope, Notice, OpenTicket, Plan, SendNotice, TicketFacts
from maild.steps import whole
from maild.store import Applied, Tx
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import Severity, TicketKind
from maild.work import in_a_row
from maild.work.answers import AnswersAtOnce
from maild.work.ingest import Ingest
from maild.work.mails_in_progress import MailsInProgress
from maild.work.workers import WorkerPool
from tests.unit.work.desk import ANNA, Bench, answer_lost_once, bench, done_in_vain_first, nonce, notice

ANSWER = replace(notice(), auto="auto-replied")


def plan(b: Bench, *notices: Notice, hold: float = 0.0) -> Plan:
    opened = OpenTicket(TicketFacts(
        NEW, "Printer", None, ANNA.address, ANNA.name, TicketKind.INCIDENT, Severity.USER, "L1", "", Phase.RECEIVED,
        "en", b.clock.now(), "",
    ))  # fmt: skip
    return Plan((opened, *(SendNotice(one, hold_seconds=hold) for one in notices)))


async def decided(b: Bench, made: Plan) -> AnswersAtOnce:
    """As `Decider` does it; raises what the writer raises."""
    answers, now = AnswersAtOnce(b.outbox), b.clock.now()

    def job(tx: Tx) -> Applied:
        applied = tx.apply(made, now=now, signer=b.signer, nonces=nonce, claim=answers.claim)
        whole(answers.compose(tx, applied.claimed, now))
        return applied

    try:
        await b.writer.run(job)
    except BaseException:
        answers.let_go()
        raise
    answers.send()
    return answers


def states(b: Bench) -> list[tuple[str, bool]]:
    return [(row["state"], row["maybe_sent"]) for row in b.rows()]


async def test_an_answer_goes_without_a_turn_of_the_outbox(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await decided(b, plan(b, ANSWER))
        assert b.outbox.in_flight == 1
        assert states(b) == [("sending", False)]
        while b.outbox._tasks:
            await asyncio.wait(tuple(b.outbox._tasks))
        assert len(b.sender.letters) == 1
        await b.outbox.drain()
        assert states(b) == [("sent", False)]
        assert len(b.sender.letters) == 1
        with b.store.read() as tx:
            moves = [(one.old, one.new) for one in tx.outbound.get(1).events]
        assert moves == [("", "queued"), ("queued", "sending"), ("sending", "sent")]


async def test_answers_of_one_batch_go_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path) as b:
        batches: list[int] = []
        send_many = b.sender.send_many

        async def counted(letters, done):  # type: ignore[no-untyped-def]
            batches.append(len(letters))
            await send_many(letters, done)

        monkeypatch.setattr(b.sender, "send_many", counted)
        made = [await decided(b, plan(b)) for _ in range(5)]
        for number, answers in enumerate(made):
            claim = b.outbox.claim()
            now = b.clock.now()

            def job(tx: Tx, answers: AnswersAtOnce = answers, claim=claim, now=now) -> None:  # type: ignore[no-untyped-def]
                applied = tx.apply(plan(b, ANSWER), now=now, signer=b.signer, nonces=nonce, claim=claim)
                whole(answers.compose(tx, applied.claimed, now))

            await b.writer.run(job)
            assert b.outbox.in_flight == 0, number
        for answers in made:
            answers.send()
        await b.outbox.drain()
        assert batches == [5]
        assert states(b) == [("sent", False)] * 5


async def test_what_is_no_answer_or_is_due_later_waits_in_the_queue(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await decided(b, plan(b, notice()))
        await decided(b, plan(b, ANSWER, hold=60))
        assert b.outbox.in_flight == 0
        assert states(b) == [("queued", False)] * 2
        await b.outbox.drain()
        assert states(b) == [("sent", False), ("queued", False)]


@pytest.mark.parametrize("why", ["held", "full", "stopping"])
async def test_answers_wait_in_the_queue_where_nothing_can_be_sent(tmp_path: Path, why: str) -> None:
    async with bench(tmp_path) as b:
        if why == "held":
            b.outbox.held = "no route to host"
        elif why == "full":
            b.outbox._in_flight.update(range(1000, 1096))
        else:
            await b.outbox.stop()
        await decided(b, plan(b, ANSWER))
        assert states(b) == [("queued", False)]


async def test_an_answer_that_cannot_be_rendered_fails_alone_and_is_shown_to_the_agent(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as b:
        await decided(b, plan(b, replace(ANSWER, name="broken"), ANSWER))
        await b.outbox.drain()
        assert states(b) == [("failed", False), ("sent", False)]
        with b.store.read() as tx:
            (number,) = {row["ticket"] for row in b.rows()}
            assert "cannot be rendered" in tx.ticket(number).entries[-1].text


async def test_an_answer_whose_commit_nobody_knows_of_goes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        monkeypatch.setattr(b.writer, "run", answer_lost_once(b.writer.run))
        with pytest.raises(StoreBusy):
            await decided(b, plan(b, ANSWER))
        assert states(b) == [("sending", False)]
        assert b.outbox.claim() is None
        await b.outbox.drain()
        assert states(b) == [("sent", False)]
        assert len(b.sender.letters) == 1
        assert b.outbox.claim() is not None


async def test_an_answer_under_way_is_not_given_back_with_those_that_nobody_knows_of(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        answers, now = AnswersAtOnce(b.outbox), b.clock.now()

        def job(tx: Tx) -> None:
            applied = tx.apply(plan(b, ANSWER), now=now, signer=b.signer, nonces=nonce, claim=answers.claim)
            whole(answers.compose(tx, applied.claimed, now))

        await b.writer.run(job)  # committed; its decision has not heard of it yet
        b.outbox.let_go(())
        await b.outbox.drain()
        assert not b.sender.letters
        answers.send()
        await b.outbox.drain()
        assert states(b) == [("sent", False)]
        assert len(b.sender.letters) == 1


async def test_a_batch_that_is_done_again_answers_each_mail_once(tmp_path: Path) -> None:
    def bad(_tx: Tx) -> None:
        raise Refused("no")

    async with bench(tmp_path) as b:
        done = await asyncio.gather(
            decided(b, plan(b, ANSWER)), decided(b, plan(b, ANSWER)), b.writer.run(bad), decided(b, plan(b, ANSWER)),
            return_exceptions=True,
        )  # fmt: skip
        assert [isinstance(one, AnswersAtOnce) for one in done] == [True, True, False, True]
        await b.outbox.drain()
        assert states(b) == [("sent", False)] * 3
        assert len({letter.message_id for letter in b.sender.letters}) == len(b.sender.letters) == 3
        assert not b.outbox._with_decisions


def ingest_of(b: Bench, folder: Path, decided: list[int]) -> Ingest:
    return Ingest(
        b.store, b.writer, b.signer, clock=b.clock, metrics=b.metrics, nonce=nonce,
        workers=WorkerPool(b.store.settings), decided=lambda: decided.append(1), worker="w",
        in_progress=MailsInProgress(folder / "now"), outbox=b.outbox,
    )  # fmt: skip


async def accept(b: Bench) -> None:
    """A mail of a company that we know."""
    with b.store.write() as tx:
        tx.companies.save(CompanyFacts("acme", "Acme Kft.", ("acme.example",), service_level="standard"))
    raw = (
        b"From: <anna@acme.example>\r\nTo: <help@desk.example>\r\nSubject: Printer\r\n"
        b"Message-ID: <1@acme.example>\r\n\r\nIt stands.\r\n"
    )
    envelope = Envelope("smtp", b.clock.now(), "anna@acme.example", ("help@desk.example",), "192.0.2.1")
    await b.writer.run(lambda tx: tx.inbound.accept(envelope, raw, None, "0" * 64))


@pytest.mark.parametrize("twice", [False, True])
async def test_a_decided_mail_is_answered_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twice: bool
) -> None:
    async with bench(tmp_path) as b:
        kicks = list[int]()
        await accept(b)
        if twice:
            monkeypatch.setattr(b.writer, "run", done_in_vain_first(b.writer, b.store))
        await ingest_of(b, tmp_path, kicks).drain()
        assert not kicks
        assert [letter.recipients for letter in b.sender.letters] == [("anna@acme.example",)]
        await b.outbox.drain()
        assert states(b) == [("sent", False)]
        assert len(b.sender.letters) == 1


async def test_an_answer_that_was_composed_in_vain_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a decision is made once more, what it was made on may be other, and ask for no answer."""
    async with bench(tmp_path) as b:
        await accept(b)
        plans = iter((plan(b, ANSWER), plan(b)))
        monkeypatch.setattr(in_a_row, "decide", lambda *_, **__: next(plans))
        monkeypatch.setattr(b.writer, "run", done_in_vain_first(b.writer, b.store))
        await ingest_of(b, tmp_path, []).drain()
        await b.outbox.drain()
        assert next(plans, None) is None
        assert not b.sender.letters
        assert not b.outbox._with_decisions
        assert b.outbox.in_flight == 0
