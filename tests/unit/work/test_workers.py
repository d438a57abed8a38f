"""Parsing in a process that is killed when it takes too long or too much."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from maild.errors import Temporary, Unreadable
from maild.mail.parse import ParseLimits, parse_mail
from maild.settings import LimitSettings, Settings
from maild.work.workers import Capped, WorkerPool

#: real processes and limits
pytestmark = pytest.mark.slow

MAIL = b"From: <anna@acme.example>\r\nSubject: Printer\r\n\r\nIt does not print.\r\n"
LIMITS = ParseLimits()


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    made = WorkerPool(Settings(limits=LimitSettings(workers=1, parse_seconds=0.7)))
    yield made
    await made.close()


def process(pool: WorkerPool) -> int:
    (worker,) = pool._all
    return worker._process.pid


async def test_worker_gives_the_same_mail_as_parsing_here(pool: WorkerPool) -> None:
    assert await pool.parse(MAIL, LIMITS) == parse_mail(MAIL)


async def test_worker_reads_a_file_itself(pool: WorkerPool, tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(MAIL)
    assert await pool.parse(tmp_path / "mail", LIMITS) == parse_mail(MAIL)


async def test_worker_is_used_again(pool: WorkerPool) -> None:
    await pool.parse(MAIL, LIMITS)
    first = process(pool)
    await asyncio.gather(*(pool.parse(MAIL, LIMITS) for _ in range(5)))
    assert process(pool) == first


async def test_unreadable_mail_is_told_and_the_worker_lives_on(pool: WorkerPool) -> None:
    with pytest.raises(Unreadable):
        await pool.parse(b"", LIMITS)
    assert (await pool.parse(MAIL, LIMITS)).subject == "Printer"
    assert pool.killed == 0


async def test_mail_that_takes_too_long_is_capped_and_the_worker_replaced(
    pool: WorkerPool, tmp_path: Path
) -> None:
    await pool.parse(MAIL, LIMITS)
    first = process(pool)
    os.mkfifo(tmp_path / "never")  # reading it blocks for ever
    with pytest.raises(Capped, match=r"longer than 5\.6 s"):
        await pool.parse(tmp_path / "never", LIMITS)
    assert pool.killed == 1
    assert (await pool.parse(MAIL, LIMITS)).subject == "Printer"
    assert process(pool) != first


async def test_a_host_that_gives_the_worker_no_time_costs_the_mail_nothing(
    pool: WorkerPool, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "slow")

    async def later() -> None:
        await asyncio.sleep(1.2)  # longer than the limit, without a step of the processor
        await asyncio.to_thread((tmp_path / "slow").write_bytes, MAIL)

    mail, _ = await asyncio.gather(pool.parse(tmp_path / "slow", LIMITS), later())
    assert mail == parse_mail(MAIL)


async def test_processor_time_is_counted_for_each_mail_alone() -> None:
    pool = WorkerPool(Settings(limits=LimitSettings(workers=1, parse_seconds=0.3)))
    try:
        await pool.parse(MAIL, LIMITS)
        first = process(pool)
        endless = b"From: <anna@acme.example>\r\n\r\n" + b"> a \r\n" * 2_000_000
        endless = endless.replace(b"\r\n\r\n", b"\r\nContent-Type: text/plain; format=flowed\r\n\r\n", 1)
        with pytest.raises(Capped, match=r"0\.3 s of the processor"):
            await pool.parse(endless, LIMITS)
        for _ in range(3):
            await pool.parse(MAIL, LIMITS)
        assert process(pool) != first
        assert pool.killed == 1
    finally:
        await pool.close()


async def test_worker_that_dies_caps_the_mail_only(pool: WorkerPool) -> None:
    await pool.parse(MAIL, LIMITS)
    os.kill(process(pool), 9)
    with pytest.raises(Capped, match="ended"):
        await pool.parse(MAIL, LIMITS)
    assert (await pool.parse(MAIL, LIMITS)).subject == "Printer"


async def test_memory_limit_holds(tmp_path: Path) -> None:
    pool = WorkerPool(Settings(limits=LimitSettings(workers=1, parse_memory_mb=200)))
    (tmp_path / "large").write_bytes(b"From: <a@b.example>\r\n\r\n" + b"x" * 250_000_000)
    try:
        with pytest.raises(Capped, match="memory"):
            await pool.parse(tmp_path / "large", LIMITS)
    finally:
        await pool.close()


async def test_worker_that_cannot_be_started_is_no_mails_fault(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("/bin/false", "/no/such/python"):
        monkeypatch.setattr("maild.work.workers.sys.executable", program)
        with pytest.raises(Temporary, match="a worker could not be started"):
            await pool.parse(MAIL, LIMITS)
    monkeypatch.undo()
    assert (await pool.parse(MAIL, LIMITS)).subject == "Printer"


async def test_worker_that_was_ended_while_it_had_nothing_to_do_costs_no_mail_its_text(
    pool: WorkerPool,
) -> None:
    await pool.parse(MAIL, LIMITS)
    first = process(pool)
    os.kill(first, 9)
    await asyncio.sleep(0.3)
    assert "does not print" in (await pool.parse(MAIL, LIMITS)).text
    assert process(pool) != first
    assert pool.killed == 0
