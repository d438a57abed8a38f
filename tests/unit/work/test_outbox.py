"""The outbox: what each answer of the relay makes of a mail, and what a crash leaves.

Over 300 lines: one loop, with all that may become of a letter.
"""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from maild.errors import Refused
from maild.send.letter import Done, Letter, RecipientResult, SendResult
from maild.settings import DeliverySettings
from maild.store.driver import sqlite_driver
from maild.store.outbound import OutboundMails
from maild.work.outbox import LEASE
from tests.shapes import shapes
from tests.timing import PATIENCE, until
from tests.unit.work.desk import ANNA, BEA, Bench, answer_lost_once, bench, notice


def result(*rows: tuple[str, str, str], ambiguous: bool = False) -> SendResult:
    return SendResult(tuple(RecipientResult(*row) for row in rows), ambiguous=ambiguous)  # type: ignore[arg-type]


async def test_mail_is_rendered_once_sent_and_recorded(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        await b.outbox.drain()
        (row,) = b.rows()
        assert (row["state"], row["answer"], row["subject"]) == ("sent", "250 ok", "about received")
        assert b.sender.letters[0].recipients == (ANNA.address,)
        with b.store.read() as tx:
            assert tx.outbound.raw(row["id"]) == b.sender.letters[0].raw


async def test_everything_that_waits_goes_out_in_batches(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        for _ in range(5):
            await b.ticket(*(notice() for _ in range(20)))
        await b.outbox.drain()
        assert {row["state"] for row in b.rows()} == {"sent"}
        assert len({letter.key for letter in b.sender.letters}) == len(b.sender.letters) == 100


async def test_deferred_mail_goes_out_after_a_minute_with_the_same_bytes(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        b.sender.results = ["temporary"]
        await b.outbox.drain()
        assert b.rows()[0]["state"] == "queued"
        await b.later(seconds=59)
        assert len(b.sender.letters) == 1
        await b.later(seconds=1)
        assert b.rows()[0]["state"] == "sent"
        assert b.rows()[0]["attempts"] == 2
        first, second = b.sender.letters
        assert first.raw == second.raw
        assert not first.again
        assert second.again


async def test_only_the_deferred_recipient_is_tried_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice("received", ANNA, BEA))
        b.sender.results = [
            result((ANNA.address, "sent", "250 ok"), (BEA.address, "temporary", "450 4.2.1 greylisted"))
        ]
        await b.outbox.drain()
        await b.later(minutes=1)
        assert [letter.recipients for letter in b.sender.letters] == [
            (ANNA.address, BEA.address), (BEA.address,),
        ]  # fmt: skip
        assert b.rows()[0]["state"] == "sent"


async def test_recipient_refused_for_good_is_shown_to_the_agent_and_the_other_still_got_it(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket(notice("received", ANNA, BEA))
        b.sender.results = [
            result((ANNA.address, "sent", "250 ok"), (BEA.address, "permanent", "550 5.7.1 not wanted"))
        ]
        await b.outbox.drain()
        with b.store.read() as tx:
            entry = tx.ticket(number).entries[-1]
        assert not entry.public
        assert "bea@acme.example: 550 5.7.1 not wanted" in entry.text
        assert b.rows()[0]["state"] == "sent"
        assert [r["state"] for r in b.rows()[0]["recipients"]] == ["sent", "failed"]


async def test_nobody_reached_is_failed_and_not_tried_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        b.sender.results = [result((ANNA.address, "permanent", "550 5.1.1 no such user"))]
        await b.outbox.drain()
        await b.later(days=5)
        assert b.rows()[0]["state"] == "failed"
        assert len(b.sender.letters) == 1


@pytest.mark.slow("a hundred attempts")
async def test_deferred_for_four_days_is_failed_and_shown_to_the_agent(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket(notice())
        b.sender.results = ["temporary"] * 500
        await b.outbox.drain()
        for _ in range(102):
            await b.later(hours=1)
        assert b.rows()[0]["state"] == "failed"
        assert 95 <= len(b.sender.letters) <= 105
        with b.store.read() as tx:
            assert "given up after 4 days" in tx.ticket(number).entries[-1].text


async def test_lost_answer_is_retried_with_the_same_bytes_and_marked(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        b.sender.results = [result((ANNA.address, "temporary", "connection lost"), ambiguous=True)]
        await b.outbox.drain()
        assert b.rows()[0]["maybe_sent"]
        await b.later(minutes=1)
        assert b.sender.letters[0].raw == b.sender.letters[1].raw
        assert b.rows()[0]["state"] == "sent"


async def test_unreachable_relay_holds_everything_without_counting_attempts(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(*(notice() for _ in range(40)))
        b.sender.down = "the relay refuses the connection"
        await b.outbox.drain()
        assert b.outbox.held == "the relay refuses the connection"
        assert {(row["state"], row["attempts"]) for row in b.rows()} == {("queued", 0)}
        b.sender.down = ""
        await b.outbox.drain()
        assert b.outbox.held == ""
        assert {(row["state"], row["attempts"]) for row in b.rows()} == {("sent", 1)}


async def test_held_outbox_probes_after_1_2_4_seconds_and_goes_on(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        b.sender.down = "down"
        task = asyncio.create_task(b.outbox.run())

        def reached(probes: int) -> bool:
            return b.sender.probes == probes

        await until(lambda: 1.0 in b.clock.slept)
        for probes, seconds in ((1, 1), (2, 2), (3, 4)):
            await b.clock.advance(seconds)
            await until(partial(reached, probes))
        await until(lambda: 8.0 in b.clock.slept)
        b.sender.down = ""
        await b.clock.advance(8)
        await until(lambda: b.rows()[0]["state"] == "sent")
        await b.outbox.stop()
        await task


async def test_an_agents_word_now_ends_the_wait_for_the_next_probe(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        b.sender.down = "down"
        task = asyncio.create_task(b.outbox.run())

        await until(lambda: 1.0 in b.clock.slept)
        assert b.rows()[0]["state"] == "queued"
        for _ in range(3):  # what the watch does while something is due
            b.outbox.kick()
            await asyncio.sleep(0.01)
        assert b.sender.probes == 0
        with b.store.write() as tx:
            assert tx.outbound.retry_all(b.clock.now()) == 1
        b.sender.down = ""
        b.outbox.kick()
        await until(lambda: b.rows()[0]["state"] == "sent")
        assert b.sender.probes == 1
        await b.outbox.stop()
        await task


async def test_what_comes_back_while_everything_is_held_is_queued_at_once(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice(), notice())
        late = asyncio.Event()
        many = b.sender.send_many

        async def one_by_one(letters: Sequence[Letter], done: Done) -> None:
            await many(letters[:1], done)
            await late.wait()
            await many(letters[1:], done)

        b.sender.send_many = one_by_one  # type: ignore[method-assign]
        b.sender.down = "down"
        task = asyncio.create_task(b.outbox.run())
        await until(lambda: 1.0 in b.clock.slept)
        late.set()
        await until(lambda: [row["state"] for row in b.rows()] == ["queued", "queued"])
        assert [row["state"] for row in b.rows()] == ["queued", "queued"]
        assert b.sender.probes == 0
        await b.outbox.stop()
        await task


async def test_mail_that_cannot_be_rendered_fails_alone_and_is_shown_to_the_agent(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket(notice(), notice("broken"), notice())
        await b.outbox.drain()
        assert [row["state"] for row in b.rows()] == ["sent", "failed", "sent"]
        with b.store.read() as tx:
            assert "cannot be rendered" in tx.ticket(number).entries[-1].text


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.EIO, os.strerror(errno.EIO), "templates/en/received.j2"),
        OperationalError("SELECT blob", {}, sqlite_driver().OperationalError("disk I/O error")),
    ],
    ids=["file", "database"],
)
async def test_mail_that_the_machine_cannot_render_now_waits_like_one_that_the_relay_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())

        def failing(*_: object) -> None:
            raise fault

        with monkeypatch.context() as patch:
            patch.setattr(b.outbox._mails, "_compose", failing)
            await b.outbox.drain()
        assert [(row["state"], row["attempts"]) for row in b.rows()] == [("queued", 1)]
        assert "this machine: " in b.rows()[0]["answer"]
        assert str(fault) in b.rows()[0]["answer"]
        await b.clock.advance(120)
        await b.outbox.drain()
        assert b.rows()[0]["state"] == "sent"


async def test_rows_left_by_a_crash_are_sent_again_with_the_same_bytes(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        (work,), _, _ = await b.writer.run(
            lambda tx: b.outbox._job(tx, 32)  # claimed and rendered, then the daemon died
        )
        now = b.clock.now()
        await b.writer.run(lambda tx: tx.outbound.release_worker("w", now, maybe_sent=True))
        await b.outbox.drain()
        assert b.sender.letters[0].raw == work.raw
        assert b.sender.letters[0].again
        assert b.rows()[0]["state"] == "sent"


async def test_mails_whose_claim_was_committed_but_not_answered_go_out_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        for _ in range(3):
            await b.ticket(notice())
        monkeypatch.setattr(b.writer, "run", answer_lost_once(b.writer.run))
        task = asyncio.create_task(b.outbox.drain())
        async with asyncio.timeout(PATIENCE):
            await b.clock.somebody_sleeps()
        await b.clock.advance(1)  # far less than the lease of a claim
        await task
        assert [(row["state"], row["maybe_sent"]) for row in b.rows()] == [("sent", False)] * 3


async def test_claim_of_another_daemon_is_taken_over_when_its_lease_is_over(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        now = b.clock.now()
        await b.writer.run(lambda tx: tx.outbound.claim(32, now, "other", LEASE))
        await b.later(minutes=1)
        assert b.sender.letters == []
        later = now + LEASE + timedelta(seconds=1)
        await b.writer.run(lambda tx: tx.outbound.release_stale(later))
        await b.later(minutes=31)
        assert len(b.sender.letters) == 1


@pytest.mark.parametrize(
    ("null_sender", "setting", "verp", "expected"),
    [
        (True, "auto", True, ""),
        (True, "always", False, ""),
        (True, "never", False, "help@desk.example"),
        (False, "auto", False, "help@desk.example"),
    ],
)
async def test_envelope_sender_follows_the_kind_of_mail(
    tmp_path: Path, null_sender: bool, setting: str, verp: bool, expected: str
) -> None:
    delivery = DeliverySettings(null_sender=setting, verp=verp)
    async with bench(tmp_path, delivery=delivery) as b:
        await b.ticket(notice(null_sender=null_sender))
        await b.outbox.drain()
        assert b.sender.letters[0].mail_from == expected


async def test_verp_address_is_signed_and_names_the_ticket(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket(notice(), notice(null_sender=True))
        await b.outbox.drain()
        status, answer = b.sender.letters
        assert status.mail_from.startswith(f"bounce+{number}.")
        assert b.signer.verify_reply_address(status.mail_from) == number
        assert answer.mail_from == ""
        assert answer.fallback_from == status.mail_from


async def test_address_that_does_not_exist_is_marked(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        b.sender.results = [result((ANNA.address, "permanent", "550 5.1.1 no such user"))]
        await b.outbox.drain()
        with b.store.read() as tx:
            assert [row["address"] for row in shapes(tx.contacts.bounced())] == [ANNA.address]


async def test_counts_stand_in_the_metrics(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice(), notice())
        b.sender.results = ["sent", "temporary"]
        await b.outbox.drain()
        text = b.metrics.text()
    assert b"maild_recipients_sent_total 1.0" in text
    assert b"maild_recipients_deferred_total 1.0" in text


async def test_what_is_claimed_while_the_daemon_stops_is_sent_and_recorded(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        running = asyncio.create_task(b.outbox.run())
        await asyncio.sleep(0)  # its first turn has asked for mails, and has no answer yet
        await b.outbox.stop()
        await running
        assert [(row["state"], row["maybe_sent"]) for row in b.rows()] == [("sent", False)]


async def test_results_alone_are_recorded_without_a_look_for_what_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    real = OutboundMails.claim

    def counted(mails: OutboundMails, *how: Any) -> Any:
        looks.append(1)
        return real(mails, *how)

    monkeypatch.setattr(OutboundMails, "claim", counted)
    async with bench(tmp_path) as b:
        await b.ticket(*(notice() for _ in range(3)))
        running = asyncio.create_task(b.outbox.run())
        await until(lambda: {row["state"] for row in b.rows()} == {"sent"})
        assert len(looks) == 1
        b.sender.results = ["permanent"]
        number = await b.ticket(notice())
        b.outbox.kick()
        await until(lambda: "failed" in {row["state"] for row in b.rows()})
        await until(
            lambda: len(looks) == 3
        )  # one for the kick, one since somebody may be told of the failure
        with b.store.read() as tx:
            assert "could not be delivered" in tx.ticket(number).entries[-1].text
        await b.outbox.stop()
        await running


def broken(*_: object, **__: object) -> None:
    raise KeyError("a fault of ours")


async def ended(b: Bench) -> BaseException | None:
    """The loop until it ends by itself, and why it did."""
    running = asyncio.create_task(b.outbox.run())
    await asyncio.wait((running,), timeout=PATIENCE)
    return running.exception()


async def test_fault_in_what_follows_of_one_answer_keeps_no_result_from_being_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these mails may go again, now or when a lease is over."""
    async with bench(tmp_path) as b:
        await b.ticket(*(notice() for _ in range(3)))
        b.sender.results = ["sent", "permanent", "sent"]
        monkeypatch.setattr(b.outbox._mails, "_tell_agent", broken)
        assert isinstance(await ended(b), KeyError)
        assert [row["state"] for row in b.rows()] == ["sent", "failed", "sent"]
        assert b.rows()[1]["answer"] == "450 4.2.0 later"
        assert b.outbox.in_flight == 0
        monkeypatch.undo()
        await b.ticket(notice())
        await b.outbox.drain()  # the loop that is begun again
        assert b.rows()[-1]["state"] == "sent"
        assert len(b.sender.letters) == 4


async def test_what_follows_of_an_answer_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused in the middle of it is no claim that was over."""

    def refused(*_: object, **__: object) -> None:
        raise Refused("the ticket says no")

    async with bench(tmp_path) as b:
        ticket = await b.ticket(notice())
        b.sender.results = [result((ANNA.address, "permanent", "550 5.1.1 no such user"))]
        monkeypatch.setattr("maild.store.contacts.Contacts.mark_bounced", refused)
        assert isinstance(await ended(b), Refused)
        assert b.rows()[0]["state"] == "failed"
        assert b.outbox.in_flight == 0
        with b.store.read() as tx:
            assert not [one for one in tx.tickets.entries(ticket) if "could not be delivered" in one.text]
        assert b.metrics.failed._value.get() == 1


async def test_fault_in_a_look_for_what_is_due_keeps_no_result_from_being_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(*(notice() for _ in range(2)))
        await b.outbox._turn()
        await asyncio.wait(tuple(b.outbox._tasks))
        monkeypatch.setattr("maild.work.outbox.bundle_alerts", broken)
        b.outbox.kick()
        assert isinstance(await ended(b), KeyError)
        assert [row["state"] for row in b.rows()] == ["sent"] * 2
        assert b.outbox.in_flight == 0


async def test_a_fault_in_the_last_turn_leaves_no_relay_connected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b:
        closed: list[int] = []
        await b.ticket(notice())
        b.sender.results = ["permanent"]
        await b.outbox._turn()
        await asyncio.wait(tuple(b.outbox._tasks))
        monkeypatch.setattr(b.outbox._mails, "_tell_agent", broken)

        async def close() -> None:
            closed.append(1)

        monkeypatch.setattr(b.sender, "close", close)
        with pytest.raises(KeyError):
            await b.outbox.stop()
        assert closed


class Unwritable:
    """While it holds, what became of one mail cannot be written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.key: int | None = None
        self.tries = 0
        real = OutboundMails.record

        def record(mails: OutboundMails, key: int, *how: Any, **more: Any) -> None:
            if key == self.key:
                self.tries += 1
                raise KeyError("a fault of ours")
            real(mails, key, *how, **more)

        monkeypatch.setattr(OutboundMails, "record", record)


def states(b: Bench) -> list[str]:
    return [row["state"] for row in b.rows()]


async def test_a_result_that_cannot_be_recorded_keeps_no_other_mail_from_going_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept, and recorded when it can be; nothing is sent twice."""
    unwritable = Unwritable(monkeypatch)
    async with bench(tmp_path) as b:
        await b.ticket(*(notice() for _ in range(3)))
        unwritable.key = b.rows()[1]["id"]
        running = asyncio.create_task(b.outbox.run())
        await until(lambda: states(b) == ["sent", "sending", "sent"])
        for n in range(4, 7):
            await b.ticket(notice())
            b.outbox.kick()
            await until(lambda n=n: states(b) == ["sent", "sending", *["sent"] * (n - 2)])  # type: ignore[misc]
        await until(lambda: b.outbox.in_flight == 0)
        unwritable.key = None
        await b.clock.advance(30)
        b.outbox.kick()  # in case that the loop did not sleep yet
        await until(lambda: states(b) == ["sent"] * 6)
        assert len(b.sender.letters) == 6
        await until(lambda: b.outbox._in_flight == set())
        await b.outbox.stop()
        await running


async def test_a_mail_whose_result_cannot_be_recorded_is_not_sent_again_when_a_lease_would_be_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwritable = Unwritable(monkeypatch)
    async with bench(tmp_path) as b:
        await b.ticket(notice())
        unwritable.key = b.rows()[0]["id"]
        await b.outbox.drain()
        for _ in range(4):
            tries = unwritable.tries
            await b.later(minutes=20)
            assert unwritable.tries > tries
            now = b.clock.now()
            assert await b.writer.run(lambda tx, now=now: tx.outbound.release_stale(now)) == 0  # type: ignore[misc]
        assert states(b) == ["sending"]
        unwritable.key = None
        await b.outbox.stop()
        assert states(b) == ["sent"]
        assert len(b.sender.letters) == 1


async def test_where_no_result_can_be_recorded_no_more_is_sent_than_may_be_in_flight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.work.outbox.IN_FLIGHT", 12)
    monkeypatch.setattr("maild.work.outbox.BATCH", 4)
    async with bench(tmp_path) as b:
        await b.ticket(*(notice() for _ in range(30)))
        with monkeypatch.context() as patched:
            patched.setattr(OutboundMails, "record", broken)
            running = asyncio.create_task(b.outbox.run())
            await until(lambda: len(b.outbox._withheld) > 10)
            for _ in range(3):  # nothing more goes out
                b.outbox.kick()
                await asyncio.sleep(0.02)
            assert len(b.sender.letters) <= 12
        await b.clock.advance(30)
        b.outbox.kick()
        await until(lambda: set(states(b)) == {"sent"})
        assert len(b.sender.letters) == 30
        await b.outbox.stop()
        await running
