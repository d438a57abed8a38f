"""A whole daemon, mail in by SMTP, and a relay that misbehaves: nothing lost, everything told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maild import config
from maild.daemon import Daemon
from maild.errors import ConfigError, MaildError, Refused
from maild.model import CompanyFacts, Json
from maild.secret import Secret
from maild.settings import Imap, Settings, Smtp
from maild.store import Store
from tests.crash.desk import mail
from tests.harness.configuration import Tables, written
from tests.servers.scripted_smtp import CUT, HANG, ScriptedSmtp
from tests.shapes import shapes
from tests.timing import until

#: a daemon with a scripted relay, seconds each
pytestmark = pytest.mark.slow


def desk(folder: Path, relay: ScriptedSmtp | None = None, **more: Any) -> Settings:
    """The default configuration under `folder`, on free ports, with quick retries; `more`: settings in place of its own."""
    relayed = (
        {"kind": "smtp", "port": relay.port, "timeout_seconds": 1.0, "retry_minutes": [0.003]}
        if relay
        else {}
    )
    tables: Tables = {
        "delivery": relayed,
        "server": {"http": "127.0.0.1:0"},
        "authentication": {"verify_dkim": False},
    }
    return replace(config.load(written(folder, tables), {}), **more)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Daemon]:
    with Store.open(settings, create=True) as store, store.write() as tx:
        tx.companies.save(CompanyFacts("acme", "Acme Kft.", ("acme.example",), service_level="standard"))
    daemon = Daemon(settings)
    try:
        await daemon.start()
        yield daemon
    finally:
        await daemon.stop()


def note(settings: Settings) -> Json:
    found: Json = json.loads((settings.base / "maild.db.run.json").read_text())
    return found


async def send(settings: Settings, number: int = 1) -> str:
    """One mail through the daemon's port; its Message-ID after the 250."""
    message_id = f"<{number}@acme.example>"
    reader, writer = await asyncio.open_connection("127.0.0.1", note(settings)["smtp"])
    await reader.readline()
    answer = b""
    raw = mail("anna", number, message_id).decode()
    for line in ("EHLO x", "MAIL FROM:<anna@acme.example>", "RCPT TO:<help@desk.example>", "DATA", f"{raw}."):
        writer.write(line.encode() + b"\r\n")
        while (answer := await reader.readline())[3:4] == b"-":
            pass
    writer.close()
    assert answer.startswith(b"250"), answer
    return message_id


def outbox(daemon: Daemon) -> list[Json]:
    with daemon.store.read() as tx:
        return shapes(tx.outbound.list())[::-1]


async def health(settings: Settings) -> tuple[int, Json]:
    reader, writer = await asyncio.open_connection("127.0.0.1", note(settings)["http"])
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)


async def test_acknowledgement_goes_to_the_relay_with_the_null_sender(tmp_path: Path) -> None:
    async with ScriptedSmtp() as relay, running(settings := desk(tmp_path, relay)) as daemon:
        message_id = await send(settings)
        await until(lambda: relay.mails)
        assert relay.mails[0].mail_from == ""
        assert relay.mails[0].rcpt_to == ("anna@acme.example",)
        assert f"In-Reply-To: {message_id}".encode() in relay.mails[0].raw
        await until(lambda: outbox(daemon)[0]["state"] == "sent")


async def test_relay_down_holds_mail_without_attempts_and_health_says_why(tmp_path: Path) -> None:
    async with ScriptedSmtp() as relay:
        settings = desk(tmp_path, relay)
        await relay.stop()
        async with running(settings) as daemon:
            await send(settings)
            await until(lambda: daemon.outbox.held)
            status, page = await health(settings)
            assert status == 200
            assert page["state"] == "degraded"
            assert "refuses the connection" in page["parts"]["relay"]["detail"]
            await relay.start()
            await until(lambda: relay.mails)
            await until(lambda: outbox(daemon)[0]["state"] == "sent")
            assert outbox(daemon)[0]["attempts"] == 1


async def test_4xx_then_250_is_sent_at_the_second_attempt(tmp_path: Path) -> None:
    relay = ScriptedSmtp({"rcpt": ["451 4.3.0 try later"]})
    async with relay, running(settings := desk(tmp_path, relay)) as daemon:
        await send(settings)
        await until(lambda: relay.mails)
        await until(lambda: outbox(daemon)[0]["state"] == "sent")
        assert outbox(daemon)[0]["attempts"] == 2


@pytest.mark.parametrize("fault", [CUT, "421 4.3.2 going down"])
async def test_answer_lost_after_the_text_sends_the_same_bytes_again(tmp_path: Path, fault: str) -> None:
    async with (
        ScriptedSmtp({"final": [fault]}) as relay,
        running(settings := desk(tmp_path, relay)) as daemon,
    ):
        await send(settings)
        await until(lambda: [taken for taken in relay.mails if taken.answered])
        await until(lambda: outbox(daemon)[0]["state"] == "sent")
        assert len({taken.raw for taken in relay.mails}) == 1
        assert outbox(daemon)[0]["maybe_sent"] is (fault == CUT)


async def test_wrong_password_holds_mail_and_names_the_key(tmp_path: Path) -> None:
    relay = ScriptedSmtp(always={"auth": "535 5.7.8 authentication failed"}, extensions=("AUTH PLAIN",))
    async with relay:
        settings = desk(tmp_path, relay)
        wrong = replace(settings.delivery, username="help", password=Secret.known("hunter2"))
        async with running(settings := replace(settings, delivery=wrong)) as daemon:
            await send(settings)
            await until(lambda: daemon.outbox.held)
            assert "[delivery] username" in daemon.outbox.held
            assert "hunter2" not in str(await health(settings))
            assert outbox(daemon)[0]["attempts"] == 0


async def test_relay_that_hangs_does_not_stop_mail_from_coming_in(tmp_path: Path) -> None:
    async with (
        ScriptedSmtp(always={"mail": HANG}) as relay,
        running(settings := desk(tmp_path, relay)) as daemon,
    ):
        for number in range(5):
            await asyncio.wait_for(send(settings, number), 5)

        def decided() -> bool:
            with daemon.store.read() as tx:
                return len(tx.tickets.list()) == 5

        await until(decided)


async def test_what_another_process_writes_goes_out_as_soon_as_it_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.work.outbox.POLL_SECONDS", 600.0)  # by the watch alone
    async with (
        ScriptedSmtp({"rcpt": ["550 5.1.1 no"]}) as relay,
        running(settings := desk(tmp_path, relay)) as daemon,
    ):
        await send(settings)
        await until(lambda: outbox(daemon) and outbox(daemon)[0]["state"] == "failed")
        with Store.open(settings) as other, other.write() as tx:
            tx.outbound.retry(outbox(daemon)[0]["id"], daemon.clock.now())
        await until(lambda: relay.mails)


async def test_second_daemon_on_the_same_file_is_refused(tmp_path: Path) -> None:
    async with running(settings := desk(tmp_path)):
        second = Daemon(settings)
        with pytest.raises(Refused, match=r"serves .* already"):
            await second.start()
        await second.stop()
        await send(settings)


async def test_port_in_use_is_told_with_the_key(tmp_path: Path) -> None:
    async with ScriptedSmtp() as other:
        settings = desk(tmp_path, smtp=Smtp(listen=f"127.0.0.1:{other.port}"))
        with pytest.raises(ConfigError, match=r"\[smtp\] listen"):
            async with running(settings):
                pass


async def test_unreachable_mailbox_is_shown_and_stops_nothing(tmp_path: Path) -> None:
    async with ScriptedSmtp() as gone:
        port = gone.port
    box = Imap("support", port=port, security="none", username="help", password=Secret.known("x"))
    async with running(settings := desk(tmp_path, imap=(box,))) as daemon:
        await until(lambda: daemon.parts.parts["imap:support"].state == "degraded")
        await send(settings)
        await until(lambda: (tmp_path / "out" / "new").exists() and any((tmp_path / "out" / "new").iterdir()))
        status, page = await health(settings)
        assert status == 200
        assert page["parts"]["imap:support"]["state"] == "degraded"


async def test_stop_and_start_leaves_nothing_behind(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = desk(tmp_path)
    caplog.set_level(logging.WARNING)
    for number in range(3):
        async with running(settings):
            await send(settings, number)
        assert not (tmp_path / "maild.db.run.json").exists()
    async with running(settings):
        await until(lambda: len(list((tmp_path / "out" / "new").iterdir())) == 3)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_daemon_that_cannot_start_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "maild.db").write_text("this is no database")
    with pytest.raises(MaildError):
        await Daemon(desk(tmp_path)).run()
