"""From an inbound row to a decision: order, capped mails, faults of ours, poison.

Over 300 lines: one loop, with all that may come between taking a mail and deciding it.
"""

from __future__ import annotations

import asyncio
import base64
import errno
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from maild.app import handle_mail
from maild.errors import NotYet, StoreBusy
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, CompanyFacts, Envelope, Json, Mail
from maild.settings import Authentication, Settings
from maild.store import Store, Tx, Writer
from maild.store.inbound import InboundMails
from maild.work import deciding, in_a_row, mail_steps
from maild.work import ingest as module
from maild.work.authentication import Authenticates
from maild.work.ingest import Ingest
from maild.work.mails_in_progress import MailsInProgress, Stage
from maild.work.metrics import Metrics
from maild.work.nonces import nonce
from maild.work.workers import Capped, WorkerPool
from tests.shapes import shape, shapes
from tests.timing import PATIENCE, until
from tests.unit.work.clocks import FakeClock
from tests.unit.work.desk import answer_lost_once, settings


class NoWorkers(WorkerPool):
    """Instead of a process: what a test says."""

    def __init__(self, own: Settings) -> None:
        super().__init__(own)
        self.own = own
        self.asked: list[str] = []
        self.read_bytes: list[int] = []
        self.faults: dict[str, Exception] = {}

    async def run(self, step: str, seconds: float, size: int, *arguments: Any) -> object:
        self.asked.append(step)
        if step == "read":
            self.read_bytes.append(size)
        if step in self.faults:
            raise self.faults[step]
        return getattr(mail_steps, step)(self.own, *arguments)


class Says:
    """Authentication that says what a test says."""

    settings = Settings()

    def __init__(self, judge: Callable[[Mail], Any] = lambda mail: AuthResult(), asked: bool = False) -> None:
        self._judge, self._asked = judge, asked
        self.mail: Mail | None = None

    def questions(self, mail: Mail) -> tuple[str, ...]:
        return (mail.subject,) if self._asked else ()

    def at_once(self, names: tuple[str, ...]) -> dict[str, Any] | None:
        return None

    async def answers(self, names: tuple[str, ...]) -> dict[str, Any]:
        if names == ("Printer 1",):
            await asyncio.sleep(3600)
        return {}

    def judge(self, mail: Mail, envelope: Envelope, raw: bytes, answers: Any) -> AuthResult:
        made: AuthResult = self._judge(mail)
        return made


@dataclass
class Bench:
    store: Store
    writer: Writer
    clock: FakeClock
    ingest: Ingest
    workers: NoWorkers
    kicks: list[int]
    metrics: Metrics
    in_progress: MailsInProgress

    async def accept(self, raw: bytes, sender: str = "anna@acme.example", slow: bool = False) -> int:
        envelope = Envelope("smtp", self.clock.now(), sender, ("help@desk.example",), "192.0.2.1")
        return await self.writer.run(lambda tx: tx.inbound.accept(envelope, raw, None, "0" * 64, slow=slow))

    def rows(self) -> list[Json]:
        with self.store.read() as tx:
            return shapes(tx.inbound.list()[::-1])

    def get(self, key: int) -> Json:
        with self.store.read() as tx:
            return shape(tx.inbound.get(key))


@asynccontextmanager
async def bench(folder: Path, authenticate: Authenticates | None = None, **more: Any) -> AsyncIterator[Bench]:
    store = Store.open(settings(folder, **more), create=True)
    with store.write() as tx:
        tx.companies.save(CompanyFacts("acme", "Acme Kft.", ("acme.example",), service_level="standard"))
    writer = Writer(store, wait_seconds=0.001)
    writer.start()
    clock, workers, metrics, kicks = FakeClock(), NoWorkers(store.settings), Metrics(), list[int]()
    in_progress = MailsInProgress(folder / "now")
    ingest = Ingest(
        store, writer, Signer(b"k" * 32, "desk.example"), clock=clock, metrics=metrics, nonce=nonce,
        workers=workers, decided=lambda: kicks.append(1), authenticate=authenticate, worker="w",
        in_progress=in_progress,
    )  # fmt: skip
    try:
        yield Bench(store, writer, clock, ingest, workers, kicks, metrics, in_progress)
    finally:
        writer.stop()
        store.close()


def mail(
    number: int = 1, text: str = "The printer does not print.", sender: str = "anna@acme.example"
) -> bytes:
    return (
        f"From: <{sender}>\r\nTo: <help@desk.example>\r\nSubject: Printer {number}\r\n"
        f"Message-ID: <{number}@acme.example>\r\n\r\n{text}\r\n"
    ).encode()


async def test_mails_become_tickets_in_the_order_of_their_arrival(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        for number in range(70):
            await b.accept(mail(number))
        await b.ingest.drain()
        rows = b.rows()
        assert [row["state"] for row in rows] == ["done"] * 70
        tickets = [row["ticket"] for row in rows]
        assert tickets == sorted(tickets)
        assert len(b.kicks) == 70
        assert b'maild_mails_ingested_total{kind="request"} 70.0' in b.metrics.text()


async def test_mails_whose_reading_takes_long_are_not_overtaken_by_what_arrives_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = parse_mail

    def slow(raw: bytes, **more: Any) -> Mail:
        read = parse(raw, **more)
        if read.subject in ("Printer 0", "Printer 1"):
            time.sleep(2 * module.TURN_SECONDS)
        return read

    monkeypatch.setattr(module, "parse_mail", slow)
    async with bench(tmp_path) as b:
        for number in range(6):
            await b.accept(mail(number))
        now = b.clock.now()
        works = await b.writer.run(lambda tx: tx.inbound.claim(6, now, module.LEASE, "w"))
        for batch in (works[:3], works[3:]):  # as they arrive
            b.ingest._read_arrived(batch)
        await b.ingest.drain()
        tickets = [row["ticket"] for row in b.rows()]
        assert tickets == sorted(tickets)


async def test_what_is_no_mail_goes_to_the_quarantine_with_its_reason(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        bad, good = await b.accept(b""), await b.accept(mail())
        await b.ingest.drain()
        assert b.get(bad)["state"] == "quarantined"
        assert b.get(bad)["error"]
        assert b.get(good)["state"] == "done"


async def test_unexpected_fault_puts_one_mail_into_the_quarantine_with_the_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = handle_mail.decide

    def failing(mail: Mail, *rest: Any, **more: Any) -> Any:
        if "poison" in mail.subject or "poison" in mail.text:
            raise ZeroDivisionError("boom")
        return decide(mail, *rest, **more)

    monkeypatch.setattr(in_a_row, "decide", failing)
    async with bench(tmp_path) as b:
        keys = [await b.accept(mail(n, "poison" if n == 2 else "fine")) for n in range(5)]
        await b.ingest.drain()
        assert [b.get(key)["state"] for key in keys] == ["done", "done", "quarantined", "done", "done"]
        bad = b.get(keys[2])
        assert bad["error"] == "ZeroDivisionError: boom"
        assert "in failing" in bad["traceback"]
        assert bad["from"] == "anna@acme.example"


async def test_fault_of_the_machine_while_deciding_leaves_the_mail_for_later_and_at_last_to_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*rest: Any, **more: Any) -> Any:
        raise OSError(errno.EIO, os.strerror(errno.EIO), "/usr/share/zoneinfo/Europe/Budapest")

    async with bench(tmp_path) as b:
        key = await b.accept(mail())
        with monkeypatch.context() as patch:
            patch.setattr(in_a_row, "decide", failing)
            await b.ingest.drain()
        assert b.get(key)["state"] == "received"
        assert "this machine: [Errno 5]" in b.get(key)["error"]
        await b.clock.advance(60)
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"
        stuck = await b.accept(mail(2))
        monkeypatch.setattr(in_a_row, "decide", failing)
        for _ in range(30):
            await b.ingest.drain()
            if b.get(stuck)["state"] != "received":
                break
            await b.clock.advance(600)
        assert b.get(stuck)["state"] == "quarantined"
        assert "OSError" in b.get(stuck)["error"]
        now = b.clock.now()
        await b.writer.run(lambda tx: tx.inbound.retry(stuck, now))
        await b.ingest.drain()
        assert b.get(stuck)["state"] == "received"


async def test_fault_of_the_machine_while_reading_leaves_the_mail_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [OSError(errno.EMFILE, os.strerror(errno.EMFILE))]
    parse = parse_mail

    def failing(*rest: Any, **more: Any) -> Any:
        if faults:
            raise faults.pop()
        return parse(*rest, **more)

    monkeypatch.setattr(module, "parse_mail", failing)
    async with bench(tmp_path) as b:
        key = await b.accept(mail())
        task = asyncio.create_task(b.ingest.drain())
        async with asyncio.timeout(PATIENCE):
            await b.clock.somebody_sleeps()
        assert b.get(key)["state"] == "received"
        await b.clock.advance(1)
        await task
        assert b.get(key)["state"] == "done"


async def test_quarantined_mail_can_be_retried_when_the_fault_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        with monkeypatch.context() as patch:
            patch.setattr(in_a_row, "decide", lambda *a, **k: 1 / 0)
            key = await b.accept(mail())
            await b.ingest.drain()
        assert b.get(key)["state"] == "quarantined"
        now = b.clock.now()
        await b.writer.run(lambda tx: tx.inbound.retry(key, now))
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"


async def test_our_own_passing_fault_leaves_the_mail_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [StoreBusy("the disk is full")]
    decide = handle_mail.decide

    def busy(*rest: Any, **more: Any) -> Any:
        if faults:
            raise faults.pop()
        return decide(*rest, **more)

    monkeypatch.setattr(in_a_row, "decide", busy)
    async with bench(tmp_path) as b:
        key = await b.accept(mail())
        task = asyncio.create_task(b.ingest.drain())
        async with asyncio.timeout(PATIENCE):
            await b.clock.somebody_sleeps()
        assert b.get(key)["state"] == "received"
        await b.clock.advance(1)
        await task
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"
        assert b.get(key)["attempts"] == 1


async def test_mails_whose_claim_was_committed_but_not_answered_are_taken_up_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        keys = [await b.accept(mail(number)) for number in range(3)]
        monkeypatch.setattr(b.writer, "run", answer_lost_once(b.writer.run))
        task = asyncio.create_task(b.ingest.drain())
        async with asyncio.timeout(PATIENCE):
            await b.clock.somebody_sleeps()
        await b.clock.advance(1)  # far less than the lease of a claim
        await task
        assert [(b.get(key)["state"], b.get(key)["attempts"]) for key in keys] == [("done", 1)] * 3


async def test_mail_that_could_not_be_given_back_while_a_claim_was_on_its_way_is_taken_up_at_once(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as b:
        keys: list[int] = []
        plain = b.writer.run

        async def meanwhile(*job: Any, **more: Any) -> Any:
            """The first claim, which finds nothing."""
            b.writer.run = plain  # type: ignore[method-assign]
            result = await plain(*job, **more)
            keys.append(await b.accept(mail()))
            now = b.clock.now()
            await plain(lambda tx: tx.inbound.claim(1, now, timedelta(minutes=10), "w"))
            b.ingest._claim_lost()
            return result

        b.writer.run = meanwhile  # type: ignore[method-assign]
        await b.ingest.drain()
        assert b.get(keys[0])["state"] == "received"
        await b.ingest.drain()
        assert b.get(keys[0])["state"] == "done"


def raising(fault: Exception) -> Callable[..., None]:
    def failing(*_: object, **__: object) -> None:
        raise fault

    return failing


async def test_a_mail_that_cannot_be_put_off_holds_no_slot_and_is_shown_to_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        with monkeypatch.context() as patch:
            patch.setattr(in_a_row, "decide", raising(NotYet("DNS is silent")))
            patch.setattr(InboundMails, "postpone", raising(KeyError("a fault of ours")))
            key = await b.accept(mail())
            await b.ingest.drain()
        assert b.in_progress.now == frozenset()
        assert (b.get(key)["state"], b.get(key)["from"]) == ("quarantined", "anna@acme.example")
        assert "KeyError" in b.get(key)["error"]


async def test_a_mail_that_cannot_be_given_back_holds_no_slot_and_is_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        with monkeypatch.context() as patch:
            patch.setattr(in_a_row, "decide", raising(StoreBusy("the disk is full")))
            patch.setattr(InboundMails, "release", raising(KeyError("a fault of ours")))
            key = await b.accept(mail())
            task = asyncio.create_task(b.ingest.drain())
            async with asyncio.timeout(PATIENCE):
                await b.clock.somebody_sleeps()
            patch.setattr(in_a_row, "decide", handle_mail.decide)
            await b.clock.advance(1)
            await task
        assert b.in_progress.now == frozenset()
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"


def large(number: int = 1) -> bytes:
    return mail(number, ("y" * 70 + "\r\n") * 6000)


async def test_large_mail_takes_each_step_in_a_worker_and_delays_nobody(tmp_path: Path) -> None:
    async with bench(tmp_path, Says()) as b:
        keys = [await b.accept(large(), slow=True), await b.accept(mail(2))]
        await b.ingest.drain()
        assert b.workers.asked == ["read", "verify_by", "decide_alone"]
        assert [b.get(key)["state"] for key in keys] == ["done", "done"]


def long(number: int = 1) -> bytes:
    """A text that takes long to decide and not to read."""
    return mail(number, ("y" * 500 + "\r\n") * 60)


def encoded_html(number: int = 1) -> bytes:
    """Many tags, which cannot be counted before they are decoded."""
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
    return head + mail(number, base64.encodebytes(b"<p>x" * 4000).decode())


def answer_in_html() -> bytes:
    """It may answer an approval mail, so it is read in several ways."""
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nReferences: <maild-x@desk.example>\r\n"
    return head + mail(1, "<p>x" * 2000)


def lined() -> bytes:
    return mail(1, "x\r\n" * 4000)


def addressed() -> bytes:
    return b"Cc: " + b"<a@b.example> " * 1000 + b"\r\n" + mail(1)


@pytest.mark.parametrize("dear", [long, encoded_html, answer_in_html, lined, addressed])
async def test_mail_that_grows_as_it_is_read_goes_on_in_the_slow_lane(
    tmp_path: Path, dear: Callable[[], bytes]
) -> None:
    async with bench(tmp_path) as b:
        key = await b.accept(dear())
        await b.ingest.drain()
        assert b.workers.asked == ["read", "decide_alone"]
        assert b.get(key)["state"] == "done"
        assert b.get(key)["attempts"] == 1


async def test_slow_mails_have_a_number_of_their_own_and_quick_ones_are_always_claimed(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as b:
        never, few = asyncio.Event(), 3

        async def hang(*anything: Any) -> object:
            await never.wait()
            raise Capped("at last")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(b.workers, "run", hang)
            patch.setattr(module, "BATCH", 4)
            patch.setattr(module, "QUICK_IN_FLIGHT", 8)
            patch.setattr(module, "SLOW_IN_FLIGHT", few)
            slow = [await b.accept(large(n), slow=True) for n in range(2 * module.QUICK_IN_FLIGHT)]
            for made in (long, encoded_html):  # found to be slow only when they are read
                slow += [await b.accept(made(500 + n)) for n in range(module.QUICK_IN_FLIGHT)]
            quick = [await b.accept(mail(1000 + n)) for n in range(40)]
            task = asyncio.create_task(b.ingest.run())
            async with asyncio.timeout(PATIENCE):
                while {b.get(key)["state"] for key in quick} != {"done"} or b.ingest.in_flight > few:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            assert b.ingest.in_flight == few
            assert {b.get(key)["state"] for key in slow} == {"received"}
        never.set()
        await b.ingest.stop()
        await task


async def test_capped_mail_is_used_by_its_headers(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        b.workers.faults["read"] = Capped("took too long")
        key = await b.accept(large(), slow=True)
        await b.ingest.drain()
        row = b.get(key)
        assert (row["subject"], row["from"]) == ("Printer 1", "anna@acme.example")
        assert row["state"] in ("done", "quarantined")
        assert b"maild_mails_capped_total 1.0" in b.metrics.text()


async def test_signature_that_is_too_dear_is_none(tmp_path: Path) -> None:
    async with bench(tmp_path, Says()) as b:
        b.workers.faults["verify_by"] = Capped("took too long")
        key = await b.accept(large(), slow=True)
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"
        assert b.get(key)["decision"]["sender"]["authenticated"] == "none"


async def test_decision_that_takes_too_long_is_quarantined_visibly_and_can_be_retried(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        b.workers.faults["decide_alone"] = Capped("it took more than 2 s of the processor")
        key = await b.accept(large(), slow=True)
        await b.ingest.drain()
        row = b.get(key)
        assert row["state"] == "quarantined"
        assert row["error"] == "the decision was stopped: it took more than 2 s of the processor"
        assert (row["subject"], row["from"]) == ("Printer 1", "anna@acme.example")
        b.workers.faults.clear()
        now = b.clock.now()
        await b.writer.run(lambda tx: tx.inbound.retry(key, now))
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"


async def test_decision_that_others_overtook_is_made_anew(tmp_path: Path) -> None:
    """Two long answers to one ticket at once: the second is decided on what the first one left."""
    async with bench(tmp_path) as b:
        first = await b.accept(mail(1))
        await b.ingest.drain()
        answer = large(2).replace(b"\r\n\r\n", b"\r\nIn-Reply-To: <1@acme.example>\r\n\r\n", 1)
        other = answer.replace(b"<2@acme", b"<3@acme").replace(b"Printer 2", b"Printer 3")
        keys = [await b.accept(raw, slow=True) for raw in (answer, other)]
        b.workers.asked.clear()
        await b.ingest.drain()
        assert {b.get(key)["ticket"] for key in (first, *keys)} == {b.get(first)["ticket"]}
        assert b.workers.asked.count("decide_alone") == 3


async def test_decision_that_others_overtake_for_ever_waits_a_while(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deciding, "settled", lambda facts, limits: object())
            key = await b.accept(large(), slow=True)
            await b.ingest.drain()
        assert b.workers.asked.count("decide_alone") == deciding.TRIES
        assert b.get(key)["state"] == "received"
        assert "others changed" in b.get(key)["error"]
        await b.clock.advance(60)
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"


async def test_mail_at_hand_when_the_daemon_died_is_read_in_a_worker_and_no_other(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        keys = [await b.accept(mail(n)) for n in range(3)]
        await claim_and_crash(b, tmp_path, keys, {keys[1]: Stage.LOOP})
        await b.ingest.drain()
        assert b.workers.read_bytes == [len(mail(1))]
        assert [b.get(key)["state"] for key in keys] == ["done"] * 3


@pytest.mark.parametrize("place", [Stage.LOOP, Stage.WRITER])
async def test_mail_that_keeps_taking_the_daemon_down_is_quarantined(tmp_path: Path, place: Stage) -> None:
    async with bench(tmp_path) as b:
        keys = [await b.accept(mail(n)) for n in range(3)]
        for _ in range(module.POISON):
            await claim_and_crash(b, tmp_path, keys, {keys[1]: place})
        await b.ingest.drain()
        assert [b.get(key)["state"] for key in keys] == ["done", "quarantined", "done"]
        assert "the daemon ended 3 times" in b.get(keys[1])["error"]
        assert b.workers.asked == []


async def test_mail_that_is_claimed_again_and_again_is_read_with_care(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        keys = [await b.accept(mail(n)) for n in range(2)]
        for _ in range(module.OFTEN):
            await claim_and_crash(b, tmp_path, keys, {})
        later = await b.accept(mail(7))
        await b.ingest.drain()
        assert len(b.workers.read_bytes) == 2
        assert [b.get(key)["state"] for key in (*keys, later)] == ["done"] * 3
        assert b.in_progress.blamed == {}


async def test_mail_in_progress_is_noted_until_the_mail_is_decided(tmp_path: Path) -> None:
    seen: list[set[int]] = []

    def look(mail: Mail) -> AuthResult:
        other = MailsInProgress(tmp_path / "now")
        seen.append(set(other.under_way) | {-one for one in other._at_hand})
        other.close()
        return AuthResult()

    async with bench(tmp_path, Says(look)) as b:
        key = await b.accept(mail())
        await b.ingest.drain()
        assert seen == [{key, -key}]
        b.in_progress.close()
        after = MailsInProgress(tmp_path / "now")
        assert after.under_way == frozenset()
        after.close()


async def test_clean_end_blames_nobody(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.accept(mail())
        await b.ingest.drain()
        b.in_progress.close()
        next_life = MailsInProgress(tmp_path / "now")
        with b.store.write() as tx:
            next_life.blame(tx)
        assert next_life.blamed == {}
        next_life.close()


async def claim_and_crash(b: Bench, folder: Path, keys: list[int], at_hand: dict[int, Stage]) -> None:
    """Mails are claimed and the daemon dies while it works on those of `at_hand`; the next life is `b`'s."""
    now = b.clock.now()
    await b.writer.run(lambda tx: tx.inbound.claim(32, now, timedelta(minutes=10), "w"))
    life = MailsInProgress(folder / "now")
    for key in keys:
        life.begin(key)
        life._put(key, at_hand.get(key, Stage.WAITS))
    life.close()
    life = MailsInProgress(folder / "now")
    with pytest.raises(StoreBusy), b.store.write() as tx:  # noqa: PT012  its first start comes to nothing
        _restart(life, tx)
        raise StoreBusy("the disk is full")
    life.close()
    life = MailsInProgress(folder / "now")
    await b.writer.run(partial(_restart, life))
    b.in_progress.blamed = life.blamed
    life.close()


def _restart(life: MailsInProgress, tx: Tx) -> None:
    life.blame(tx)
    tx.inbound.release_worker("w")


async def test_slow_authentication_never_delays_other_mails_and_ends_after_its_limit(tmp_path: Path) -> None:
    limit = Authentication(timeout_seconds=0.5)
    async with bench(tmp_path, Says(asked=True), authentication=limit) as b:
        slow, quick = await b.accept(mail(1)), await b.accept(mail(2))
        await asyncio.wait_for(b.ingest.drain(), PATIENCE)
        assert b.get(slow)["state"] == b.get(quick)["state"] == "done"
        assert b.get(slow)["ticket"] > b.get(quick)["ticket"]
        assert b.get(slow)["decision"]["sender"]["authenticated"] == "temperror"


async def test_what_dns_is_known_to_say_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says, judged = Says(asked=True), list[Any]()

    def judge(_mail: Mail, _envelope: Envelope, _raw: bytes, answers: Any) -> AuthResult:
        judged.append(answers)
        return AuthResult()

    monkeypatch.setattr(says, "at_once", lambda names: {"known": names} if names == ("Printer 2",) else None)
    monkeypatch.setattr(says, "judge", judge)
    async with bench(tmp_path, says) as b:
        for number in (3, 2):
            await b.accept(mail(number))
        await b.ingest.drain()
        assert [row["state"] for row in b.rows()] == ["done"] * 2
        assert sorted(judged, key=len) == [{}, {"known": ("Printer 2",)}]


async def test_failing_authentication_is_no_reason_to_lose_the_mail(tmp_path: Path) -> None:
    def fails(mail: Mail) -> AuthResult:
        raise OSError("no network")

    async with bench(tmp_path, Says(fails)) as b:
        key = await b.accept(mail())
        await b.ingest.drain()
        assert b.get(key)["state"] == "done"
        assert b.get(key)["decision"]["sender"]["authenticated"] == "temperror"


async def test_same_mail_twice_is_one_ticket(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        keys = [await b.accept(mail(1)), await b.accept(mail(1))]
        await b.ingest.drain()
        assert [b.get(key)["state"] for key in keys] == ["done", "duplicate"]
        assert b.get(keys[1])["duplicate_of"] == keys[0]


async def test_stop_waits_for_a_claim_on_its_way_and_for_what_it_brings(tmp_path: Path) -> None:
    """The mail was answered 250 a moment before the end: it is decided, and nothing that it needs is closed before."""
    async with bench(tmp_path) as b:
        key = await b.accept(mail())
        claimed, held = asyncio.Event(), asyncio.Event()
        plain = b.writer.run

        async def held_back(*job: Any, **more: Any) -> Any:
            result = await plain(*job, **more)
            if not claimed.is_set():
                claimed.set()
                await held.wait()
            return result

        b.writer.run = held_back  # type: ignore[method-assign]
        loop = asyncio.create_task(b.ingest.run())
        await claimed.wait()
        stopping = asyncio.create_task(b.ingest.stop())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not stopping.done()
        held.set()
        await stopping
        assert b.in_progress.now == frozenset()
        b.in_progress.close()
        await loop
        assert b.get(key)["state"] == "done"


async def test_running_loop_takes_what_it_is_kicked_for_and_stops_cleanly(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        task = asyncio.create_task(b.ingest.run())
        await asyncio.sleep(0.02)
        key = await b.accept(mail())
        b.ingest.kick()
        await until(lambda: b.get(key)["state"] == "done")
        await b.ingest.stop()
        await asyncio.wait_for(task, PATIENCE)
        assert b.get(key)["state"] == "done"
