"""Start, stop and tokens of the whole daemon, as a process of its own where that matters."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.servers.scripted_imap import ScriptedImap
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.timing import PATIENCE
from tests.wire.desk import WireDesk, mail

pytestmark = pytest.mark.wire


@pytest.mark.slow
@pytest.mark.parametrize("uvloop", [True, False])
def test_sigterm_in_the_middle_of_work_stops_cleanly_and_loses_nothing(tmp_path: Path, uvloop: bool) -> None:
    desk = WireDesk(tmp_path, server={"uvloop": uvloop})
    pid = desk.serve()
    answered: list[str] = []
    ended = threading.Event()

    def stream(name: str) -> None:
        number = 0
        while not ended.is_set():
            number += 1
            subject = f"Stop {name} {number}"
            try:
                desk.send(mail(subject))
            except (OSError, smtplib.SMTPException, ValueError):
                return
            answered.append(subject)

    threads = [threading.Thread(target=stream, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    desk.wait(lambda: len(answered) > 60)
    assert os.path.exists(f"/proc/{pid}")
    desk.stop()  # in its time, with the exit code 0
    ended.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert not desk.note.exists()
    assert "error" not in desk.log(), desk.log()
    assert {row["subject"] for row in desk.mails() if row["subject"]} <= set(answered) | {
        f"Stop {name} {n}" for name in "abc" for n in range(1000)
    }
    desk.serve()
    desk.wait(desk.settled)
    desk.stop()
    tickets = [row["subject"] for row in desk.tickets()]
    assert set(answered) <= set(tickets)
    assert len(tickets) == len(set(tickets))
    assert len({answer["In-Reply-To"] for answer in desk.sent()}) == len(desk.sent()) == len(tickets)


@pytest.mark.parametrize("numbers", [(signal.SIGHUP, signal.SIGTERM), (signal.SIGTERM, signal.SIGHUP)])
@pytest.mark.parametrize("processes", [1, 2])
def test_who_asks_for_the_end_while_the_configuration_is_read_again_gets_it(
    tmp_path: Path, numbers: tuple[signal.Signals, ...], processes: int
) -> None:
    desk = WireDesk(tmp_path)
    pid = desk.serve("--processes", str(processes))
    for number in numbers:
        os.kill(pid, number)
    assert desk.exit_code() == 0
    assert not desk.note.exists()


@pytest.mark.parametrize("uvloop", [True, False])
def test_daemon_serves_on_either_event_loop(tmp_path: Path, uvloop: bool) -> None:
    desk = WireDesk(tmp_path)
    desk.start(uvloop=uvloop)
    try:
        for number in range(20):
            desk.send(mail(f"Loop {number}"))
        desk.wait(lambda: len(desk.sent()) == 20)
        assert desk.health()[1]["state"] == "ok"
    finally:
        desk.stop()


def test_systemd_is_told_ready_watchdog_and_stopping_on_its_socket(tmp_path: Path) -> None:
    desk = WireDesk(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE)
        pid = desk.serve(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="400000")
        assert manager.recv(100) in (b"READY=1", b"WATCHDOG=1")
        seen = {manager.recv(100) for _ in range(4)}
        assert b"WATCHDOG=1" in seen
        os.kill(pid, signal.SIGTERM)
        while (said := manager.recv(100)) != b"STOPPING=1":
            assert said in (b"WATCHDOG=1", b"READY=1")
        desk.stop()


# ------------------------------------------------------------------------------------------------ tokens


class Provider:
    """An OAuth2 token endpoint as Google's. `dead`: every request is answered invalid_grant."""

    def __init__(self) -> None:
        self.dead = False
        self.given = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                outer.given += not outer.dead
                good = {"access_token": f"token{outer.given}", "expires_in": 3600, "token_type": "Bearer"}
                bad = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
                body = json.dumps(bad if outer.dead else good).encode()
                self.send_response(400 if outer.dead else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.oauth = {
            "provider": "google", "client_id": "id", "client_secret_env": "SECRET", "refresh_token_env": "REFRESH",
            "token_url": f"http://127.0.0.1:{self._server.server_port}/token",
        }  # fmt: skip

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


@contextmanager
def scripted_relay(**given: object) -> Iterator[ScriptedSmtp]:
    """The scripted SMTP server in a thread with a loop of its own."""
    relay = ScriptedSmtp(**given)  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(relay.start(), loop).result(10)
    try:
        yield relay
    finally:
        asyncio.run_coroutine_threadsafe(relay.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


ENV = {"SECRET": "quite secret", "REFRESH": "long lived"}


def test_mailbox_and_relay_log_in_with_tokens(tmp_path: Path, provider: Provider) -> None:
    box = ScriptedImap({1: mail("By token")}, tokens={f"token{n}" for n in range(9)})
    try:
        with scripted_relay(extensions=("AUTH XOAUTH2",)) as relay:
            imap = {"name": "gmail", "port": box.port, "security": "none", "username": "help", "start": "all",
                    "oauth": provider.oauth}  # fmt: skip
            delivery = {"kind": "smtp", "port": relay.port, "username": "help", "oauth": provider.oauth}
            with WireDesk(tmp_path, imap=[imap], delivery=delivery, env=ENV) as desk:
                desk.wait(lambda: relay.mails)
                desk.wait(desk.settled)
                assert [row["subject"] for row in desk.tickets()] == ["By token"]
                assert provider.given == 2  # one each, kept
                said = desk.maild("check")
                assert "imap gmail" in said
                assert "answers and takes the null sender" in said
    finally:
        box.close()


def test_death_of_the_tokens_is_seen_by_everybody_and_stops_nothing_else(
    tmp_path: Path, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.dead = True
    box = ScriptedImap({}, tokens=set())
    try:
        with scripted_relay(extensions=("AUTH XOAUTH2",)) as relay:
            imap = {"name": "gmail", "port": box.port, "security": "none", "username": "help",
                    "oauth": provider.oauth}  # fmt: skip
            delivery = {"kind": "smtp", "port": relay.port, "username": "help", "oauth": provider.oauth}
            with WireDesk(tmp_path, imap=[imap], delivery=delivery, env=ENV) as desk:
                desk.send(mail("Taken all the same"))
                desk.wait(lambda: desk.part("imap:gmail")[0] == desk.part("relay")[0] == "degraded")
                for part in ("imap:gmail", "relay"):
                    detail = desk.part(part)[1]
                    assert "Google refuses a token" in detail
                    assert "expired or revoked" in detail
                assert desk.health()[1]["state"] == "degraded"
                assert 'maild_imap_connected{mailbox="gmail"} 0.0' in desk.metrics()
                said = desk.maild("check", code=1)
                assert said.count("Google refuses a token") == 2
                assert len(desk.tickets()) == 1
                assert {row["attempts"] for row in desk.outbox()} == {0}
                provider.dead = False
                desk.wait(lambda: relay.mails)  # the held mail goes as soon as there is a token again
                assert "quite secret" not in said + str(desk.health()) + caplog.text
    finally:
        box.close()
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any(message.startswith("[[imap]] gmail oauth") for message in errors)
    assert any(message.startswith("[delivery] oauth") for message in errors)


def test_table_of_tokens_with_a_missing_key_refuses_to_start(tmp_path: Path) -> None:
    from maild.errors import ConfigError

    imap = {"name": "office", "username": "help", "oauth": {"provider": "microsoft", "client_id": "id"}}
    with pytest.raises(ConfigError, match=r"\[\[imap\]\] office oauth: tenant is missing"):
        WireDesk(tmp_path, imap=[imap]).start()
